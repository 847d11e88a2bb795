"""Which models are in memory: one runner for each weights, as Ollama's scheduler keeps them."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tools.embedded.engine import Engine, Model, Runner

KEEP = 300.0
"""Seconds that an unused model stays in memory."""
LIMIT = 2
"""Different weights in memory at one time."""
LOG = logging.getLogger(__name__)
RUNNER_OPTIONS = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")
"""A request that asks for another value of one of these makes Ollama load the model again."""


@dataclass
class Resident:
    """A model in memory; `keep` in seconds, negative for ever; `expires` in seconds since the epoch."""

    model: Model
    runner: Runner
    options: dict[str, Any]
    keep: float
    expires: float = 0.0
    users: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Start its remaining time anew."""
        self.expires = time.time() + self.keep if self.keep >= 0 else time.time() + 100 * 365 * 86400


class Memory:
    """Loads, shares, replaces and forgets runners; at most `limit` weights at one time."""

    def __init__(self, engine: Engine, limit: int = LIMIT, keep: float = KEEP) -> None:
        self._engine, self._limit, self._keep = engine, limit, keep
        self._residents: dict[str, Resident] = {}
        self._lock = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    def residents(self) -> list[Resident]:
        """The living ones, the last loaded first."""
        return [r for r in reversed(self._residents.values()) if r.runner.alive()]

    @asynccontextmanager
    async def use(
        self, model: Model, options: dict[str, Any], keep: float | None = None
    ) -> AsyncGenerator[Resident, None]:
        """The model's runner, loaded when it is not there with these options; raises EngineError.

        A `keep` in seconds stays in force for later calls, of both surfaces, that name none.
        """
        async with self._lock:
            resident = await self._fitting(model, _runner_options(model, options))
            resident.users += 1
            resident.idle.clear()
        resident.keep = resident.keep if keep is None else keep
        resident.touch()
        try:
            yield resident
        finally:
            self._release(resident)

    async def unload(self, model: Model) -> None:
        """Forget the model's weights, at once or after the last request under way."""
        resident = self._residents.get(model.weights)
        if resident is None:
            return
        resident.keep = 0
        if not resident.users:
            await self._drop(resident)

    async def close(self) -> None:
        """Forget all, now."""
        for resident in list(self._residents.values()):
            await self._drop(resident)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _fitting(self, model: Model, options: dict[str, Any]) -> Resident:
        resident = self._residents.get(model.weights)
        if resident and resident.runner.alive() and resident.options == options:
            return resident
        if resident:
            await self._evict(resident)
        while len(self._residents) >= self._limit:
            await self._evict(min(self._residents.values(), key=lambda r: (r.users, r.expires)))
        start = time.monotonic()
        runner = await self._engine.load(model, options)
        LOG.info("loaded %s, num_ctx %s, %.2f s", model.name, options["num_ctx"], time.monotonic() - start)
        resident = self._residents[model.weights] = Resident(model, runner, options, self._keep)
        return resident

    async def _evict(self, resident: Resident) -> None:
        if resident.users and resident.runner.alive():
            await resident.idle.wait()
        await self._drop(resident)

    def _release(self, resident: Resident) -> None:
        resident.users -= 1
        resident.touch()
        if resident.users:
            return
        resident.idle.set()
        if resident.keep >= 0:
            asyncio.get_running_loop().call_later(resident.keep, self._expire, resident, resident.expires)

    def _expire(self, resident: Resident, expires: float) -> None:
        if not resident.users and resident.expires == expires:
            task = asyncio.ensure_future(self._drop(resident))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _drop(self, resident: Resident) -> None:
        if self._residents.get(resident.model.weights) is resident:
            del self._residents[resident.model.weights]
            LOG.info("unloaded %s", resident.model.name)
        await resident.runner.close()


def _runner_options(model: Model, options: dict[str, Any]) -> dict[str, Any]:
    return {"num_ctx": model.window} | {k: options[k] for k in RUNNER_OPTIONS if options.get(k) is not None}
