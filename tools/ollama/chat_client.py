"""AutoGen's OpenAI client on Ollama's `/v1/chat/completions`, with what 0.7.5 lacks for it."""

import asyncio
import json
import time
import warnings
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import aclosing
from itertools import count
from typing import Any, Literal

import httpx
import openai
from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import CreateResult, LLMMessage, ModelFamily, ModelInfo
from autogen_core.tools import Tool, ToolSchema
from autogen_ext.models.openai import OpenAIChatCompletionClient
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import ChoiceDelta
from pydantic import BaseModel

from config.errors import CommanderError
from tools.events import Call, Phase
from tools.ollama.faults import PassingError, Retries, broken, lost, refusal
from tools.ollama.gateway import UNLIMITED, Gateway
from tools.ollama.native import check_name
from tools.ollama.textual import as_text, form, unwrapped
from tools.replies import tool_calls

INFO = ModelInfo(
    vision=False,
    function_calling=True,
    json_output=True,
    family=ModelFamily.UNKNOWN,
    structured_output=True,
    multiple_system_messages=True,
)


TEMPERATURE = 0.2


class OllamaChatClient(OpenAIChatCompletionClient):
    """A model on `/v1`: calls written as text become tool calls, an abandoned stream ends, usage is counted."""

    def __init__(self, gateway: Gateway, model: str, agent: str = "commander") -> None:
        super().__init__(
            model=model,
            base_url=f"{gateway.server.base_url}/v1",
            api_key=gateway.server.token or "ollama",
            http_client=gateway.http,  # type: ignore[call-arg]  # handed on to AsyncOpenAI, missing in AutoGen's types
            max_retries=0,
            include_name_in_message=False,
            model_info=INFO,
        )
        self.gateway = gateway
        self.schema: Mapping[str, Any] | None = None
        """The form of the next answers; None: text."""
        self.most: int | None = None
        """Tokens of the next answers at most."""
        self.variety = 0
        """How often an answer was not right: the next one is made with more chance."""
        self.must_call = False
        """Whether the next answer must be a call, where the client itself holds the model to a form."""
        self.native = True
        """Whether the model's template has tools; else they are words of the messages."""
        self.model = model
        self._agent = agent
        self._call_ids = count(1)
        warnings.filterwarnings("ignore", "No text content")  # AutoGen's, of a model that only thought; told by us

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
    ) -> CreateResult:
        """One whole answer; streamed inside, so that giving up stops the server too."""
        stream = self.create_stream(
            messages,
            tools=tools,
            tool_choice=tool_choice,
            json_output=json_output,
            extra_create_args=extra_create_args,
            cancellation_token=cancellation_token,
        )
        *_, result = [piece async for piece in stream]
        assert isinstance(result, CreateResult)  # noqa: S101, the contract of create_stream
        return result

    async def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        max_consecutive_empty_chunk_tolerance: int = 0,
        include_usage: bool | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """The answer in pieces, the `CreateResult` last; after a fault the pieces begin anew."""
        retries, cut = Retries(self.gateway.server, self.gateway.emit), None
        while True:
            schema = self.schema if self.native or not tools else form(messages, tools, answer=not self.must_call)
            asked = _form(schema, self.most, retries.number, self.variety)
            wanted = {**asked, **(extra_create_args or {})}
            pieces = self._pieces(
                messages,
                tools=tools,
                tool_choice=tool_choice,
                json_output=json_output,
                extra_create_args=wanted,
                cancellation_token=cancellation_token,
                include_usage=True,
            )
            try:
                async with aclosing(pieces):
                    async for piece in pieces:
                        if isinstance(piece, CreateResult) and cut is None and _ran_over(piece, wanted):
                            cut = piece
                            raise PassingError(CommanderError(f"{self.model} wrote until its window was full"))
                        yield piece
                return
            except PassingError as fault:
                if not await retries.again(fault):
                    if cut is None:
                        raise fault.error from fault
                    yield cut
                    return

    async def _pieces(self, messages: Sequence[LLMMessage], **asked: Any) -> AsyncGenerator[str | CreateResult, None]:
        await self.gateway.load(self.model)
        server = self.gateway.server  # as it is now: one of ours may have been started anew
        self._client.base_url, self._client.api_key = f"{server.base_url}/v1", server.token or "ollama"
        tools = asked["tools"]
        if not self.native:
            messages, asked["tools"] = as_text(messages, tools), ()
        characters = sum(len(str(message.content)) for message in messages) + len(json.dumps(list(asked["tools"])))
        self.gateway.check(self.model, characters)
        self.gateway.emit(Phase("reading the prompt", self.model))
        start = time.monotonic()
        async with aclosing(super().create_stream(messages, **asked)) as pieces:
            async for piece in pieces:
                if isinstance(piece, CreateResult):
                    self._record(piece, characters, time.monotonic() - start)
                    yield self._with_calls(piece, tools)
                else:
                    yield piece

    async def _create_stream_chunks(self, *args: Any, **kwargs: Any) -> AsyncGenerator[ChatCompletionChunk, None]:
        said, reason = False, None
        async with aclosing(self.gateway.paced(self._chunks(**kwargs), self.model)) as chunks:
            async for chunk in chunks:
                for choice in chunk.choices:
                    said = said or bool(choice.delta.content or choice.delta.tool_calls)
                    reason = choice.finish_reason or reason
                yield chunk
        if reason is None:
            raise broken(self.gateway.server, "ended its answer half-way")
        if not said and reason == "stop":
            raise PassingError(CommanderError(f"{self.model} says nothing", "another model: commander models"))

    async def _chunks(self, **kwargs: Any) -> AsyncGenerator[ChatCompletionChunk, None]:
        # autogen-ext 0.7.5 leaves the response open when its reader goes away, and Ollama goes on generating.
        token: CancellationToken | None = kwargs["cancellation_token"]
        create: Any = self._client.chat.completions.create
        tools = {"tools": kwargs["tool_params"]} if kwargs["tool_params"] else {}
        asked = {"messages": kwargs["oai_messages"], "stream": True, "timeout": UNLIMITED, **tools}
        server = self.gateway.server
        try:
            async with await _cancellable(create(**asked, **kwargs["create_args"]), token) as stream:
                chunks = aiter(stream)
                while (chunk := await _cancellable(anext(chunks, None), token)) is not None:
                    if not _sound(chunk):
                        raise broken(server, f"sent what cannot be read: {chunk}"[:200])
                    check_name(self.gateway, self.model, chunk.model)
                    yield chunk
        except openai.APIStatusError as error:
            reply = error.response
            raise refusal(server, self.model, reply.status_code, reply.content, reply.headers) from error
        except (openai.APIConnectionError, httpx.HTTPError, ValueError) as error:
            raise PassingError(lost(server, error)) from error
        except openai.APIError as error:
            raise broken(server, f"broke its answer off: {error.message}") from error

    def _record(self, result: CreateResult, characters: int, seconds: float) -> None:
        usage = result.usage
        self.gateway.record(
            Call(
                self._agent,
                self.model,
                "/v1/chat/completions",
                usage.prompt_tokens,
                usage.completion_tokens,
                seconds,
                done_reason=result.finish_reason,
            ),
            characters,
        )

    def _with_calls(self, result: CreateResult, tools: Sequence[Tool | ToolSchema]) -> CreateResult:
        # Qwen2.5-Coder writes its call as text, and Ollama hands it on as content (recorded with 0.24.0).
        names = {tool.name if isinstance(tool, Tool) else tool["name"] for tool in tools}
        if not names or not isinstance(result.content, str):
            return result
        calls = [
            FunctionCall(id=f"call_{next(self._call_ids)}", name=call.name, arguments=json.dumps(call.arguments))
            for call in tool_calls(result.content, names)
        ]
        if not calls:
            return result if self.native else result.model_copy(update={"content": unwrapped(result.content)})
        return result.model_copy(
            update={"content": calls, "thought": result.content, "finish_reason": "function_calls"}
        )


def _form(schema: Mapping[str, Any] | None, most: int | None, number: int, variety: int) -> dict[str, Any]:
    # Where a request names no temperature, /v1 takes 1.0, whatever the Modelfile says (Ollama's openai/openai.go).
    wanted: dict[str, Any] = {"temperature": min(0.9, TEMPERATURE * (1 + variety)), "seed": number + variety}
    wanted |= {"max_tokens": most} if most else {}
    if schema is not None:
        wanted["response_format"] = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    return wanted


def _sound(chunk: Any) -> bool:
    """Whether the piece has the form that it claims; openai hands on whatever came (3.54.0)."""
    if not isinstance(chunk, ChatCompletionChunk) or not isinstance(chunk.choices, list):
        return False
    deltas = [getattr(choice, "delta", None) for choice in chunk.choices]
    return all(isinstance(delta, ChoiceDelta) and isinstance(delta.content or "", str) for delta in deltas)


def _ran_over(result: CreateResult, asked: Mapping[str, Any]) -> bool:
    """Whether the model wrote until its window was full, which no limit of ours made it do."""
    return result.finish_reason == "length" and not {"max_tokens", "max_completion_tokens"} & asked.keys()


async def _cancellable(work: Awaitable[Any], token: CancellationToken | None) -> Any:
    future = asyncio.ensure_future(work)
    if token is not None:
        token.link_future(future)
    return await future
