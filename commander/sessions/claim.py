"""Who works where now: two runs in one folder would take back each other's work."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock

from config import folders
from config.errors import UsageError


@contextmanager
def claimed(workspace: Path, session: str) -> Iterator[None]:
    """Have the folder for this run alone as long as the block lasts; where nothing can be noted, nothing is.

    Raises:
        UsageError: another run works in it, in a folder of it, or in one above it.
    """
    notes = folders.state() / "runs"
    note = notes / f"{os.getpid()}.json"
    with suppress(OSError):
        notes.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(notes / "lock", timeout=10):
            for other in _living(notes):
                if other["pid"] != os.getpid():
                    _refuse(workspace, other)
            _write(note, {"workspace": str(workspace), "session": session})
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink()


def _write(note: Path, what: dict[str, Any]) -> None:
    born = psutil.Process().create_time()
    new = note.with_suffix(".new")
    new.write_text(json.dumps({"pid": os.getpid(), "born": born, **what}), encoding="utf-8")
    new.replace(note)


def running(session: str) -> int:
    """The process that works on the session now; 0: none."""
    found = (each["pid"] for each in _living(folders.state() / "runs") if each["session"] == session)
    return next(found, 0)


def _refuse(workspace: Path, other: dict[str, Any]) -> None:
    there = Path(other["workspace"])
    if workspace.is_relative_to(there) or there.is_relative_to(workspace):
        since = datetime.fromtimestamp(other["born"]).astimezone()
        what = f"another run works in {there} since {since:%H:%M:%S} (process {other['pid']})"
        raise UsageError(what, "wait for its end, or commander --workspace DIR with another folder")


def _living(notes: Path) -> list[dict[str, Any]]:
    """The notes of processes that still run; those of others are removed."""
    found = []
    for file in notes.glob("*.json"):
        try:
            note = json.loads(file.read_text(encoding="utf-8"))
            process = psutil.Process(note["pid"])
            alive = abs(process.create_time() - note["born"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, LookupError, psutil.Error):
            alive = False
        if alive:
            found.append(note)
        else:
            with suppress(OSError):
                file.unlink()
    return found
