"""Watches a process with all that descend from it: the kernel exempts root from its own limit of processes."""

import contextlib
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from tools.interpreter.cgroup import ControlGroup
from tools.interpreter.disk import Disk

BUSY, IDLE = 0.25, 1.0
"""Seconds between two full looks."""
LEAST_MB = 256
"""What must stay available: without a control group nobody counts what the kernel keeps for a program."""


@dataclass(frozen=True)
class Entry:
    """A process as the system lists it; `resident` in bytes, shared pages in full."""

    parent: int
    threads: int
    resident: int


class Memory(NamedTuple):
    """Bytes of the machine's memory: what files in memory take, and what programs could still have."""

    shared: int
    available: int


class Watchdog:
    """Counts processes and memory of a tree, and what it adds to the disk, and ends it."""

    def __init__(self, pid: int, limits: Mapping[str, int], disk: Disk, *, jailed: bool) -> None:
        self._pid = pid
        self._disk = disk
        self._memory = machine_memory()
        self._least = min(LEAST_MB << 20, self._memory.available // 2)
        self._memory_mb = limits["memory_mb"]
        self._processes = limits["processes"]
        self._jailed = jailed
        self._jail: list[psutil.Process] = []
        self._seen: dict[int, psutil.Process] = {}
        self._next_look = 0.0
        self._group: ControlGroup | None = None

    def confine(self) -> None:
        """Puts the tree into a control group, where one can be had: done before the first block, nothing slips out."""
        # The kernel's limit is the last resort: a quarter above ours, so that a breach is told as what it is.
        self._group = ControlGroup.make(memory_mb=self._memory_mb * 5 // 4, processes=self._processes + 8)
        if self._group:
            self._group.admit(find_tree(self._pid, list_processes()))

    def breach(self, *, busy: bool) -> str:
        """Which limit is broken now, or nothing; costs next to nothing between the full looks."""
        crowded, starved = f"process limit of {self._processes}", f"memory limit of {self._memory_mb} MB"
        if self._count_jailed() > self._processes or (self._group and self._group.crowded()):
            return crowded
        if self._group and self._group.starved():
            return starved
        if full := self._disk.breach(lambda: find_tree(self._pid, list_processes())):
            return full
        unknown = self._jailed and len(self._jail) < 2
        if time.monotonic() < self._next_look and not unknown:
            return ""
        processes = list_processes()
        self._next_look = time.monotonic() + (BUSY if busy else IDLE)
        if unknown:
            self._find_jail(processes)
        tree = find_tree(self._pid, processes)
        if sum(entry.threads for entry in tree.values()) > self._processes:
            return crowded
        # Files in memory belong to no process: only a group counts them, or the kernel for the whole machine.
        now = machine_memory()
        unseen = 0 if self._group or not self._jailed else now.shared - self._memory.shared
        if self._megabytes(tree) > self._memory_mb or unseen >> 20 > self._memory_mb:
            return starved
        if now.available < self._least:
            return f"the machine has less than {self._least >> 20} MB of memory left"
        if not self._jailed:
            self._remember(tree)
        return ""

    def _count_jailed(self) -> int:
        """Processes in the jail by its own /proc: a look at each takes too long while a fork bomb takes the machine."""
        try:
            return sum(name.isdigit() for name in os.listdir(f"/proc/{self._jail[0].pid}/root/proc"))  # noqa: PTH208
        except (OSError, IndexError):
            return 0

    def remember(self) -> None:
        """Takes in what runs now outside of a jail, to end it later though nobody may name it as a child any more."""
        if self._jailed:
            return
        self._remember(find_tree(self._pid, list_processes()))

    def _remember(self, tree: dict[int, Entry]) -> None:
        for pid in tree.keys() - self._seen.keys():
            with contextlib.suppress(psutil.Error):
                self._seen[pid] = psutil.Process(pid)
        for pid in self._seen.keys() - tree.keys():
            if not lives(self._seen[pid]):
                del self._seen[pid]

    def _megabytes(self, tree: dict[int, Entry]) -> float:
        if sum(entry.resident for entry in tree.values()) >> 20 <= self._memory_mb:
            return 0.0
        return sum(share(pid, entry) for pid, entry in tree.items()) / 2**20

    def kill(self) -> None:
        """Ends everything."""
        if self._jailed:
            self._kill_jail()
        else:
            self._kill_tree()

    def _kill_jail(self) -> None:
        """Ends the jail's first process, and with it all others, before a fork bomb can outrun a look at them."""
        if len(self._jail) < 2:
            self._find_jail(list_processes())
        self._seen = {process.pid: process for process in self._jail}
        for process in self._jail:
            end(process)

    def _find_jail(self, processes: dict[int, Entry]) -> None:
        below = [pid for pid, entry in processes.items() if entry.parent == self._pid]
        with contextlib.suppress(psutil.Error):
            self._jail = [psutil.Process(pid) for pid in [*below, self._pid]]

    def _kill_tree(self) -> None:
        """Ends the tree, its head last: orphans come to it."""
        for _ in range(3):
            self.remember()
            for pid, process in self._seen.items():
                if pid != self._pid:
                    end(process)
        if head := self._seen.get(self._pid):
            end(head)

    def wait_gone(self, seconds: float) -> bool:
        """Waits until nothing is left of what was killed."""
        gone = self._wait_gone(seconds)
        if self._group:
            self._group.remove()
        return gone

    def _wait_gone(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while any(lives(process) for process in self._seen.values()):
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        return True


def list_processes() -> dict[int, Entry]:
    """All processes of the machine; psutil reads five files for what one holds."""
    if sys.platform != "linux":
        return list_elsewhere()
    page = os.sysconf("SC_PAGE_SIZE")
    found = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - a thousand of them, under a fork bomb
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                fields = file.read().rpartition(b")")[2].split()
                if fields[0] not in b"ZX":
                    found[int(name)] = Entry(int(fields[1]), int(fields[17]), int(fields[21]) * page)
    return found


def list_elsewhere() -> dict[int, Entry]:
    """All processes, on systems without /proc."""
    found = {}
    for process in psutil.process_iter(["ppid", "num_threads", "memory_info"]):
        memory = process.info["memory_info"]
        found[process.pid] = Entry(
            process.info["ppid"] or 0, process.info["num_threads"] or 1, memory.rss if memory else 0
        )
    return found


def machine_memory() -> Memory:
    """The machine's memory now; where it does not tell, none is shared and all is available."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = {name: int(value.split()[0]) << 10 for name, _, value in (line.partition(":") for line in lines)}
        return Memory(told["Shmem"], told["MemAvailable"])
    return Memory(0, sys.maxsize)


def find_tree(head: int, processes: dict[int, Entry]) -> dict[int, Entry]:
    """Those that descend from the head, and itself."""
    children: dict[int, list[int]] = {}
    for pid, entry in processes.items():
        children.setdefault(entry.parent, []).append(pid)
    found: dict[int, Entry] = {}
    ahead = [head] if head in processes else []
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found[pid] = processes[pid]
            ahead += children.get(pid, [])
    return found


def share(pid: int, entry: Entry) -> int:
    """Bytes of one process, shared pages counted by its part (PSS) where the system tells."""
    if sys.platform == "linux":
        with contextlib.suppress(psutil.Error):
            return int(psutil.Process(pid).memory_full_info().pss)
    return entry.resident


def lives(process: psutil.Process) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def end(process: psutil.Process) -> None:
    """Kills a process that may have ended."""
    with contextlib.suppress(psutil.Error):
        process.kill()
