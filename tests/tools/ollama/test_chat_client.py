"""AutoGen's client on `/v1`, with the remedies that it needs."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import CreateResult, UserMessage
from autogen_core.tools import ToolSchema

from config.errors import ModelError, ServerError
from tools.embedded.scripted import Reply, ScriptedEngine, scripted
from tools.events import Call, Event
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

ASK = [UserMessage(content="What is the weather in Lisbon?", source="user")]
WEATHER = ToolSchema(
    name="get_weather",
    description="Weather of a city",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


def play(
    script: Any, scene: Callable[[OllamaChatClient, ScriptedEngine, list[Event]], Coroutine[Any, Any, None]]
) -> None:
    """Act `scene` against a scripted server."""
    events: list[Event] = []

    async def act(url: str, engine: ScriptedEngine) -> None:
        gateway = Gateway(Server(url), events.append)
        try:
            await scene(OllamaChatClient(gateway, "scripted"), engine, events)
        finally:
            await gateway.close()

    with scripted(script) as (url, engine):
        asyncio.run(act(url, engine))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "get_weather", "arguments": {"city": "Lisbon"}}',
        '```json\n{"name": "get_weather", "arguments": {"city": "Lisbon"}}\n```',
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Lisbon"}}\n</tool_call>',
    ],
)
def test_a_call_in_any_form_becomes_a_function_call(text: str) -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        result = await client.create(ASK, tools=[WEATHER])
        assert isinstance(result.content, list)
        (call,) = result.content
        assert isinstance(call, FunctionCall)
        assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "Lisbon"})
        assert result.finish_reason == "function_calls"

    play([text], scene)


def test_text_without_a_call_stays_text() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        assert (await client.create(ASK, tools=[WEATHER])).content == "Sunny, I guess."

    play(["Sunny, I guess."], scene)


def test_usage_is_counted_and_told() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        result = await client.create(ASK)
        assert result.usage.prompt_tokens > 0
        assert result.usage.completion_tokens > 0
        (call,) = [event for event in events if isinstance(event, Call)]
        assert call.surface == "/v1/chat/completions"
        assert call.prompt_tokens == result.usage.prompt_tokens

    play(["It is sunny."], scene)


def test_an_abandoned_stream_ends_on_the_server() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        stream = client.create_stream(ASK)
        async for _ in stream:
            break
        await stream.aclose()
        made = engine.made
        await asyncio.sleep(0.5)
        assert engine.made <= made + 5 < 500

    play([Reply(["word "] * 500, delay=0.02)], scene)


def test_a_cancelled_call_ends_on_the_server() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        token = CancellationToken()
        call = asyncio.ensure_future(client.create(ASK, cancellation_token=token))
        await asyncio.sleep(1)
        begin = time.monotonic()
        token.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert time.monotonic() - begin < 9
        made = engine.made
        await asyncio.sleep(0.5)
        assert engine.made <= made + 5 < 500

    play([Reply(["word "] * 500, delay=0.02)], scene)


def test_errors_are_ours() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        with pytest.raises((ServerError, ModelError)):
            await client.create(ASK)

    play([Reply("half a reply", fault="die", after=1)], scene)


def test_a_schema_is_asked_for() -> None:
    async def scene(client: OllamaChatClient, engine: ScriptedEngine, events: list[Event]) -> None:
        client.schema = {"type": "object", "properties": {"steps": {"type": "array"}}}
        result = await client.create(ASK)
        assert isinstance(result, CreateResult)
        assert engine.asks[-1].schema is not None
        assert "steps" in str(engine.asks[-1].schema)

    play(['{"steps": []}'], scene)
