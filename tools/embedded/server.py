"""The user's one embedded server: found, started, shared, stopped. Light to import; the process itself is not."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from filelock import FileLock, Timeout

from config import folders
from config.errors import ModelError, ServerError
from tools.embedded import weights
from tools.embedded.address import PROTOCOL, Address, Record
from tools.embedded.memory import LIMIT
from tools.events import Emit, Notice, Phase, ignore

IDLE = 300.0
"""Seconds after its last use at which the server ends."""
_START = 60.0
"""Seconds that a start may take on a slow disk; it takes one."""
_END = 10.0
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from tools.embedded.process import main; main(sys.argv[2:])"
_APART = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: away from the console, and no Ctrl-C meant for others."""


def ensure(
    choice: str = "", emit: Emit = ignore, *, folder: Path | None = None, idle: float = IDLE, limit: int = LIMIT
) -> Address:
    """A living server that offers the model: the user's own, or one started now.

    `choice` is what EMBEDDED_MODEL says: a known name, a GGUF file's path, or empty for the default. The weights are
    fetched when they are not there; they are loaded by the first request. `folder` is the state folder; `limit` says
    how many models a server that is started now keeps in memory. Raises ModelError and ServerError.
    """
    found = weights.locate(choice, emit)
    folder = folder or folders.state()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with FileLock(folder / "embedded.lock", timeout=2 * _START):  # of two starters, the second finds the server
            record = _living(folder) or _started(folder, (idle, limit), emit)
    except Timeout:
        raise ServerError("another program is starting the embedded server, and does not end", _look(folder)) from None
    model = {"name": found.name, "path": str(found.path), "digest": found.digest}
    answer = record.ask("/commander/models", model, timeout=30)
    if answer is None:
        raise ServerError("the embedded server ended at its start", _look(folder))
    if "error" in answer:
        raise ModelError(f"{found.path}: {answer['error']}", "set EMBEDDED_MODEL to a GGUF file that is whole")
    return Address(f"http://127.0.0.1:{record.port}", record.token, found.name)


def running(folder: Path | None = None) -> Address | None:
    """The living server, None when there is none; nothing is started or stopped."""
    record = Record.read(folder or folders.state())
    if record is None or record.protocol() is None:
        return None
    return Address(f"http://127.0.0.1:{record.port}", record.token)


def stop(folder: Path | None = None) -> bool:
    """End the server and its models; False when none was there."""
    record = Record.read(folder or folders.state())
    return record is not None and record.protocol() is not None and _ended(record)


def serve(choice: str, emit: Emit, *, limit: int = LIMIT, folder: Path | None = None) -> None:
    """Be the server, in the foreground, until it is stopped; raises ServerError when one is there already."""
    from tools.embedded import catalog
    from tools.embedded.process import Process

    folder = folder or folders.state()
    other = running(folder)
    if other:
        raise ServerError(f"an embedded server runs already at {other.base_url}", "commander models stop")
    found = weights.locate(choice, emit)

    def ready(record: Record) -> None:
        place = f"http://127.0.0.1:{record.port}"
        emit(Notice(f"{found.name} at {place}, Authorization: Bearer {record.token}"))

    process = Process(folder, 0, float("inf"), limit, ready)
    process.offer(catalog.describe(found.name, found.path, found.digest))
    process.run_until_idle()


def _living(folder: Path) -> Record | None:
    """The server to share; one of another protocol is told to end."""
    record = Record.read(folder)
    protocol = record.protocol() if record else None
    if record is None or protocol in (None, PROTOCOL):
        return record if protocol else None
    _ended(record)
    return None


def _ended(record: Record) -> bool:
    record.ask("/commander/stop", {})
    deadline = time.monotonic() + _END
    while record.protocol() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _started(folder: Path, manner: tuple[float, int], emit: Emit) -> Record:
    emit(Phase("starting the embedded server"))
    (folder / "embedded.json").unlink(missing_ok=True)
    process = _spawned(folder, manner)
    deadline = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < deadline:
        record = Record.read(folder)
        if record and record.protocol() is not None:
            threading.Thread(target=process.wait, daemon=True).start()  # no zombie when it ends before us
            return record
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise ServerError("the embedded server does not start", _look(folder))


def _spawned(folder: Path, manner: tuple[float, int]) -> subprocess.Popen[bytes]:
    """A process that outlives this one: of its own session, with nothing of ours open."""
    command = [sys.executable, "-I", "-c", _BOOT, str(folders.ROOT), json.dumps([str(folder), *manner])]
    with (folder / "embedded.log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            creationflags=_APART,
            start_new_session=sys.platform != "win32",
        )


def _look(folder: Path) -> str:
    return f"look at {folder / 'embedded.log'}, or set OLLAMA_BASE_URL"
