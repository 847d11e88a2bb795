"""From a parsed request to the items of its answer; both surfaces are views of this."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from tools.embedded.calls import Call, CallParser
from tools.embedded.engine import Ask, End, Engine, EngineError, Model, Piece
from tools.embedded.memory import Memory
from tools.embedded.window import fitting


@dataclass(frozen=True)
class Question:
    """A request of either surface; `keep` in seconds, None for what is in force."""

    model: str
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = field(default_factory=list)
    schema: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    keep: float | None = None
    truncate: bool = True


@dataclass(frozen=True)
class Loaded:
    """The first item of an answer: what it took to have the model, in seconds."""

    seconds: float


Item = Loaded | Piece | Call | End


class Service:
    """Models, those in memory, and answers."""

    def __init__(self, engine: Engine, memory: Memory) -> None:
        self.engine = engine
        self.memory = memory

    def find(self, name: str) -> Model:
        """The model of that name, `:latest` being optional; EngineError 404 when there is none."""
        if not name:
            raise EngineError("model is required", 400)
        for model in self.engine.models():
            if full(model.name).lower() == full(name).lower():
                return model
        raise EngineError(f"model '{name}' not found", 404)

    async def load(self, question: Question) -> None:
        """Have the model in memory, no more."""
        async with self.memory.use(self.find(question.model), question.options, question.keep):
            pass

    async def answer(self, question: Question) -> AsyncGenerator[Item, None]:
        """Loaded, then text and calls as they come, then the End; raises EngineError at any point."""
        model = self.find(question.model)
        if question.tools and "tools" not in model.capabilities:
            raise EngineError(f"registry.ollama.ai/library/{full(model.name)} does not support tools", 400)
        started = time.perf_counter()
        async with self.memory.use(model, question.options, question.keep) as resident:
            yield Loaded(time.perf_counter() - started)
            runner, tools = resident.runner, question.tools
            prompt = await fitting(runner, question.messages, tools, truncate=question.truncate)
            ask = Ask(prompt, question.messages, tools, question.schema, question.options)
            async with aclosing(runner.generate(ask)) as items:
                async for item in _with_calls(items) if tools else items:
                    yield item


def full(name: str) -> str:
    """The name with its tag."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


async def _with_calls(items: AsyncGenerator[Piece | End, None]) -> AsyncGenerator[Item, None]:
    parser = CallParser()
    async for item in items:
        content, calls = parser.feed(item.text) if isinstance(item, Piece) else parser.flush()
        if content:
            yield Piece(content)
        for call in calls:
            yield call
        if isinstance(item, End):
            yield item


async def started(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """The same items, once the first text is there: what fails before that still has a status of its own."""
    return _chained([await anext(items), await anext(items)], items)


async def _chained(head: list[Item], items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    async with aclosing(items):
        for item in head:
            yield item
        async for item in items:
            yield item
