"""Files by name and size: the tree of a folder that a task is about, and a short list of all the others."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import splitext
from typing import NamedTuple

from tools.workspace import shown

_CROWD = 8
"""Files of one folder that a list still names one by one."""


class File(NamedTuple):
    """A regular file, its size in bytes, and what is said of it where only its name is shown."""

    path: str
    size: int
    note: str

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case, with the dot."""
        return splitext(self.path)[1].lower()

    @property
    def above(self) -> str:
        """The folder that it lies in; empty for the workspace itself."""
        return self.path.rpartition("/")[0]


def listed(files: list[File], room: int, title: str) -> Iterator[str]:
    """Names and sizes; many files of one folder as one line."""
    if not files:
        return
    yield title
    room -= len(title) + 20
    crowds = Counter(file.above for file in files)
    seen: set[str] = set()
    for position, file in enumerate(files):
        crowded = crowds[file.above] > _CROWD and file.above
        line = f"  {file.above}/: {crowds[file.above]} files" if crowded else f"  {file.path} ({file.note})"
        if line in seen:
            continue
        room -= len(line) + 1
        if room < 0:
            yield f"  and {len(files) - position} more"
            return
        seen.add(line)
        yield line


def tree(place: str, files: Sequence[File], room: int) -> str:
    """All that a folder holds, a line each where there is room, else many names on one line."""
    if [file.path for file in files] == [place]:
        return f"The folder {place}: {files[0].note}"
    title = f"The folder {place}: {len(files)} file{'s' * (len(files) != 1)}"
    text = "\n".join([f"{title}:", *(f"  {file.path} ({file.note})" for file in files)])
    if len(text) <= room:
        return text
    title += f" ({_kinds(files)}):"
    folders: dict[str, list[File]] = {}
    for file in files:
        folders.setdefault(file.above, []).append(file)
    lines, left = [title], room - len(title)
    for position, (folder, held) in enumerate(folders.items()):
        if left < 60:
            lines.append(f"  and {len(folders) - position} more folders")
            break
        lines.append(_crowd(folder, held, left // (len(folders) - position) if position else left // 2))
        left -= len(lines[-1]) + 1
    return "\n".join(lines)


def _kinds(files: Sequence[File]) -> str:
    """How many files there are of each ending."""
    kinds = Counter(splitext(file.path)[1] or "no ending" for file in files).most_common()
    rest = sum(count for _, count in kinds[6:])
    told = [f"{count} {kind}" for kind, count in kinds[:6]] + ([f"{rest} others"] if rest else [])
    return ", ".join(told)


def _crowd(folder: str, files: Sequence[File], room: int) -> str:
    line = f"  {folder}/: {len(files)} files: "
    names = [f"{file.path.rpartition('/')[2]} ({file.note})" for file in files]
    for position, name in enumerate(names):
        if len(line) + len(name) > room - 16 and position:
            return f"{line}and {len(names) - position} more"
        line += f"{name}, " if position < len(names) - 1 else name
    return line


def clipped(text: str, room: int) -> str:
    """The text up to the last whole line that fits."""
    if len(text) <= room:
        return text
    kept = text[: max(0, room - 6)]
    return kept.rpartition("\n")[0] + "\n  ..." if "\n" in kept else text[:room]


def cut(text: str, most: int) -> str:
    """The text, or its beginning and three dots."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def printable(text: str) -> str:
    r"""The text with tabs, and control characters as `\x1b`."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in "\t\\" else shown(c) for c in text)


def label(name: str) -> str:
    """A name as it is, or quoted where it would mislead."""
    plain = name == name.strip() and name.isprintable() and name
    return cut(name, 80) if plain else json.dumps(cut(name, 80))


def in_words(size: int) -> str:
    """A size with its unit."""
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= least:
            return f"{size / least:.3g} {unit}"
    return f"{size} byte{'s' * (size != 1)}"
