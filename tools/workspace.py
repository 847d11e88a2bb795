"""Safe reading of the folder that jailed code writes in."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, NamedTuple

from tools.folder import Folder, Kind, kind_of

NOISE = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", ".tox", ".nox"}
    | {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders of tools: neither shown nor covered by snapshots (so that the jail has them read-only)."""
_DEPTH = 50
_MOST = 50_000
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U(00(?:0[0-9a-f]|10)[0-9a-f]{4}))")


class Found(NamedTuple):
    """An entry of the walk: a cut folder cannot be listed, or holds more, or lies deeper, than we look at."""

    path: str
    kind: Kind | Literal["noise", "cut"]
    stat: os.stat_result
    folder: Folder
    name: str


class Workspace:
    """The folder of a run. Paths are relative, with forward slashes, and printable: see `shown`."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def files(self, most: int = _MOST) -> list[str]:
        """The regular files outside of noise, sorted."""
        return sorted(found.path for found in self.walk(most) if found.kind == "file")

    def read(self, path: str, limit_bytes: int) -> bytes | None:
        """The first bytes of a regular file; None where there is none, or where a link stands in the way."""
        *folders, name = [unshown(part) for part in path.split("/")]
        try:
            with ExitStack() as stack:
                folder = stack.enter_context(Folder.at(self.root))
                for each in folders:
                    folder = stack.enter_context(folder.folder(each))
                return stack.enter_context(folder.file(name)).read(limit_bytes)
        except (OSError, ValueError):
            return None

    def place(self, path: str) -> Path:
        """The absolute place of a path; for binding it in a jail, not for opening it."""
        return self.root.joinpath(*(unshown(part) for part in path.split("/")))

    def walk(self, most: int = _MOST, depth: int = _DEPTH) -> Iterator[Found]:
        """All entries, sorted; a folder comes before what it holds, and is cut whole where `most` does not cover it.

        Raises:
            OSError: the workspace itself is gone.
        """
        with Folder.at(self.root) as root:
            names = _names(root, budget := [most])
            if names is None:
                yield Found(".", "cut", self.root.stat(), root, ".")
            yield from _walk(root, "", names or [], budget, depth)


def _names(folder: Folder, budget: list[int]) -> list[str] | None:
    """The names in a folder, taken off the budget; None where it has more or cannot be listed."""
    try:
        names = folder.names(budget[0] + 1)
    except OSError:
        return None
    if len(names) > budget[0]:
        return None
    budget[0] -= len(names)
    return names


def _walk(folder: Folder, above: str, names: list[str], budget: list[int], depth: int) -> Iterator[Found]:
    for name in names:
        try:
            stat = folder.stat(name)
        except OSError:
            continue  # gone meanwhile
        found = Found(above + shown(name), kind_of(stat), stat, folder, name)
        if found.kind in {"file", "folder"} and name.lower() in NOISE:
            yield found._replace(kind="noise")
        elif found.kind == "folder":
            yield from _inside(found, budget, depth - 1)
        else:
            yield found


def _inside(found: Found, budget: list[int], depth: int) -> Iterator[Found]:
    try:
        inner = found.folder.folder(found.name)
    except (FileNotFoundError, NotADirectoryError):
        return  # gone meanwhile, or something else now
    except OSError:
        yield found._replace(kind="cut")
        return
    with inner:
        names = _names(inner, budget) if depth else None
        yield found if names is not None else found._replace(kind="cut")
        yield from _walk(inner, f"{found.path}/", names or [], budget, depth)


def refusal(root: Path, program: Path) -> str | None:
    """Why a folder may not be a workspace, and what to do instead; None when it may.

    An installed program, no checkout, may lie in the folder (in a project's `.venv`); the caller binds it read-only.
    """
    root, program, home = root.resolve(), program.resolve(), Path.home().resolve()
    if root == Path(root.anchor):
        return f"{root} is the whole disk: make a folder for the task and name that"
    if _holds(root, home):
        return f"{root} {'is' if _same(root, home) else 'holds'} your home folder: make a folder in it and name that"
    if _holds(program, root) and not _holds(program / "work", root):
        return f"{root} belongs to the program itself: name a folder elsewhere, or {program / 'work'}"
    if _holds(root, program) and (program / "pyproject.toml").is_file():
        return f"{root} holds the program itself ({program}): name a folder elsewhere"
    return None


def _holds(outer: Path, inner: Path) -> bool:
    return any(_same(outer, each) for each in (inner, *inner.parents))


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one folder, also where the file system ignores case."""
    try:
        return one.samefile(other)
    except OSError:
        return one == other


def shown(name: str) -> str:
    r"""A name that can be printed: control characters as `\x1b`, bytes that are no UTF-8 as `\xff`, `\` doubled."""
    return name if name.isprintable() and "\\" not in name else "".join(map(_shown, name))


def _shown(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return "\\\\"
    if char.isprintable():
        return char
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code & 0xFF:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def unshown(name: str) -> str:
    """The file name that `shown` made printable."""
    return _ESCAPE.sub(_unshown, name)


def _unshown(escape: re.Match[str]) -> str:
    if escape[1]:
        byte = int(escape[1], 16)
        return chr(byte if byte < 0x80 else 0xDC00 + byte)
    return chr(int(escape[2] or escape[3], 16)) if escape[2] or escape[3] else "\\"
