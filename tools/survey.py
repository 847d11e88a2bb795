"""What a small model is shown of a workspace before it writes code: the files that the task is about, then the rest."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from tools.mentions import hinted, matching, mentioned
from tools.tables import Column, Table, table
from tools.texts import Text, decoded
from tools.workspace import Workspace, shown

OTHERS = "Other files, to be left alone unless the task needs them:"
"""The line that the names of those files stand under which the task is not about."""
_WHOLE = 4_000_000
_HEAD = 500_000
"""Bytes: a table up to the first is read whole, of a larger one the second is."""
_LOOKED_INTO = 20
_DATA = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
_RECORDS = frozenset({".log", ".txt", *_DATA})
_LINE = 200
_MOST = 10_000


class File(NamedTuple):
    """A regular file, its size in bytes, and what is said of it where only its name is shown."""

    path: str
    size: int
    note: str

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case, with the dot."""
        return PurePosixPath(self.path).suffix.lower()


def survey(workspace: Workspace, budget_chars: int, task: str = "") -> str:
    """The folder in at most so many characters; what the task names comes first and in detail, the rest by name alone.

    Raises:
        OSError: the workspace is gone.
    """
    files, others = _found(workspace)
    if not files and not others:
        return "The folder is empty."[:budget_chars]
    named = [file for file in files if mentioned(task, file.path)]
    detailed = named or _hinted(workspace, files, task)
    others += set(files) - set(detailed)
    left = budget_chars - min(budget_chars // 4, 60 + 40 * len(others))
    parts: list[str] = []
    for position, file in enumerate(detailed):
        part = _described(workspace, file, bool(named), task) if left > 40 else None
        if part is None:
            others.append(file)
        else:
            parts.append(_clipped(part, max(left // (len(detailed) - position), min(left, 200))))
            left -= len(parts[-1]) + 1
    rest = budget_chars - sum(len(part) + 1 for part in parts)
    title = OTHERS if parts else "Files:"
    return "\n".join([*parts, *_listed(sorted(others), rest, title)])[:budget_chars]


def _found(workspace: Workspace) -> tuple[list[File], list[File]]:
    """Files that can be looked into, and what else is to be named: links, folders that are empty or too full."""
    found = {each.path: each for each in workspace.walk(_MOST) if each.kind != "noise"}
    filled = {path.rpartition("/")[0] for path in found}
    files = [
        File(path, each.stat.st_size, _size(each.stat.st_size)) for path, each in found.items() if each.kind == "file"
    ]
    notes = {"folder": "empty folder", "cut": "folder, too large to list", "link": "link", "special": "not a file"}
    others = [
        File(path, 0, notes[each.kind]) for path, each in found.items() if each.kind in notes and path not in filled
    ]
    return files, others


def _hinted(workspace: Workspace, files: list[File], task: str) -> list[File]:
    small = [file for file in files if file.suffix in _DATA][:_LOOKED_INTO]
    tables = {file.path: _table(workspace, file, _HEAD) for file in small} if task.strip() else {}
    columns = {path: [column.name for column in found.columns] for path, found in tables.items() if found}
    paths = set(hinted(task, [file.path for file in files], columns))
    return [file for file in files if file.path in paths]


def _text(workspace: Workspace, file: File, limit: int) -> Text | None:
    data = workspace.read(file.path, limit + 1)
    return None if data is None else decoded(data[:limit], whole=len(data) <= limit)


def _table(workspace: Workspace, file: File, limit: int) -> Table | None:
    text = _text(workspace, file, limit)
    return table(file.suffix, text, file.size) if text else None


def _described(workspace: Workspace, file: File, named: bool, task: str) -> str | None:
    """A file in detail: as a table, else its first lines, all of them if it is short source that the task names.

    None for what is no text, or empty, and not named.
    """
    if file.suffix in _DATA:
        text = _text(workspace, file, _WHOLE if file.size <= _WHOLE else _HEAD)
        found = table(file.suffix, text, file.size) if text else None
        if text and found:
            return "\n".join(_tabulated(file, found, text.encoding, 40 if named else 15))
    text = _text(workspace, file, _HEAD)
    if text is None or not text.text.strip():
        return f"{file.path}: {file.note}, {'empty' if text else 'not text'}" if named else None
    lines = text.text.splitlines()
    count = 3 if not named else 12 if file.suffix in _RECORDS else 150
    kept = lines[:count]
    notes = [file.note, *_foreign(text.encoding), *(["all of it"] if text.whole and kept == lines else [])]
    head = f"{file.path}: {', '.join(notes)}{'' if text.whole and kept == lines else ', begins'}:"
    hits = matching(lines[count:], task)
    said = ["  lines that share words with the task:"] if hits else []
    return "\n".join([head, *map(_quoted, kept), *said, *map(_quoted, hits)])


def _quoted(line: str) -> str:
    return f"  | {_cut(_printable(line), _LINE)}"


def _foreign(encoding: str) -> list[str]:
    return [] if encoding == "utf-8" else [f"encoding {encoding}"]


def _tabulated(file: File, found: Table, encoding: str, most: int) -> Iterator[str]:
    rows = f"{found.rows:,} row{'s' * (found.rows != 1)}" if found.whole else f"about {found.rows:,} rows"
    notes = [file.note, rows, *filter(None, [found.form]), *_foreign(encoding)]
    yield f"{file.path}: {', '.join(notes)}; columns:"
    yield from (f"  {_column(column, found.whole)}" for column in found.columns[:most])
    if more := [_name(column.name) for column in found.columns[most:]]:
        yield f"  and {len(more)} more: {', '.join(more)}"


def _column(column: Column, whole: bool) -> str:
    parts = [column.type]
    if column.missing:
        parts.append(f"{column.missing:,} missing{'' if whole else ' in the first rows'}")
    if column.examples:
        quoted = [json.dumps(_cut(word, 40), ensure_ascii=False) for word in column.examples]
        words = quoted if column.type.startswith(("text", "mostly")) else [_cut(word, 40) for word in column.examples]
        parts.append(f"e.g. {', '.join(_printable(word) for word in words)}")
    return f"{_name(column.name)}: {', '.join(parts)}"


def _name(name: str) -> str:
    plain = name == name.strip() and name.isprintable() and name
    return _cut(name, 80) if plain else json.dumps(_cut(name, 80))


def _listed(files: list[File], room: int, title: str) -> Iterator[str]:
    """Names and sizes; many files of one folder as one line."""
    if not files:
        return
    yield title
    room -= len(title) + 20
    crowds = Counter(file.path.rpartition("/")[0] for file in files)
    seen: set[str] = set()
    for position, file in enumerate(files):
        above = file.path.rpartition("/")[0]
        crowded = crowds[above] > 8 and above
        line = f"  {above}/: {crowds[above]} files" if crowded else f"  {file.path} ({file.note})"
        if line in seen:
            continue
        room -= len(line) + 1
        if room < 0:
            yield f"  and {len(files) - position} more"
            return
        seen.add(line)
        yield line


def _clipped(text: str, room: int) -> str:
    """The text up to the last whole line that fits."""
    if len(text) <= room:
        return text
    return text[: max(0, room - 6)].rpartition("\n")[0] + "\n  ..." if "\n" in text[: max(0, room - 6)] else text[:room]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _printable(text: str) -> str:
    r"""The text with tabs, and control characters as `\x1b`."""
    return "".join(char if char.isprintable() or char in "\t\\" else shown(char) for char in text)


def _size(size: int) -> str:
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= least:
            return f"{size / least:.3g} {unit}"
    return f"{size} byte{'s' * (size != 1)}"
