"""Tools as words, for a model that has none of its own."""

import json

from autogen_core import FunctionCall
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)
from autogen_core.tools import ToolSchema

from tools.ollama.textual import as_text, form, unwrapped

WEATHER = ToolSchema(
    name="weather",
    description="Tell the weather.",
    parameters={
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "where", "pattern": "^[A-Z]"},
            "unit": {"enum": ["C", "F"]},
            "days": {"type": "array", "items": {"$ref": "#/$defs/day"}},
        },
        "required": ["city"],
        "$defs": {"day": {"type": "integer", "minimum": 1}},
    },  # type: ignore[typeddict-unknown-key]  # schemas are kept whole
)
ASKED: list[LLMMessage] = [SystemMessage(content="head"), UserMessage(content="How is it in Porto?", source="user")]
CALLED: list[LLMMessage] = [
    *ASKED,
    AssistantMessage(content=[FunctionCall("1", '{"city": "Porto"}', "weather")], source="commander"),
    FunctionExecutionResultMessage(
        content=[FunctionExecutionResult(content="Rain.", name="weather", call_id="1", is_error=False)]
    ),
    UserMessage(content="Go on.", source="user"),
]


def test_tools_stand_behind_the_first_question_and_calls_are_words() -> None:
    head, question, call, result, last = as_text(CALLED, [WEATHER])
    assert head is CALLED[0]
    assert str(question.content).startswith("How is it in Porto?\n") and "weather(city: string" in str(question.content)
    assert call.content == '{"name": "weather", "arguments": {"city": "Porto"}}'
    assert (type(result), result.content) == (UserMessage, "Rain.")
    assert str(last.content).startswith("Go on.") and '{"answer": "..."}' in str(last.content)
    assert as_text(ASKED, []) == ASKED


def test_the_form_is_a_call_and_later_also_an_answer() -> None:
    (call,) = form(ASKED, [WEATHER])["anyOf"]
    assert call["properties"]["name"] == {"const": "weather"}
    wanted = call["properties"]["arguments"]
    assert wanted["properties"] == {
        "city": {"type": "string"},
        "unit": {"enum": ["C", "F"]},
        "days": {"type": "array", "items": {"type": "integer"}},
    }
    assert wanted["required"] == ["city"]
    *calls, answer = form(CALLED, [WEATHER])["anyOf"]
    assert calls == [call] and answer["required"] == ["answer"]


def test_an_answer_is_unwrapped_and_anything_else_left_alone() -> None:
    assert unwrapped(json.dumps({"answer": "It rains."})) == "It rains."
    assert unwrapped("It rains.") == "It rains."
    assert unwrapped('{"name": "x", "arguments": {}}') == '{"name": "x", "arguments": {}}'
