"""Tool calls that a model without native tools wrote as text, and JSON answers."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.replies.blocks import Block, Tagged, segments
from tools.replies.loose_json import Found, values

_DATA = frozenset({"", "json", "text", "xml", "tool_call", "tool_calls", "tool", "tool_code", "function"})
_NAMES = ("name", "tool", "tool_name", "function", "function_name", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "tool_input", "action_input", "params")
_EXTRAS = frozenset({"id", "type", "call_id", "index"})
# Qwen3-Coder's form: <function=name><parameter=key>value</parameter></function>
_FUNCTION = re.compile(r"<function=([^>\s]+)>(.*?)</function>", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^>\s]+)>\n?(.*?)\n?</parameter>", re.DOTALL)


@dataclass(frozen=True)
class ToolCall:
    """A call of a known tool; the arguments are an object, not yet checked against the tool's schema."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Body:
    """A part of a reply that may hold values, and whether its writer ended it."""

    text: str
    ended: bool = False
    fenced: bool = False


def tool_calls(text: str, names: Collection[str]) -> list[ToolCall]:
    """The calls of tools in `names`, in order; what is cut off in the middle of an argument is no call."""
    return [call for body in _bodies(text) for call in _body_calls(body, names)]


def json_object(text: str) -> dict[str, Any] | None:
    """The object that answers a schema: the whole text, else the first in a block, else the first in the prose."""
    bodies = sorted(_bodies(text), key=lambda body: not body.fenced)
    found = (found.value for body in bodies for found in _whole(body))
    return next((value for value in found if isinstance(value, dict)), None)


def _bodies(text: str) -> Iterator[_Body]:
    """The parts of a reply that may hold values; program code is none, unless it is nothing but a value."""
    if text.lstrip().startswith(("{", "[")) and (first := next(values(text), None)) and not text[first.end :].strip():
        yield _Body(text)  # its strings may hold lines that look like fences
        return
    for part in segments(text):
        match part:
            case str():
                yield _Body(part)
            case Tagged():
                yield _Body(part.text, part.closed)
            case Block() if part.language in _DATA or part.code.lstrip().startswith(("{", "[")):
                yield _Body(part.code, part.closed, True)


def _whole(body: _Body) -> Iterator[Found]:
    """The values that are whole; missing brackets are forgiven where no argument can have been cut."""
    tail = body.ended or body.text.rstrip().endswith(("}", "]"))
    return (found for found in values(body.text) if not found.missing or tail)


def _body_calls(body: _Body, names: Collection[str]) -> Iterator[ToolCall]:
    for found in _whole(body):
        yield from _calls(found.value, names)
    for name, inside in _FUNCTION.findall(body.text):
        if name in names:
            yield ToolCall(name, dict(_PARAMETER.findall(inside)))


def _calls(value: Any, names: Collection[str]) -> Iterator[ToolCall]:
    if isinstance(value, list):
        for item in value:
            yield from _calls(item, names)
    elif isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        yield from _calls(value["tool_calls"], names)
    elif isinstance(value, dict) and (call := _call(value, names)):
        yield call


def _call(value: dict[str, Any], names: Collection[str]) -> ToolCall | None:
    inner = value.get("function", value.get("function_call"))
    if isinstance(inner, dict):
        return _call(inner, names)
    if len(value) == 1 and (only := next(iter(value))) in names and isinstance(value[only], dict):
        return ToolCall(only, value[only])
    key = next((key for key in _NAMES if isinstance(value.get(key), str)), "")
    name = str(value.get(key, "")).removeprefix("functions.")
    arguments = _arguments(value, {key} | _EXTRAS)
    return ToolCall(name, arguments) if name in names and arguments is not None else None


def _arguments(value: dict[str, Any], known: Collection[str]) -> dict[str, Any] | None:
    """The arguments as an object; None where there are none and other keys tell that this is data."""
    key = next((key for key in _ARGUMENTS if key in value), None)
    if key is None:
        return {} if set(value) <= set(known) else None
    given = value[key]
    if isinstance(given, str) and given.strip():
        given = _decoded(given)
    return given if isinstance(given, dict) else {} if given in (None, "") else None


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return next((found.value for found in values(text) if not found.missing), text)
