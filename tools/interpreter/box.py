"""The box that generated code runs in: a worker with Open Interpreter, whole inside a jail."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from config.errors import UsageError
from tools.interpreter.disk import Room
from tools.interpreter.jail import HOME, hides_system
from tools.interpreter.launch import Launch
from tools.interpreter.limits import BlockResult, Limits
from tools.interpreter.pythons import choose_python
from tools.interpreter.wire import Ended
from tools.interpreter.worker.names import HOME_PREFIX, find_language
from tools.interpreter.worker_process import WorkerProcess

__all__ = ["BlockResult", "Box", "Limits"]

WORKER = Path(__file__).with_name("worker") / "__main__.py"
GRACE = 1.4
"""Seconds that the worker has to end a block by itself."""


class Box:
    """Runs blocks, one at a time, in a worker that is started anew when it dies."""

    def __init__(
        self,
        workspace: Path,
        limits: Limits,
        *,
        python: Path | None = None,
        jailed: bool = True,
        network: bool = False,
        readonly: Sequence[Path] = (),
        worker: Path = WORKER,
    ) -> None:
        self.workspace = workspace.resolve()
        if hides_system(self.workspace):
            raise UsageError(f"{self.workspace} holds parts of the system", "choose a folder: --workspace DIR")
        self.limits = limits
        self.python = choose_python(python, self.workspace)
        self.languages = ["python", "shell", *(["javascript"] if shutil.which("node") else [])]
        self._home = None if jailed else tempfile.TemporaryDirectory(prefix=HOME_PREFIX, ignore_cleanup_errors=True)
        self._launch = Launch(
            worker,
            self.workspace,
            self.python,
            home=self._home.name if self._home else HOME,
            restraint={"memory_mb": limits.memory_mb, "processes": limits.processes, "file_mb": limits.file_mb},
            jailed=jailed,
            network=network,
            readonly=[path.parent.resolve() / path.name for path in readonly],
            tmp_mb=limits.tmp_mb,
            room=Room(limits.growth_mb, limits.growth_files, limits.free_mb),
        )
        self._worker: WorkerProcess | None = None
        self._ready = False
        self._closed = False
        self._lock = asyncio.Lock()
        self._blocks = 0
        self._spent = 0.0
        self._forgets = False

    @property
    def notes(self) -> list[str]:
        """What of the jail cannot be had here, a line each with what to do; after the start there may be more."""
        return self._launch.notes

    def forget(self) -> None:
        """Let the next block start its language anew, without what earlier blocks left in memory."""
        self._forgets = True

    async def start(self) -> None:
        """Begins to start the worker, so that it loads beside other work; JailError where there can be no jail."""
        async with self._lock:
            await self._start()

    async def _start(self) -> None:
        if not (self._worker or self._closed):
            self._ready = False
            self._worker = await WorkerProcess.start(self._launch)

    async def run(self, language: str, code: str, on_output: Callable[[str], None] = lambda text: None) -> BlockResult:
        """Runs a block; whatever the code does, its result tells."""
        name = find_language(language)
        if name not in self.languages:
            return BlockResult(None, "", 0, f"no language {language!r} here, only {', '.join(self.languages)}")
        async with self._lock:
            if self._closed:
                return BlockResult(None, "", 0, "the box is closed")
            left = self.limits.run_seconds - self._spent
            if left <= 0:
                return BlockResult(None, "", 0, f"time limit of {self.limits.run_seconds:g} s for all blocks")
            return await self._run(name, code, on_output, min(self.limits.block_seconds, left))

    async def _run(self, language: str, code: str, on_output: Callable[[str], None], seconds: float) -> BlockResult:
        output: list[str] = []

        def hear(text: str) -> None:
            output.append(text)
            on_output(text)

        try:
            note = await self._renew()
        except OSError as error:
            return BlockResult(None, "", 0, f"the worker could not start: {error}")
        if note:
            hear(f"[before: {note}; earlier variables are lost]\n")
        try:
            reason = await self._wait_ready()
            begin = time.monotonic()
            ended = reason or await self._ask(language, code, hear, seconds)
        except BaseException:
            self._kill()
            raise
        took = time.monotonic() - begin
        self._spent += took
        if isinstance(ended, Ended):
            return BlockResult(ended.exit_code, "".join(output), took, ended.reason)
        await self._end()
        return BlockResult(None, "".join(output), took, f"{ended}; all variables are lost")

    async def _renew(self) -> str:
        """A worker that runs; what became of the last one where that was not yet told."""
        note = ""
        if self._worker and not self._worker.alive:
            note = self._worker.epitaph()
            await self._end()
        await self._start()
        return note

    async def _wait_ready(self) -> str:
        if not self._ready and self._worker:
            if reason := await self._worker.wait_ready(self.limits.start_seconds):
                return reason
            self._ready = True
        return ""

    async def _ask(self, language: str, code: str, hear: Callable[[str], None], seconds: float) -> Ended | str:
        assert self._worker  # noqa: S101 - started by _renew
        self._blocks += 1
        request = {
            "id": self._blocks,
            "language": language,
            "code": code,
            "seconds": round(seconds, 3),
            "output_bytes": self.limits.output_bytes,
            "fresh": self._forgets,
        }
        self._forgets = False
        return await self._worker.ask(request, 2 * self.limits.output_bytes + 1000, hear, seconds + GRACE)

    def _kill(self) -> None:
        if self._worker:
            self._worker.kill()

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            await worker.end()

    async def close(self) -> None:
        """Ends everything, and waits until nothing is left."""
        self._closed = True
        self._kill()
        async with self._lock:
            await self._end()
            if self._home:
                self._home.cleanup()
