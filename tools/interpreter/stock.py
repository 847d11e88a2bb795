"""What a workspace holds that its jail must cover: ways to programs of the host, and files of secrets and settings."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEPT = frozenset({".git", ".commander", ".env"})
"""Never changed by generated code where they are there before it; so are `.env.local` and its like."""
MOST = 500_000
"""Entries looked at: half a second."""


@dataclass
class Stock:
    """`doors` are sockets, FIFOs and devices: a server of the host's may listen behind each, past any network jail."""

    doors: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    whole: bool = True


def take_stock(workspace: Path, most: int = MOST) -> Stock:
    """Looks through the workspace, the folders of tools too; what lies high comes first, and no link is followed."""
    stock = Stock()
    folders = deque([str(workspace)])
    while folders:
        for entry in entries(folders.popleft()):
            most -= 1
            if most < 0:
                stock.whole = False
                return stock
            if entry.is_symlink():
                continue
            if is_kept(entry.name):
                stock.kept.append(Path(entry.path))
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif not entry.is_file(follow_symlinks=False):
                stock.doors.append(Path(entry.path))
    return stock


def is_kept(name: str) -> bool:
    """Whether a file or folder of that name is not to be changed."""
    return name in KEPT or name.startswith(".env.")


def entries(folder: str) -> Iterator["os.DirEntry[str]"]:
    """What a folder holds; nothing where it cannot be listed, and so not by the jailed either."""
    try:
        with os.scandir(folder) as found:
            yield from found
    except OSError:
        return
