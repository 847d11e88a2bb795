"""Who uses which model: runs that share a server do not take each other's model away in the middle of a batch.

Every run that has a model in use holds a file beside the program's state, locked as long as its process lives.
"""

import asyncio
import hashlib
import json
import os
import time
from pathlib import Path

from filelock import FileLock, Timeout

from config import folders
from tools.events import Emit, Notice

PATIENCE = 120.0
"""Seconds that a run waits for another one's batch; then it goes on."""
_POLL = 0.2


class Lease:
    """One run's claim on one model of a server, which `server` names; nothing is written before the first claim."""

    def __init__(self, server: str, emit: Emit, *, patience: float = PATIENCE) -> None:
        self.folder = folders.state() / "leases" / hashlib.sha256(server.encode()).hexdigest()[:16]
        self._file = self.folder / f"{os.getpid()}-{id(self)}"
        self._lock = FileLock(self._file.with_suffix(".lock"), thread_local=False)
        self._emit = emit
        self._patience = patience
        self._model = ""

    async def claim(self, model: str, *, loaded: bool) -> None:
        """Use `model` from now on, and no other; where it has to be loaded first, other runs end their batch before."""
        if model == self._model:
            return
        self.release()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        deadline, told = time.monotonic() + self._patience, False
        while other := self._taken(model, wait=not loaded and time.monotonic() < deadline):
            if not told:
                self._emit(Notice(f"another run uses {other}; {model} is loaded when it has done its steps"))
                told = True
            await asyncio.sleep(_POLL)

    def release(self) -> None:
        """Use no model any more."""
        if self._model:
            self._model = ""
            self._file.with_suffix(".json").unlink(missing_ok=True)
            self._lock.release()
            Path(self._lock.lock_file).unlink(missing_ok=True)

    def _taken(self, model: str, *, wait: bool) -> str:
        """The model that another run uses; where there is none, or we wait no more, `model` is claimed."""
        with FileLock(self.folder / "gate.lock"):
            other = self._other(model) if wait else ""
            if not other:
                self._lock.acquire()
                self._file.with_suffix(".json").write_text(json.dumps({"model": model}), encoding="utf-8")
                self._model = model
            return other

    def _other(self, model: str) -> str:
        for claim in self.folder.glob("*.json"):
            try:
                held = str(json.loads(claim.read_text(encoding="utf-8"))["model"])
            except (OSError, ValueError, KeyError):
                continue  # just made, or just gone
            if held != model and _lives(claim):
                return held
        return ""


def _lives(claim: Path) -> bool:
    """Whether the run that made the claim is still there; what a dead one left is removed."""
    lock = FileLock(claim.with_suffix(".lock"))
    try:
        with lock.acquire(timeout=0):
            claim.unlink(missing_ok=True)
    except Timeout:
        return True
    Path(lock.lock_file).unlink(missing_ok=True)
    return False
