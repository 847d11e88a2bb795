"""The workspace of a run: the only folder that generated code can write, and the box around it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config import folders
from config.errors import UsageError
from config.settings import Settings
from tools.events import Emit, Notice
from tools.interpreter.box import Box, Limits
from tools.snapshot import Snapshot, Snapshots
from tools.workspace import NOISE, refusal


def workspace(named: Path | None, emit: Emit) -> Path:
    """The folder that the user named, else the current one, else `work/` in the checkout.

    Raises:
        UsageError: the folder is missing, or holds what code must not change.
    """
    place = (named or Path.cwd()).expanduser().resolve()
    checkout = (folders.ROOT / "pyproject.toml").is_file()
    if named is None and checkout and folders.ROOT.is_relative_to(place):
        place = folders.ROOT / "work"
        place.mkdir(exist_ok=True)
        emit(Notice(f"workspace {place}: code must not change the program's own folder"))
    if not place.is_dir():
        raise UsageError(f"--workspace {place} is not a folder", f"mkdir -p {place}")
    why = refusal(place, folders.ROOT) or near(place)
    if why:
        raise UsageError(why, "commander --workspace DIR with a folder of its own")
    if not os.access(place, os.W_OK):
        emit(Notice(f"{place} is read-only for you: programs can read there, and write nothing", "warning"))
    return place


def near(place: Path) -> str | None:
    """Why a folder may not be a workspace that holds our own data, or lies in it; None when it may."""
    ours = [folder.resolve() for folder in (folders.data(), folders.state())]
    if any(folder.is_relative_to(place) or place.is_relative_to(folder) for folder in ours):
        return f"{place} holds the sessions of this program, or belongs to them: name a folder elsewhere"
    return None


@contextmanager
def store() -> Iterator[Path]:
    """A folder for the run's snapshots, gone at its end; what runs left that were killed is removed before."""
    for left in Path(tempfile.gettempdir()).glob("commander-*-*"):
        pid = left.name.split("-")[1]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    place = tempfile.mkdtemp(prefix=f"commander-{os.getpid()}-")
    try:
        yield Path(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def own(place: Path) -> list[Path]:
    """What lies in the workspace and is still not writable: the program's own environment."""
    return [path for path in (Path(sys.prefix), folders.ROOT) if path.is_relative_to(place)]


def uncovered(snapshots: Snapshots, state: Snapshot, emit: Emit) -> list[Path]:
    """What a snapshot cannot bring back, and code must therefore not change; but for folders of tools it is named.

    Raises:
        UsageError: that is the whole workspace.
    """
    if "." in state.uncovered:
        raise UsageError(
            f"{snapshots.workspace.root} holds too many files", "commander --workspace DIR with a smaller one"
        )
    large = [path for path in state.uncovered if path.rpartition("/")[2].lower() not in NOISE]
    if large:
        more = f" and {len(large) - 5} more" if len(large) > 5 else ""
        what = f"{', '.join(large[:5])}{more}: too large for undo, not readable or in use, so read-only for code"
        emit(Notice(what, "warning"))
    return [snapshots.workspace.place(path) for path in state.uncovered]


def make_box(workspace: Path, settings: Settings, readonly: list[Path], *, jailed: bool, network: bool) -> Box:
    """The place where code runs; nothing is started yet."""
    limits = Limits(
        block_seconds=settings.commander_block_timeout,
        run_seconds=settings.commander_timeout,
        memory_mb=settings.commander_memory_mb,
        processes=settings.commander_processes,
    )
    named = settings.commander_python
    python = Path(shutil.which(named) or named) if named else None
    return Box(workspace, limits, python=python, jailed=jailed, network=network, readonly=[*own(workspace), *readonly])
