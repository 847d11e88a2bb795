"""An engine that says what a script says, for tests of the whole product: the app and the HTTP are the real ones."""

import asyncio
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from typing import Any, Literal

import uvicorn
from starlette.types import ASGIApp

from tools.embedded import chatml
from tools.embedded.app import create, listener
from tools.embedded.engine import Ask, End, EngineError, Model, Piece

_TOKEN = re.compile(r"<\|\w+\|>| ?\w+|\s|.", re.DOTALL)


@dataclass(frozen=True)
class Reply:
    """What the model says: `text` in pieces of a token each, or the given pieces.

    After `after` pieces the `fault` happens: the runner dies, or nothing comes any more. `delay` in seconds a piece.
    """

    text: str | Sequence[str]
    fault: Literal["", "die", "hang"] = ""
    after: int = 0
    delay: float = 0.0
    reason: Literal["stop", "length"] = "stop"


Messages = list[dict[str, Any]]
Script = Sequence[str | Reply] | Callable[[Messages], str | Reply]


def model(name: str = "scripted:latest", **fields: Any) -> Model:
    """A model to offer; fields as in Model."""
    given: dict[str, Any] = {
        "weights": "scripted",
        "digest": "0" * 64,
        "size": 1,
        "modified_at": "2026-01-01T00:00:00Z",
    }
    given["show"] = {"modelfile": "", "parameters": "", "template": "", "details": {}, "model_info": {}, "tensors": []}
    return Model(name=name, **(given | {"details": {"family": "scripted", "format": "gguf"}} | fields))


class ScriptedEngine:
    """Replies in the order of the script, or as a function of the messages; remembers what it was asked."""

    def __init__(
        self, script: Script, *models: Model, load: float = 0.0, delay: float = 0.0, prompt_token: float = 0.0
    ) -> None:
        """`load` in seconds a load, `delay` in seconds a piece, `prompt_token` in seconds a prompt token not cached."""
        self._script: Callable[[Messages], str | Reply] = script if callable(script) else _in_order(script)
        self._models = list(models) or [model()]
        self.load_seconds, self.delay, self.prompt_token = load, delay, prompt_token
        self.asks: list[Ask] = []
        """Every generation that was asked for."""
        self.loads: list[tuple[str, int]] = []
        """Name and window of every load."""
        self.made = 0
        """Pieces made, those that nobody read included."""
        self._words: dict[str, int] = {}

    def models(self) -> list[Model]:
        """As given, one called `scripted:latest` by default."""
        return self._models

    async def load(self, model: Model, options: dict[str, Any]) -> "ScriptedRunner":
        """Takes `load` seconds."""
        self.loads.append((model.name, options["num_ctx"]))
        await asyncio.sleep(self.load_seconds)
        return ScriptedRunner(self, options["num_ctx"])

    def reply(self, ask: Ask) -> Reply:
        """The script's next word."""
        self.asks.append(ask)
        said = self._script(ask.messages)
        return said if isinstance(said, Reply) else Reply(said)

    def tokens(self, text: str) -> list[int]:
        """About as many as a real model reads."""
        return [self._words.setdefault(word, len(self._words)) for word in _TOKEN.findall(text)]


class ScriptedRunner:
    """A load of the scripted engine, with a prompt cache that holds what the last prompt had in common."""

    def __init__(self, engine: ScriptedEngine, window: int) -> None:
        self._engine, self.window, self.size = engine, window, 1_000_000 + 1000 * window
        self._alive, self._cached = True, list[int]()
        self._slot = asyncio.Lock()

    def alive(self) -> bool:
        """False after a Reply whose fault is `die`, and once closed."""
        return self._alive

    async def render(self, messages: Messages, tools: list[dict[str, Any]]) -> str:
        """As Qwen reads it."""
        return chatml.render(messages, tools)

    async def tokenize(self, text: str) -> list[int]:
        """About as many as a real model reads."""
        return self._engine.tokens(text)

    async def generate(self, ask: Ask) -> AsyncGenerator[Piece | End, None]:
        """The script's reply; one at a time, as the one slot of the real engine."""
        async with self._slot:
            reply = self._engine.reply(ask)
            prompt_seconds = await self._read(ask.prompt)
            started, limit = time.perf_counter(), int(ask.options.get("num_predict", -1))
            pieces = _TOKEN.findall(reply.text) if isinstance(reply.text, str) else list(reply.text)
            cut = len(pieces) > limit > 0
            for number, piece in enumerate(pieces[:limit] if cut else pieces):
                await self._fail(reply, number)
                await asyncio.sleep(reply.delay or self._engine.delay)
                self._engine.made += 1
                yield Piece(piece)
            await self._fail(reply, len(pieces))
            count = min(len(pieces), limit) if cut else len(pieces)
            reason = "length" if cut else reply.reason
            yield End(reason, len(ask.prompt), prompt_seconds, count, time.perf_counter() - started)

    async def close(self) -> None:
        """Alive no more."""
        self._alive = False

    async def _read(self, prompt: list[int]) -> float:
        pairs = zip(prompt, self._cached, strict=False)
        shared = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(prompt), len(self._cached)))
        self._cached = prompt
        seconds = self._engine.prompt_token * (len(prompt) - shared)
        await asyncio.sleep(seconds)
        return seconds

    async def _fail(self, reply: Reply, number: int) -> None:
        if not self._alive:
            raise EngineError("an error was encountered while running the model: closed under a request")
        if reply.fault == "hang" and number >= reply.after:
            await asyncio.Event().wait()
        if reply.fault == "die" and number >= reply.after:
            self._alive = False
            raise EngineError("an error was encountered while running the model: unexpected EOF")


def _in_order(script: Sequence[str | Reply]) -> Callable[[Messages], str | Reply]:
    replies = iter(script)

    def following(messages: Messages) -> str | Reply:
        try:
            return next(replies)
        except StopIteration:
            raise EngineError(f"the script has no reply to {messages[-1:]}") from None

    return following


def twice(reply: str) -> list[str]:
    """The reply, and one whose program differs by a comment alone: two that agree."""
    return [reply, reply.replace("```python\n", "```python\n# Again\n")]


@contextmanager
def serving(app: ASGIApp, *beside: socket) -> Iterator[str]:
    """The app on a free loopback port and at the sockets `beside`, in a thread; the port's base URL.

    When the block ends, the server does, and all the sockets are closed.
    """
    bound = listener()
    config = uvicorn.Config(
        app, loop="asyncio", http="h11", ws="none", log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound, *beside]}, daemon=True)
    thread.start()
    while thread.is_alive() and not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        for each in (bound, *beside):
            each.close()


@contextmanager
def scripted(script: Script, *models: Model, **options: Any) -> Iterator[tuple[str, ScriptedEngine]]:
    """An Ollama that says what the script says: base URL and engine; options as in ScriptedEngine."""
    engine = ScriptedEngine(script, *models, **options)
    with serving(create(engine)) as base_url:
        yield base_url, engine
