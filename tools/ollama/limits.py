"""How long a model server may take: to load, to begin an answer, to go on with it; each is a limit of its own."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from config.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """Seconds each. The run as a whole has a limit of its own, which ends it at any point."""

    load: float = 3600.0
    """For a model to come into memory: 20 GB from a disk that spins. Giving up earlier would cancel the load."""
    first: float = 600.0
    """Until an answer begins: a 32B model reads a long prompt on a slow PC in minutes."""
    idle: float = 300.0
    """Between two pieces of an answer: Ollama holds a call of a tool back until it is whole."""
    pause: float = 1.0
    """Before the second try of a request that failed; four times as long before the third."""

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """As the user set them."""
        return cls(
            settings.commander_load_timeout,
            settings.commander_first_token_timeout,
            settings.commander_idle_timeout,
            settings.commander_retry_pause,
        )

    @property
    def look(self) -> float:
        """For a question that needs no model, such as which ones are loaded."""
        return min(60.0, self.first)

    async def paced(
        self, pieces: AsyncGenerator[T, None], loading: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[T, None]:
        """The same pieces; where none comes in time because the model was `loading`, the time begins anew.

        Raises:
            TimeoutError: nothing came in time; its text says for how long.
        """
        async with aclosing(pieces):
            piece = await _within(self.first, pieces, loading)
            while piece is not None:
                yield piece
                piece = await _within(self.idle, pieces)


async def _within(
    seconds: float, pieces: AsyncGenerator[T, None], loading: Callable[[], Awaitable[bool]] | None = None
) -> T | None:
    """The next piece, None at the end."""
    step = asyncio.ensure_future(anext(pieces, None))
    try:
        done, _ = await asyncio.wait({step}, timeout=seconds)
        if loading and not done and await loading():
            done, _ = await asyncio.wait({step}, timeout=seconds)
        if not done:
            raise TimeoutError(f"nothing came for {seconds:g} s")
        return step.result()
    finally:
        if step.cancel():
            await asyncio.wait({step})
