"""This machine: room and rights on the disk, the workspace, uv."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import folders
from tools.doctor.check import Check, broken, ok, quoted, warning
from tools.embedded.weights import SPARE
from tools.workspace import refusal

LOW, FETCH = 1e9, 5e9
"""Bytes that should be free: at least, and where weights have to be fetched."""


def uv() -> Check:
    """Whether uv is there, which fetches weights where the makers' hub is not to be reached."""
    found = folders.uv()
    if found:
        return ok("uv", found)
    return warning("uv", "uv is not on PATH: it updates the program and fetches weights", "pip install uv")


def disk(places: Mapping[str, Path], fetch: int) -> Iterator[Check]:
    """Whether the folders can be written and have room; `fetch`: bytes that will go into the one named cache."""
    disks: dict[int, list[str]] = {}
    for name, path in places.items():
        there = existing(path)
        if problem := _unwritable(name, path, there):
            yield problem
        else:
            disks.setdefault(there.stat().st_dev, []).append(name)
    for names in disks.values():
        yield _room(names, places[names[0]], fetch if "cache" in names else 0)


def existing(path: Path) -> Path:
    """The path, or what is there of the folders above it."""
    return next((each for each in (path, *path.parents) if each.exists()), Path(path.anchor))


def _unwritable(name: str, path: Path, there: Path) -> Check | None:
    if not there.is_dir():
        return broken("disk", f"{name} {path}: {there} is no folder", f"mv {quoted(there)} {quoted(f'{there}.old')}")
    if not os.access(there, os.W_OK | os.X_OK):
        return broken(
            "disk",
            f"{name} {path}: you may not write in {there}",
            f"ls -ld {quoted(there)}   (then chown, or another disk)",
        )
    return None


def _room(names: list[str], path: Path, fetch: int) -> Check:
    free = shutil.disk_usage(existing(path)).free
    seen = f"{', '.join(names)} ({path}): {free / 1e9:.1f} GB free"
    if fetch and free < fetch + SPARE:
        need = f"{(fetch + SPARE) / 1e9:.1f} GB are needed for the weights"
        return broken("disk", f"{seen}, {need}", f"df -h {quoted(existing(path))}   (then free some space)")
    if free < (FETCH if fetch else LOW):
        return warning("disk", f"{seen}, which is little", f"df -h {quoted(existing(path))}   (then free some space)")
    return ok("disk", seen)


def workspace(named: Path | None, here: Path, root: Path) -> tuple[Path, Check]:
    """Where a task would work, and whether it may."""
    place = (named or here).expanduser().resolve()
    if named is None and (root / "pyproject.toml").is_file() and root.is_relative_to(place):
        return root / "work", ok("workspace", f"{root / 'work'}: code must not change the program's own folder")
    other = "commander --workspace DIR   (a folder of its own)"
    if not place.is_dir():
        return place, broken("workspace", f"--workspace {place} is no folder", f"mkdir -p {quoted(place)}")
    if why := refusal(place, root):
        return place, (broken if named else warning)("workspace", f"no task can work here: {why}", other)
    return place, ok("workspace", str(place))
