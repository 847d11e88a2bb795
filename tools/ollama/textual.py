"""Tools for a model that has none of its own: what can be called, calls and results are words of the messages.

The reply is held to a form, so that it is always a call that can be read, or an answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autogen_core.models import AssistantMessage, FunctionExecutionResultMessage, LLMMessage, UserMessage
from autogen_core.tools import Tool, ToolSchema

from tools.mcp.relevance import Schema
from tools.mcp.signature import fragment
from tools.replies import json_object

ANSWER = "answer"
HOW = 'Reply as {"answer": "..."} to answer the task now, or as {"name": "...", "arguments": {...}} to call a tool.'
_KEPT = ("type", "enum", "const", "items", "properties", "required", "anyOf", "oneOf")
"""What of a schema becomes a grammar; all else is checked when the call is made."""


def as_text(messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema]) -> list[LLMMessage]:
    """The same conversation without tool messages; the tools stand at the end of the user's first message."""
    found = [_plain(message) for message in messages]
    place = next((n for n, message in enumerate(found) if isinstance(message, UserMessage)), None)
    if tools and place is not None:
        told = f"{found[place].content}\n{fragment(map(_schema, tools))}"
        found[place] = UserMessage(content=told, source="user")
        if _given(messages) and isinstance(found[-1], UserMessage):
            found[-1] = UserMessage(content=f"{found[-1].content}\n{HOW}", source="user")
    return found


def form(messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema], *, answer: bool = True) -> Schema:
    """The JSON schema of a reply: a call, or an `answer` once a tool has given something."""
    calls = [_call(_schema(tool)) for tool in tools]
    words = {"type": "object", "properties": {ANSWER: {"type": "string"}}, "required": [ANSWER]}
    return {"anyOf": [*calls, words] if answer and _given(messages) else calls}


def _given(messages: Sequence[LLMMessage]) -> bool:
    """Whether a tool has given something, so that there can be an answer."""
    return any(isinstance(message, FunctionExecutionResultMessage) for message in messages)


def unwrapped(content: str) -> str:
    """The answer of a reply that had to have the form."""
    found = json_object(content) or {}
    return str(found[ANSWER]) if found.keys() == {ANSWER} else content


def _call(schema: Schema) -> Schema:
    properties = {"name": {"const": schema["name"]}, "arguments": _simple(schema["parameters"], schema["parameters"])}
    return {"type": "object", "properties": properties, "required": ["name", "arguments"]}


def _simple(schema: Any, root: Mapping[str, Any], depth: int = 0) -> Any:
    if not isinstance(schema, Mapping) or depth > 6:
        return {}
    if name := str(schema.get("$ref", "")).rpartition("/")[2]:
        return _simple((root.get("$defs") or {}).get(name), root, depth + 1)
    kept = {key: schema[key] for key in _KEPT if key in schema}
    for key in kept.keys() & {"anyOf", "oneOf"}:
        kept[key] = [_simple(each, root, depth + 1) for each in schema[key]]
    if isinstance(kept.get("properties"), Mapping):
        kept["properties"] = {name: _simple(each, root, depth + 1) for name, each in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _simple(kept["items"], root, depth + 1)
    return kept


def _plain(message: LLMMessage) -> LLMMessage:
    match message:
        case AssistantMessage(content=list(calls)):
            said = "\n".join(f'{{"name": "{call.name}", "arguments": {call.arguments}}}' for call in calls)
            return AssistantMessage(content=said, source=message.source)
        case FunctionExecutionResultMessage(content=results):
            return UserMessage(content="\n\n".join(result.content for result in results), source="user")
    return message


def _schema(tool: Tool | ToolSchema) -> Schema:
    schema = tool.schema if isinstance(tool, Tool) else tool
    parameters = schema.get("parameters") or {"type": "object", "properties": {}}
    return {"name": schema["name"], "description": schema.get("description", ""), "parameters": dict(parameters)}
