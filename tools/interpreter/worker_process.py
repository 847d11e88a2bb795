"""One running worker, seen from the parent: asked, followed, watched, ended."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from tools.interpreter.launch import Launch
from tools.interpreter.watchdog import Watchdog
from tools.interpreter.wire import Ended, LostError, Ready, Said, Wire

PERIOD = 0.05
"""Seconds between two looks of the watchdog: a fork bomb is quick, and may go off between blocks."""


class WorkerProcess:
    """A worker and the line to it."""

    def __init__(self, transport: asyncio.SubprocessTransport, wire: Wire, watchdog: Watchdog) -> None:
        self._transport = transport
        self._wire = wire
        self._watchdog = watchdog
        self._killed = False
        self._busy = False
        self._breach = ""
        self._watch = asyncio.create_task(self._look())

    @classmethod
    async def start(cls, launch: Launch) -> "WorkerProcess":
        """Starts it; readiness comes as its first message."""
        with await asyncio.to_thread(launch.prepare) as start:
            transport, wire = await asyncio.get_running_loop().subprocess_exec(
                Wire, *start.command, cwd=launch.workspace, env=launch.environment, pass_fds=start.fds
            )
        return cls(transport, wire, Watchdog(transport.get_pid(), launch.restraint, launch.disk, jailed=launch.jailed))

    @property
    def alive(self) -> bool:
        """Whether it runs and has not lied."""
        return not (self._killed or self._wire.lie or self._breach) and self._transport.get_returncode() is None

    async def _look(self) -> None:
        while not self._breach:
            await asyncio.sleep(PERIOD)
            self._breach = self._wire.lie or self._watchdog.breach(busy=self._busy)
        self._watchdog.kill()
        self._wire.messages.put_nowait(LostError(self._breach))

    async def wait_ready(self, seconds: float) -> str:
        """Empty when it can take blocks, else why not."""
        message = await self._next(time.monotonic() + seconds)
        if isinstance(message, Ready):
            await asyncio.to_thread(self._watchdog.confine)
            return ""
        return message if isinstance(message, str) else f"the worker was not ready within {seconds:g} s"

    async def ask(
        self, request: dict[str, Any], room: int, on_output: Callable[[str], None], seconds: float
    ) -> Ended | str:
        """Sends the request and hands on its output; how it ended, or why the worker is lost."""
        deadline = time.monotonic() + seconds
        self._busy = True
        self._wire.ask(request, room)
        while isinstance(message := await self._next(deadline), Said):
            on_output(message.output)
        # Once more: the next block must not pay for what this one leaves running.
        self._breach = self._breach or self._watchdog.breach(busy=True)
        self._busy = False
        self._watchdog.remember()
        if self._killed or self._breach:
            return self.epitaph()
        if isinstance(message, Ended | str):
            return message
        return f"time limit of {request['seconds']:g} s: the worker did not answer"

    async def _next(self, deadline: float) -> Ready | Said | Ended | str | None:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                message = await self._wire.messages.get()
        except TimeoutError:
            return None
        return self.epitaph() if message is None or isinstance(message, LostError) else message

    def epitaph(self) -> str:
        """Why the worker cannot be used any more."""
        code = self._transport.get_returncode()
        if told := self._wire.lie or self._breach or ("the block was broken off" if self._killed else ""):
            return told
        if code is None:
            return "the worker is lost"
        # bwrap tells a signal of its child as a shell does.
        how = f"signal {-code if code < 0 else code - 128}" if code < 0 or code > 128 else f"exit code {code}"
        said = self._wire.errors.decode(errors="replace").strip().splitlines()
        return f"the worker died ({how})" + (f": {said[-1][:200]}" if said and code > 0 and code < 128 else "")

    def kill(self) -> None:
        """Ends it with all that it started, at once."""
        self._killed = True
        # Not transport.kill(): Popen would take the exit status away from asyncio's watcher (CPython issue 87744).
        self._watchdog.kill()

    async def end(self, seconds: float = 5.0) -> None:
        """Ends it and waits until nothing is left."""
        self.kill()
        self._watch.cancel()
        await asyncio.to_thread(self._watchdog.wait_gone, seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wire.exited.wait()
        self._transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wire.closed.wait()
