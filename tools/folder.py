"""A folder that jailed code may be changing while we, outside of the jail, work in it.

Nothing here follows a link, waits for a FIFO or opens a device. On POSIX each step starts from an open folder, so that
no swap of a folder for a link leads out of the workspace. Windows has no such calls: there each name is looked at
before it is used, which a swap in between can deceive (no jail runs there either, so the code could do it itself).
A hard link to a file outside is no way out on Linux: the jail mounts the workspace alone, and links end at mounts.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

Kind = Literal["file", "folder", "link", "special"]

_BY_FD = {os.open, os.stat, os.unlink, os.mkdir, os.rmdir, os.symlink, os.readlink} <= os.supports_dir_fd
_SAFE = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_SURROGATE = 0x20000000  # the bit of Windows' reparse tags that stand for another place: links, junctions, mounts
_SOME = 1000


def kind_of(found: os.stat_result) -> Kind:
    """What a name stands for; special is what must not be opened: FIFO, socket, device, junction."""
    if stat.S_ISLNK(found.st_mode):
        return "link"
    if getattr(found, "st_reparse_tag", 0) & _SURROGATE:
        return "special"
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    return "file" if stat.S_ISREG(found.st_mode) else "special"


class Folder:
    """An open folder; names are single names in it. Every method may raise OSError: what it asks for can vanish."""

    def __init__(self, place: Path, fd: int | None) -> None:
        self._place, self._fd = place, fd

    @classmethod
    def at(cls, place: Path) -> Self:
        """The folder at a place that the user named; links in the place itself are followed."""
        return cls(place, os.open(place, _FOLDER) if _BY_FD else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fd is not None:
            os.close(self._fd)

    def _at(self, name: str) -> str:
        if name in {"", ".", ".."} or os.sep in name or (os.altsep and os.altsep in name) or "\0" in name:
            raise FileNotFoundError(name)
        return name if self._fd is not None else str(self._place / name)

    def names(self, most: int) -> list[str]:
        """At most that many of the names in it, sorted."""
        with os.scandir(self._place if self._fd is None else self._fd) as entries:
            return sorted(entry.name for entry in islice(entries, most))

    def stat(self, name: str) -> os.stat_result:
        """What the name stands for itself, not what it links to."""
        return os.stat(self._at(name), dir_fd=self._fd, follow_symlinks=False)

    def folder(self, name: str) -> "Folder":
        """The folder of that name, open."""
        self._expect(name, "folder")
        fd = os.open(name, _FOLDER | _SAFE, dir_fd=self._fd) if self._fd is not None else None
        return Folder(self._place / name, fd)

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """The regular file of that name, open for reading."""
        self._expect(name, "file")
        fd = os.open(self._at(name), os.O_RDONLY | _SAFE, dir_fd=self._fd)
        if kind_of(os.fstat(fd)) != "file":  # swapped meanwhile; fdopen refuses a folder and leaves it open
            os.close(fd)
            raise FileNotFoundError(name)
        with os.fdopen(fd, "rb") as file:
            yield file

    def target(self, name: str) -> str:
        """Where a link leads."""
        return os.readlink(self._at(name), dir_fd=self._fd)

    def _expect(self, name: str, kind: Kind) -> None:
        if kind_of(self.stat(name)) != kind:
            raise FileNotFoundError(name)

    def write(self, name: str, data: bytes, mode: int) -> None:
        """Make or replace a file: whole or not at all, and never through a link."""
        with self._replacing(name) as new:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE
            with os.fdopen(os.open(self._at(new), flags, 0o600, dir_fd=self._fd), "wb") as file:
                file.write(data)
                if hasattr(os, "fchmod"):
                    os.fchmod(file.fileno(), mode)

    def link(self, name: str, target: str) -> None:
        """Make or replace a link."""
        with self._replacing(name) as new:
            os.symlink(target, self._at(new), dir_fd=self._fd)

    @contextmanager
    def _replacing(self, name: str) -> Iterator[str]:
        new = _fresh()
        try:
            yield new
            os.replace(self._at(new), self._at(name), src_dir_fd=self._fd, dst_dir_fd=self._fd)
        except BaseException:
            with suppress(OSError):
                os.unlink(self._at(new), dir_fd=self._fd)
            raise

    def make(self, name: str) -> None:
        """Make a folder."""
        os.mkdir(self._at(name), dir_fd=self._fd)

    def remove(self, name: str) -> None:
        """Remove what the name stands for; folders with all that is in them, however deep, never through a link."""
        waiting = [name]
        while waiting:
            top = waiting.pop()
            if kind_of(self.stat(top)) != "folder":
                os.unlink(self._at(top), dir_fd=self._fd)
                continue
            with self.folder(top) as folder:
                waiting += folder._emptied_into(self)
            os.rmdir(self._at(top), dir_fd=self._fd)

    def _emptied_into(self, above: "Folder") -> list[str]:
        """Remove the files; move the folders up, so that depth costs neither recursion nor open files."""
        moved: list[str] = []
        if self._fd is not None and hasattr(os, "fchmod"):
            os.fchmod(self._fd, 0o700)
        while names := self.names(_SOME):
            for name in names:
                if kind_of(self.stat(name)) != "folder":
                    os.unlink(self._at(name), dir_fd=self._fd)
                    continue
                moved.append(_fresh())
                os.rename(self._at(name), above._at(moved[-1]), src_dir_fd=self._fd, dst_dir_fd=above._fd)
        return moved


def _fresh() -> str:
    return f".commander-{secrets.token_hex(8)}"
