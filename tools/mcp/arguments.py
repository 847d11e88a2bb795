"""Arguments against a tool's schema, before the call: one error that a model can repair."""

import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.validators import create
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_LEFT_OUT = frozenset({"pattern", "patternProperties", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef"})
"""Keys that would run a server's regular expressions, which may never end, over our words; it checks them itself."""
_KEYS = {key: check for key, check in Draft202012Validator.VALIDATORS.items() if key not in _LEFT_OUT}
_STEPS: ContextVar[list[int]] = ContextVar("steps")
_MOST = 5000
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_PLAIN = ("integer", "number", "boolean", "array", "object", "null")


def unsound(schema: Mapping[str, Any]) -> str:
    """Why nothing can be checked against this schema; empty: it can."""
    try:
        Draft202012Validator.check_schema(schema)
        resolver = Registry().with_resource("", DRAFT202012.create_resource(dict(schema))).resolver("")
        for reference in _references(schema):
            if not reference.startswith("#"):
                return f"it refers to {reference[:100]}"
            resolver.lookup(reference)
        _errors(schema, {})
    except SchemaError as error:
        return str(error.message)[:200]
    except (RecursionError, Unresolvable):
        return "its references lead nowhere"
    return "" if schema.get("type", "object") == "object" else "it takes no object"


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from (value for key, value in schema.items() if key in _REFERENCES and isinstance(value, str))
    parts = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ()
    for part in parts:
        yield from _references(part)


def fitted(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with strings read as what the schema wants: in some forms of calls all values are strings."""
    properties = schema.get("properties") or {}
    return {name: _fitted(properties.get(name), value) for name, value in arguments.items()}


def _fitted(schema: Any, value: Any) -> Any:
    wanted = schema.get("type") if isinstance(schema, dict) else None
    kinds = wanted if isinstance(wanted, list) else [wanted]
    if not isinstance(value, str) or "string" in kinds or not set(kinds) & set(_PLAIN):
        return value
    try:
        read = json.loads(value.lower() if value in {"True", "False", "None"} else value)
    except (ValueError, RecursionError):
        return value
    return value if isinstance(read, str) else read


def _more(checker: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`additionalProperties`, but where patterns say which those are."""
    if "patternProperties" not in schema:
        yield from Draft202012Validator.VALIDATORS["additionalProperties"](checker, wanted, instance, schema)


def _reference(checker: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`$ref`, so many times: in a few lines of schema there is room for references that take a year to follow."""
    steps = _STEPS.get()
    steps[0] -= 1
    if steps[0] < 0:
        raise RecursionError("too many references")
    yield from Draft202012Validator.VALIDATORS["$ref"](checker, wanted, instance, schema)


_Checker = create(
    Draft202012Validator.META_SCHEMA,
    {**_KEYS, "additionalProperties": _more, "$ref": _reference},
    type_checker=Draft202012Validator.TYPE_CHECKER,
)


def problem(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> str:
    """What is wrong with the arguments, and what is wanted; empty where they hold, as far as can be told here."""
    try:
        errors = _errors(schema, arguments)
    except (RecursionError, Unresolvable):
        return ""
    if not errors:
        return ""
    told = "; ".join(dict.fromkeys(_told(error) for error in errors[:3]))
    return f"{told}. Wanted: {', '.join(_wanted(schema)) or 'no arguments'}"


def _errors(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[ValidationError]:
    _STEPS.set([_MOST])
    checker = _Checker(dict(schema), registry=Registry())  # an empty registry: no reference is fetched from anywhere
    return sorted(checker.iter_errors(dict(arguments)), key=lambda error: [str(part) for part in error.absolute_path])


def _told(error: ValidationError) -> str:
    where = ".".join(str(part) for part in error.absolute_path)
    message = error.message if len(error.message) <= 200 else f"{error.message[:120]} ... {error.message[-60:]}"
    return f"{where}: {message}" if where else message


def _wanted(schema: Mapping[str, Any]) -> Iterator[str]:
    needed = schema.get("required") or []
    for name, each in (schema.get("properties") or {}).items():
        kind = each.get("enum") or each.get("type", "any") if isinstance(each, dict) else "any"
        told = "|".join(map(str, kind)) if isinstance(kind, list) else kind
        yield f"{name} ({told}{', required' if name in needed else ''})"
