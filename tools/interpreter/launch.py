"""How a worker is started: its command line, through the jail, and its environment."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from config.errors import JailError
from tools.interpreter.disk import Disk, Room
from tools.interpreter.environment import clean_environment
from tools.interpreter.jail import Jail, NoJail, find_bwrap
from tools.interpreter.pythons import Python, own_python
from tools.interpreter.seccomp import NoFilter, find_filter, readable
from tools.interpreter.stock import MOST, Stock, take_stock

SHELLS = ("pwsh", "powershell") if sys.platform == "win32" else ("bash", "sh")
MOST_DOORS = 1000
"""Bubblewrap takes 9,000 words."""


@dataclass(frozen=True)
class Start:
    """A command line, and the file that it reads by its descriptor, closed here once it has its own."""

    command: list[str]
    file: BinaryIO | None = None

    @property
    def fds(self) -> tuple[int, ...]:
        """The descriptors that the command line names."""
        return (self.file.fileno(),) if self.file else ()

    def __enter__(self) -> "Start":
        return self

    def __exit__(self, *_: object) -> None:
        if self.file:
            self.file.close()


@dataclass
class Launch:
    """What a worker is given to see and to use; `restraint` is what it puts on itself."""

    worker: Path
    workspace: Path
    python: Python
    home: str
    restraint: Mapping[str, int]
    jailed: bool
    network: bool
    readonly: Sequence[Path]
    tmp_mb: int
    room: Room
    stock: Stock | None = None
    """What the workspace held before any block: what blocks make is theirs to change."""

    @property
    def environment(self) -> dict[str, str]:
        """Made up; nothing of the host's."""
        return clean_environment(self.python.executable, self.home)

    @cached_property
    def disk(self) -> Disk:
        """Of all workers together, from the first one on."""
        return Disk(self.workspace, self.room)

    @property
    def notes(self) -> list[str]:
        """What of the jail cannot be had here, a line each."""
        if not self.jailed:
            return []
        found = find_filter()
        missing = [f"{found.what}; the jail works without; next: {found.remedy}"] if isinstance(found, NoFilter) else []
        cut = f"{self.workspace} holds more than {MOST:,} files: sockets and .env files are covered only high up in it"
        return [*missing, *([cut] if self.stock and not self.stock.whole else [])]

    def prepare(self) -> Start:
        """The whole command line; JailError where there can be no jail."""
        _ = self.disk
        tools = {
            "python": str(self.python.executable),
            "shell": next(filter(None, map(shutil.which, SHELLS)), SHELLS[-1]),
            "javascript": shutil.which("node") or "",
        }
        settings = json.dumps({"limits": {**self.restraint, "jailed": self.jailed}, "tools": tools})
        command = [str(own_python().executable), "-I", str(self.worker), settings]
        return self._through_jail(command) if self.jailed else Start(command)

    def _through_jail(self, command: list[str]) -> Start:
        bwrap, found = find_bwrap(), find_filter()
        if isinstance(bwrap, NoJail):
            raise JailError(bwrap.what, bwrap.remedy)
        stock = take_stock(self.workspace)
        self.stock = self.stock or stock
        if len(doors := stock.doors) > MOST_DOORS:
            raise JailError(
                f"{self.workspace} holds {len(doors)} sockets and pipes, which a jail must cover",
                f"find {self.workspace} ! -type f ! -type d ! -type l -delete",
            )
        file = None if isinstance(found, NoFilter) else readable(found)
        jail = Jail(
            self.workspace,
            shown=self._shown(),
            readonly=[path for path in [*self.readonly, *self.stock.kept] if path not in doors],
            doors=doors,
            network=self.network,
            tmp_mb=self.tmp_mb,
            filter_fd=file.fileno() if file else None,
        )
        return Start([*jail.command(bwrap, self.environment), *command], file)

    def _shown(self) -> list[Path]:
        node = shutil.which("node")
        return [
            *own_python().folders,
            *self.python.folders,
            *([Path(node)] if node else []),
            self.worker.parent,
        ]
