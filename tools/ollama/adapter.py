"""The native surface, `POST /api/chat`: what the Executor speaks."""

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx
from ollama import ChatResponse
from pydantic import ValidationError

from config.errors import ServerError
from tools.events import Call, Phase
from tools.ollama.gateway import Gateway, lost, message, refused
from tools.replies.loops import looping

LOOP = "loop"
Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Reply:
    """A whole answer of a model; `done_reason` is Ollama's: `stop`, `length`, ...; or `loop`: it was ended."""

    text: str
    done_reason: str


class OllamaAdapter:
    """One model over Ollama's native chat surface."""

    def __init__(self, gateway: Gateway, model: str, agent: str = "executor") -> None:
        self.gateway = gateway
        self.model = model
        self.agent = agent

    async def chat(
        self,
        messages: Messages,
        options: Mapping[str, Any] | None = None,
        on_text: Callable[[str], None] = lambda text: None,
        *,
        schema: Mapping[str, Any] | None = None,
    ) -> Reply:
        """The model's answer, handed to `on_text` as it comes.

        `options` holds sampling options only: a runner option such as `num_ctx` would load the model again.

        Raises:
            WindowError: the prompt is longer than the model's window (`truncate: false` makes Ollama say so).
            ModelError: the server refuses.
            ServerError: the connection broke.
        """
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), "truncate": False}
        body |= {"options": dict(options or {})} | ({"format": dict(schema)} if schema else {})
        await self.gateway.load(self.model)
        characters = sum(len(message["content"]) for message in messages)
        self.gateway.check(self.model, characters)
        self.gateway.emit(Phase("reading the prompt", self.model))
        start, said, last = time.monotonic(), "", None
        async with aclosing(self._stream(body)) as stream:
            async for last in stream:
                if last.message.content:
                    said += last.message.content
                    on_text(last.message.content)
                    if looping(said):  # a small model would go on until its window is full
                        last.done, last.done_reason = True, LOOP
                        break
        if last is None or not last.done:
            raise ServerError(f"{self.gateway.server.base_url} ended the reply half-way", "run the task again")
        self.gateway.record(self._call(last, time.monotonic() - start), characters)
        return Reply(said, last.done_reason or "")

    async def _stream(self, body: dict[str, Any]) -> AsyncGenerator[ChatResponse, None]:
        try:
            async with self.gateway.http.stream("POST", "/api/chat", json=body) as reply:
                if reply.status_code >= 400:
                    await reply.aread()
                    raise refused(self.model, message(reply.json()))
                async for line in reply.aiter_lines():
                    if line.startswith('{"error"'):
                        raise ServerError(f"{self.gateway.server.base_url}: {line}", "run the task again")
                    if line:
                        yield ChatResponse.model_validate_json(line)
        except (httpx.HTTPError, ValidationError, ValueError) as error:
            raise lost(self.gateway.server, error) from error

    def _call(self, last: ChatResponse, seconds: float) -> Call:
        tokens = last.prompt_eval_count or 0, last.eval_count or 0
        load, reason = (last.load_duration or 0) / 1e9, last.done_reason or ""
        return Call(self.agent, self.model, "/api/chat", *tokens, seconds, load_seconds=load, done_reason=reason)
