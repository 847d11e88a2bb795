"""Limits that hold for root too: a control group, where we may make one (as root, mostly)."""

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

ROOT = Path("/sys/fs/cgroup")
NAME = "commander-"


class ControlGroup:
    """Processes that share one limit of memory, and one of processes with their threads; v1 has a folder for each."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders

    @classmethod
    def make(cls, *, memory_mb: int, processes: int) -> "ControlGroup | None":
        """A new group; None where the system or our rights give none."""
        unified = (ROOT / "cgroup.controllers").is_file()
        places = [ROOT] if unified else [ROOT / "pids", ROOT / "memory"]
        limits = {"pids.max": processes, "memory.max" if unified else "memory.limit_in_bytes": memory_mb << 20}
        if unified and Path("/proc/swaps").read_text(encoding="utf-8").count("\n") > 1:
            limits["memory.swap.max"] = 0  # what is swapped out is in no count
        remove_stale(places)
        group = cls([place / f"{NAME}{os.getpid()}-{time.monotonic_ns()}" for place in places])
        try:
            for folder in group._folders:
                folder.mkdir()
            for name, limit in limits.items():
                group._find(name).write_text(str(limit), encoding="ascii")
        except OSError:
            group.remove()
            return None
        return group

    def _find(self, name: str) -> Path:
        """The file of that name; a missing one cannot be made there, and so is an OSError."""
        return next((folder / name for folder in self._folders if (folder / name).exists()), self._folders[0] / name)

    def admit(self, pids: Iterable[int]) -> None:
        """Takes processes in; what they start from now on is in it too."""
        for pid in pids:
            for folder in self._folders:
                with contextlib.suppress(OSError):  # it may have ended
                    (folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    def crowded(self) -> bool:
        """Whether a process was refused."""
        return self._count("pids.events", "max") > 0

    def starved(self) -> bool:
        """Whether a process was ended for its memory."""
        return self._count("memory.events", "oom_kill") + self._count("memory.oom_control", "oom_kill") > 0

    def _count(self, file: str, name: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            lines = self._find(file).read_text(encoding="ascii").splitlines()
            return sum(int(line.split()[1]) for line in lines if line.split()[0] == name)
        return 0

    def remove(self) -> None:
        """Takes the group away as soon as its processes have ended."""
        for folder in self._folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)


def remove_stale(places: Iterable[Path]) -> None:
    """Removes what programs left that were killed."""
    for place in places:
        for folder in place.glob(f"{NAME}*-*"):
            with contextlib.suppress(OSError, ValueError):
                if not psutil.pid_exists(int(folder.name.split("-")[1])):
                    folder.rmdir()
