"""The native surface, `POST /api/chat`: what the Executor speaks."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from ollama import ChatResponse

from tools.events import Call, Phase
from tools.ollama.gateway import Gateway
from tools.ollama.native import answer
from tools.replies.loops import looping

LOOP = "loop"
Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Reply:
    """A model's answer; `done_reason` is Ollama's: `stop`, `length`, ...; or `loop`: it was ended."""

    text: str
    done_reason: str

    @property
    def whole(self) -> bool:
        """Whether the model itself ended it: one that was cut off must not be used as an answer or a program."""
        return self.done_reason == "stop"


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
        """The model's answer, handed to `on_text` as it comes; it begins with the last message, if that is its own.

        `options` holds sampling options only: a runner option such as `num_ctx` would load the model again.

        Raises:
            WindowError: the prompt is longer than the model's window (`truncate: false` makes Ollama say so).
            ModelError: the server refuses.
            ServerError: the server failed, try after try; each began anew at `on_text`.
        """
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), "truncate": False}
        body |= {"options": dict(options or {})} | ({"format": dict(schema)} if schema else {})
        return await self.gateway.persist(lambda: self._reply(body, on_text))

    async def _reply(self, body: Mapping[str, Any], on_text: Callable[[str], None]) -> Reply:
        gateway = self.gateway
        await gateway.load(self.model)
        characters = sum(len(message["content"]) for message in body["messages"])
        gateway.check(self.model, characters)
        gateway.emit(Phase("reading the prompt", self.model))
        start, said, last = time.monotonic(), "", None
        begun = "".join(each["content"] for each in body["messages"][-1:] if each["role"] == "assistant")
        async with aclosing(gateway.paced(answer(gateway, body), self.model)) as pieces:
            async for last in pieces:
                if last.message.content:
                    on_text(begun + last.message.content)
                    said, begun = said + begun + last.message.content, ""
                    if looping(said):  # a small model would go on until its window is full
                        last.done, last.done_reason = True, LOOP
                        break
        assert last  # noqa: S101, an answer ends with one, or raises
        gateway.record(self._call(last, time.monotonic() - start), characters)
        return Reply(said, last.done_reason or "")

    def _call(self, last: ChatResponse, seconds: float) -> Call:
        tokens = last.prompt_eval_count or 0, last.eval_count or 0
        load, reason = (last.load_duration or 0) / 1e9, last.done_reason or ""
        return Call(self.agent, self.model, "/api/chat", *tokens, seconds, load_seconds=load, done_reason=reason)
