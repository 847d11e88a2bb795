"""Bodies of requests, read as Ollama reads them: its words when one does not fit."""

import json
import re
from typing import Any

from starlette.requests import Request

from tools.embedded.engine import EngineError

_GO = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_INTEGERS = ("num_ctx", "num_predict", "top_k", "seed", "repeat_last_n", "num_thread")
_NUMBERS = ("temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "presence_penalty", "frequency_penalty")


async def body(request: Request) -> dict[str, Any]:
    """The JSON object of the request; EngineError 400 when it is none."""
    text = (await request.body()).decode("utf-8", "replace")
    if not text.strip():
        raise EngineError("missing request body", 400)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            raise EngineError("unexpected EOF", 400) from None
        raise EngineError(f"invalid character '{text[error.pos]}' looking for beginning of value", 400) from None
    if not isinstance(value, dict):
        raise EngineError(f"json: cannot unmarshal {_GO.get(type(value), 'null')} into Go value", 400)
    return value


def typed(value: Any, kind: type, place: str, wanted: str) -> Any:
    """The value, or the empty one of that kind for None; EngineError 400 for another kind."""
    if value is None:
        return kind()
    if not isinstance(value, kind):
        got = _GO.get(type(value), "value")
        raise EngineError(f"json: cannot unmarshal {got} into Go struct field {place} of type {wanted}", 400)
    return value


def options(value: dict[str, Any]) -> dict[str, Any]:
    """Ollama's options with numbers checked; unknown ones do nothing, as there."""
    for names, kinds, word in ((_INTEGERS, (int,), "integer"), (_NUMBERS, (int, float), "float32")):
        for name in names:
            given = value.get(name)
            if given is not None and (isinstance(given, bool) or not isinstance(given, kinds)):
                raise EngineError(f'option "{name}" must be of type {word}', 400)
    return value


def seconds(value: Any) -> float | None:
    """A `keep_alive`: a number of seconds or a Go duration such as `1h30m`; negative is for ever."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    text = str(value)
    if re.fullmatch(r"[+-]?\d+", text):
        return float(text)
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text.lstrip("+-"):
        raise EngineError(f'time: invalid duration "{text}"', 400)
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return -total if text.startswith("-") else total


def schema(value: Any) -> dict[str, Any] | None:
    """A `format`: a schema, or `json` for any object."""
    if value in (None, ""):
        return None
    if value == "json":
        return {"type": "object"}
    if not isinstance(value, dict):
        raise EngineError(f'invalid format: {json.dumps(value)}; expected "json" or a valid JSON Schema object', 400)
    return value
