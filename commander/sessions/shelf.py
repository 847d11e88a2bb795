"""All sessions of the user: found, named, removed; the snapshots of old ones make room."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from commander.sessions.claim import running
from commander.sessions.session import JOURNAL, STORE, Session
from config import folders
from config.errors import UsageError
from tools.journal import Record

KEPT = 20
BYTES = 2_000_000_000
"""Sessions that keep their snapshots, and the room for all of these together before a new one begins."""


def place() -> Path:
    """Where they lie."""
    return folders.data() / "sessions"


def sessions() -> list[Session]:
    """All of them, the newest first."""
    try:
        names = [name for name in place().iterdir() if not name.name.startswith(".")]
    except OSError:
        return []
    found = (Session.at(folder) for folder in names)
    return sorted((session for session in found if session), key=lambda session: session.started, reverse=True)


def session(prefix: str) -> Session:
    """The one whose id begins so.

    Raises:
        UsageError: there is none, or more than one.
    """
    found = [each for each in sessions() if each.id.startswith(prefix.lower())]
    if not found:
        raise UsageError(f"there is no session {prefix}", "commander sessions")
    if len(found) > 1:
        some = ", ".join(each.id for each in found[:5])
        raise UsageError(f"{prefix} is the beginning of {len(found)} sessions ({some})", "commander sessions")
    return found[0]


def last(workspace: Path) -> Session:
    """The newest one in this folder.

    Raises:
        UsageError: there is none.
    """
    found = next((each for each in sessions() if each.workspace == workspace), None)
    if found is None:
        raise UsageError(f"there is no session in {workspace}", "commander sessions")
    return found


def make(name: str, header: Record) -> Path:
    """A new session's folder with its header in it: there whole, or not at all.

    Raises:
        OSError: it cannot be written.
    """
    place().mkdir(mode=0o700, parents=True, exist_ok=True)
    new = place() / f".{name}"
    new.mkdir(mode=0o700)
    line = json.dumps({"kind": "session", **header, "at": round(time.time(), 6)}, ensure_ascii=False)
    with os.fdopen(os.open(new / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(line.encode("utf-8", "backslashreplace") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return new.rename(place() / name)


def remove(one: Session) -> None:
    """Remove it for good.

    Raises:
        OSError: something of it could not be removed.
    """
    gone = one.folder.rename(one.folder.with_name(f".gone-{one.id}"))
    shutil.rmtree(gone)


def prune() -> None:
    """Remove what was left half made or half removed, and the snapshots beyond what is kept, the oldest first."""
    left, seen = BYTES, set[int]()
    with suppress(OSError):
        for folder in place().glob(".*"):
            if folder.name.startswith(".gone") or time.time() - folder.stat().st_mtime > 3600:
                shutil.rmtree(folder, ignore_errors=True)
        for number, each in enumerate(one for one in sessions() if one.kept):
            left -= _bytes(each.folder / STORE, seen)
            if (number >= KEPT - 1 or left < 0) and not running(each.id):
                shutil.rmtree((each.folder / STORE).rename(place() / f".gone-{each.id}"), ignore_errors=True)


def _bytes(store: Path, seen: set[int]) -> int:
    """What the store takes on disk, but for what it shares with those that were counted before."""
    size = 0
    with suppress(OSError), os.scandir(store) as folders_of_it:
        for folder in folders_of_it:
            with suppress(NotADirectoryError), os.scandir(folder) as files:
                for found in (file.stat() for file in files):
                    size += 0 if found.st_ino in seen else found.st_size
                    seen.add(found.st_ino)
    return size
