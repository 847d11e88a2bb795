"""A file in detail, as a small model needs it: a table by its columns, anything else by its first lines."""

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate

from tools.databases import LIMIT, MAGIC, Database, database
from tools.listing import File, clipped, cut, label, printable
from tools.logs import log_lines
from tools.mentions import matching
from tools.nested import flat
from tools.schemas import database_lines
from tools.tables import Table, table
from tools.texts import Text, decoded, fenced
from tools.values import Column
from tools.workspace import Workspace

DATA = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
_RECORDS = frozenset({".log", ".txt", *DATA})
_SOURCE = frozenset({".py", ".js", ".mjs", ".ts", ".sh", ".html", ".css", ".sql", ".c", ".cpp", ".java", ".go", ".rs"})
_WHOLE = 4_000_000
HEAD = 500_000
"""Bytes: a table up to the first is read whole, of a larger one the second is."""
_LINE = 200
_SHOWN = 1000


def tabular(workspace: Workspace, file: File, limit: int) -> Table | None:
    """The table in a file, or in its beginning."""
    text = _text(workspace, file, limit)
    return table(file.suffix, text, file.size) if text else None


def description(workspace: Workspace, file: File, named: bool, task: str, room: int) -> str | None:
    """A file in detail: as a table, as a database, else its first lines, all of it if it is short named source.

    None for what is no text, or empty, and not named.
    """
    if file.suffix in DATA:
        text = _text(workspace, file, _WHOLE if file.size <= _WHOLE else HEAD)
        held = table(file.suffix, text, file.size) if text else None
        if text and held:
            return clipped("\n".join(_tabulated(file, held, text.encoding, 40 if named else 15)), room)
    data = workspace.read(file.path, HEAD + 1) or b""
    if data.startswith(MAGIC) and (found := stored(workspace, file.path)):
        log = workspace.read(f"{file.path}-wal", 1)
        return clipped(database_lines(file, found, room, logged=bool(found.logged and log)), room)
    text = decoded(data[:HEAD], whole=len(data) <= HEAD)
    if text is None or not text.text.strip():
        return f"{file.path}: {file.note}, {'empty' if text else 'not text'}" if named else None
    return clipped("\n".join(_begun(file, text, named, task)), room)


def stored(workspace: Workspace, path: str) -> Database | None:
    """The SQLite database that a file is; of another file only the beginning is read."""
    if workspace.read(path, len(MAGIC)) != MAGIC:
        return None
    data = workspace.read(path, LIMIT + 1) or b""
    return database(data[:LIMIT], whole=len(data) <= LIMIT)


def _text(workspace: Workspace, file: File, limit: int) -> Text | None:
    data = workspace.read(file.path, limit + 1)
    return None if data is None else decoded(data[:limit], whole=len(data) <= limit)


def _begun(file: File, text: Text, named: bool, task: str) -> Iterator[str]:
    lines = text.text.splitlines()
    form = log_lines(lines) if named else []
    count = 3 if not named else 4 if form else _few(lines) if file.suffix in _RECORDS else 150
    kept = lines[:count]
    whole = text.whole and kept == lines
    if whole and file.suffix in _SOURCE:  # a small model that writes it anew would write the marks of a quotation, too
        yield fenced(file.path, "\n".join(map(printable, lines)))
        return
    notes = [file.note, *_foreign(text.encoding), *(["all of it"] if whole else [])]
    yield f"{file.path}: {', '.join(notes)}{'' if whole else ', begins'}:"
    yield from map(_quoted, kept)
    yield from form
    if hits := matching(lines[count:], task):
        yield "  lines that share words with the task:"
        yield from map(_quoted, hits)


def _few(lines: Sequence[str]) -> int:
    """How many first lines show what a text is like: digits and marks are a token each, so a prompt is soon long."""
    sizes = accumulate(min(len(line), _LINE) for line in lines[:12])
    return max(3, sum(size <= _SHOWN for size in sizes))


def _quoted(line: str) -> str:
    return f"  | {cut(printable(line), _LINE)}"


def _foreign(encoding: str) -> list[str]:
    return [] if encoding == "utf-8" else [f"encoding {encoding}"]


def _tabulated(file: File, found: Table, encoding: str, most: int) -> Iterator[str]:
    rows = f"{found.rows:,} row{'s' * (found.rows != 1)}" if found.whole else f"about {found.rows:,} rows"
    one = found.form == "one JSON object"
    notes = [file.note, "" if one else rows, found.form, *_foreign(encoding)]
    yield f"{file.path}: {', '.join(filter(None, notes))}; {'keys' if one else 'columns'}:"
    lines = [f"{'  ' * depth}  {_column(column, found.whole)}" for depth, column in flat(found.columns)]
    yield from lines[:most]
    if more := [label(column.name) for column in found.columns[most:]]:
        yield f"  and {len(more)} more: {', '.join(more)}"
    elif lines[most:]:
        yield f"  and {len(lines) - most} more inside"
    if found.reading and "\\" not in file.path:
        first, *later = found.reading
        yield f"  read it with: {first.replace('$path', json.dumps(file.path, ensure_ascii=False), 1)}"
        yield from (f"    {line}" for line in later)


def _column(column: Column, whole: bool) -> str:
    parts = [column.type]
    if column.missing:
        parts.append(f"{column.missing:,} missing{'' if whole else ' in the first rows'}")
    if column.examples:
        parts.append(f"e.g. {', '.join(printable(_word(column, word)) for word in column.examples)}")
    return f"{label(column.name)}: {', '.join(parts)}{':' * bool(column.inside)}"


def _word(column: Column, word: str) -> str:
    """An example, in quotes where it is text; in JSON it has them already."""
    quoted = column.type.startswith(("text", "mostly")) and not column.json
    return json.dumps(cut(word, 40), ensure_ascii=False) if quoted else cut(word, 40)
