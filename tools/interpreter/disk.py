"""The disk under a workspace: what a run adds to it has a limit, and some of it always stays free."""

import contextlib
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MOST = 500_000
"""Entries counted where the disk has shrunk: half a second, once in as many bytes as a run may write."""
FEW = 10_000
"""Files for which there must be room."""
GRAIN = 2
"""Seconds by which the clock of a file system may be behind."""


@dataclass(frozen=True)
class Room:
    """What all blocks of a run may add to the workspace, and what must stay free on its disk."""

    growth_mb: int
    growth_files: int
    free_mb: int


class Use(NamedTuple):
    """A disk at one moment: bytes and files that it holds, and that it could still take."""

    used: int
    files: int
    free: int
    free_files: int


class Added(NamedTuple):
    """What a run has brought."""

    used: int
    files: int


BOUNDLESS = Added(sys.maxsize - 1, sys.maxsize - 1)


class Disk:
    """Watches it for one run, over all workers of it."""

    def __init__(self, workspace: Path, room: Room) -> None:
        self._workspace = workspace
        self._room = room
        self._since = time.time() - GRAIN
        self._begin = look(workspace)
        self._most = Added(room.growth_mb << 20, room.growth_files)
        self._broken = False
        self._least = room.free_mb << 20, FEW
        self._lower_least(self._begin)

    def breach(self, find_pids: Callable[[], Iterable[int]]) -> str:
        """Which limit is broken now, or nothing; one call of the system, unless much has been written."""
        now = look(self._workspace)
        if self._broken:
            self._put_off(now, find_pids)
        if self._is_full(now):
            self._broken = True
            size, files = self._least
            return f"the disk has less than {size >> 20} MB left, or room for less than {files} files"
        return self._judge(now, find_pids) if exceeds(grown(self._begin, now), self._most) else ""

    def _is_full(self, now: Use) -> bool:
        return now.free < self._least[0] or now.free_files < self._least[1]

    def _lower_least(self, now: Use) -> None:
        self._least = min(self._least[0], now.free // 2), min(self._least[1], now.free_files // 2)

    def _put_off(self, now: Use, find_pids: Callable[[], Iterable[int]]) -> None:
        """Lets later blocks take away what is too much: done by the next worker, with all that the last one wrote."""
        self._broken = False
        if self._is_full(now):
            self._lower_least(now)
        held = count(self._workspace, self._since, BOUNDLESS, find_pids)
        if exceeds(held, BOUNDLESS):  # hidden: then what the disk has lost
            held = grown(self._begin, now)
        self._begin = now._replace(used=now.used - held.used, files=now.files - held.files)
        most = Added(self._room.growth_mb << 20, self._room.growth_files)
        self._most = Added(max(most.used, held.used + most.used // 10), max(most.files, held.files + most.files // 10))

    def _judge(self, now: Use, find_pids: Callable[[], Iterable[int]]) -> str:
        """Whether it was the run that wrote so much: others use the disk too."""
        added = count(self._workspace, self._since, self._most, find_pids)
        if not exceeds(added, self._most):
            self._begin = now._replace(used=now.used - added.used, files=now.files - added.files)
            return ""
        self._broken = True
        room = self._room
        what = f"{room.growth_mb} MB" if added.used > self._most.used else f"{room.growth_files} files"
        return f"the workspace grew by more than {what}"


def grown(begin: Use, now: Use) -> Added:
    """What the disk holds more than then."""
    return Added(now.used - begin.used, now.files - begin.files)


def exceeds(one: Added, most: Added) -> bool:
    """Whether it has too many bytes, or too many files."""
    return one.used > most.used or one.files > most.files


def look(workspace: Path) -> Use:
    """The disk now; where it does not tell, nothing is used and all is free."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            usage = shutil.disk_usage(workspace)
            return Use(usage.used, 0, usage.free, sys.maxsize)
        told = os.statvfs(workspace)
        files = told.f_files - told.f_ffree  # btrfs tells zero of zero
        return Use(
            (told.f_blocks - told.f_bfree) * told.f_frsize,
            files,
            told.f_bavail * told.f_frsize,
            told.f_favail if told.f_files else sys.maxsize,
        )
    return Use(0, 0, sys.maxsize, sys.maxsize)


def count(workspace: Path, since: float, most: Added, find_pids: Callable[[], Iterable[int]]) -> Added:
    """What was written since then and is still held, up to more than `most`: no program can set the time of change."""
    used = files = 0
    for size in sizes(workspace, since):
        used, files = used + size, files + 1
        if exceeds(Added(used, files), most):
            return Added(used, files)
    return Added(used + unlinked(workspace, find_pids()), files)


def sizes(workspace: Path, since: float) -> Iterator[int]:
    """Bytes on disk of all that has changed since then, each inode once; more than all where somebody hides it."""
    seen: set[int] = set()
    folders, left = [str(workspace)], MOST
    while folders and left > 0:
        folder = folders.pop()
        try:
            for entry, found in listed(folder):
                left -= 1
                if stat.S_ISDIR(found.st_mode):
                    folders.append(entry)
                if changed(found, since) and found.st_ino not in seen:
                    seen.add(found.st_ino)
                    yield held(found)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG or (error.errno == errno.EACCES and closed(folder, since)):
                yield sys.maxsize


def listed(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """What a folder holds, but for what goes meanwhile."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                yield entry.path, entry.stat(follow_symlinks=False)


def changed(found: os.stat_result, since: float) -> bool:
    """Whether it was written, or anything about it was changed."""
    return max(found.st_ctime, found.st_mtime) >= since


def closed(folder: str, since: float) -> bool:
    """Whether a folder that cannot be listed has changed since then."""
    with contextlib.suppress(OSError):
        return changed(os.lstat(folder), since)
    return True


def unlinked(workspace: Path, pids: Iterable[int]) -> int:
    """Bytes of files that have no name any more, and that these processes keep open."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError):
        device = workspace.stat().st_dev
        for pid in pids:
            with contextlib.suppress(OSError):
                for descriptor in Path("/proc", str(pid), "fd").iterdir():
                    with contextlib.suppress(OSError):
                        file = descriptor.stat()
                        if stat.S_ISREG(file.st_mode) and file.st_dev == device and not file.st_nlink:
                            found[file.st_ino] = held(file)
    return sum(found.values())


def held(file: os.stat_result) -> int:
    """Bytes that it takes on disk: of a sparse file only what is written."""
    if sys.platform == "win32":
        return file.st_size
    return file.st_blocks * 512
