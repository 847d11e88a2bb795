"""The prompt of a Qwen2.5 model, byte for byte as the template in Ollama's library renders it.

The template inside the makers' GGUF adds a system message of its own when there is none; Ollama's does not
(recorded: `prompt_eval_count` of "Hi" is 9), so the same request would not cost the same here and there. One thing is
not as there: Ollama 0.24 fills `{{ .Function }}` with Go's print of a struct, `{get_weather Weather of a city {object
<nil> <nil> [city] ...}}` (its 133 tokens for the recorded tools are exactly that text's); here it is JSON, 139 tokens.
"""

import json
from typing import Any

TOOLS = """

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{signatures}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{{"name": <function-name>, "arguments": <args-json-object>}}
</tool_call>"""

_ORDER = ("type", "name", "description", "parameters", "required", "items", "enum", "properties")


def render(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str:
    """The whole prompt; system messages go to the head wherever they stand, as Ollama's `collate` does it."""
    system = "\n\n".join(str(m.get("content", "")) for m in messages if m.get("role") == "system")
    turns = _merged(messages)
    return _head(system, tools) + "".join(_turn(m, last=m is turns[-1]) for m in turns)


def _merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours of one role as one message, tool results excepted (Ollama: template.go, collate)."""
    merged: list[dict[str, Any]] = []
    for message in messages:
        if merged and message.get("role") == merged[-1].get("role") != "tool":
            both = [str(m.get("content") or "") for m in (merged[-1], message)]
            merged[-1] = merged[-1] | {"content": "\n\n".join(filter(None, both))}
        else:
            merged.append(message)
    return merged


def _head(system: str, tools: list[dict[str, Any]]) -> str:
    if not system and not tools:
        return ""
    text = "<|im_start|>system" + (f"\n{system}" if system else "")
    if tools:
        functions = [_compact(_ordered(tool.get("function", {}))) for tool in tools]
        signatures = "\n".join(f'{{"type": "function", "function": {f}}}' for f in functions)
        text += TOOLS.format(signatures=signatures)
    return text + "<|im_end|>\n"


def _turn(message: dict[str, Any], *, last: bool) -> str:
    role, content = message.get("role"), str(message.get("content") or "")
    opened = "<|im_start|>assistant\n" if last else ""
    if role == "user":
        return f"<|im_start|>user\n{content}<|im_end|>\n{opened}"
    if role == "tool":
        return f"<|im_start|>user\n<tool_response>\n{content}\n</tool_response><|im_end|>\n{opened}"
    if role == "assistant":
        body = content or _calls(message.get("tool_calls") or [])
        return f"<|im_start|>assistant\n{body}" + ("" if last else "<|im_end|>\n")
    return opened


def _calls(calls: list[dict[str, Any]]) -> str:
    if not calls:
        return ""
    functions = [call.get("function", {}) for call in calls]
    lines = [f'{{"name": "{f.get("name", "")}", "arguments": {_compact(f.get("arguments", {}))}}}' for f in functions]
    return "<tool_call>\n" + "\n".join(lines) + "\n</tool_call>"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _ordered(schema: Any) -> Any:
    """Keys in the order of Ollama's Go structs, unknown ones after them; names of properties stay in theirs."""
    if isinstance(schema, list):
        return [_ordered(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    keys = [*(k for k in _ORDER if k in schema), *(k for k in schema if k not in _ORDER)]
    return {k: _named(schema[k]) if k == "properties" else _ordered(schema[k]) for k in keys}


def _named(properties: Any) -> Any:
    return {n: _ordered(p) for n, p in properties.items()} if isinstance(properties, dict) else properties
