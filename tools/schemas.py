"""A database in lines: tables with their columns and values where there is room, else one line a table."""

import json
from collections.abc import Iterator
from typing import Any

from tools.databases import Database, Field, Relation
from tools.listing import File, cut, label, printable
from tools.values import column

_LONG = 40


def database_lines(file: File, found: Database, room: int, *, logged: bool) -> str:
    """The database in at most about so many characters; `logged`: a log of changes lies beside the file."""
    tables = [each for each in found.relations if each.kind == "table"]
    named = [f"{each.name} ({each.kind})" for each in found.relations if each.kind != "table"]
    count = f"{len(tables)} table{'s' * (len(tables) != 1)}"
    notes = [file.note, "SQLite database", *([] if found.whole else ["only its beginning is read"]), count]
    head = f"{file.path}: {', '.join(notes)}{':' * bool(tables)}"
    tail = [f"  also: {', '.join(printable(cut(each, 80)) for each in named[:20])}"] if named else []
    if logged:
        tail.append(f"  the newest changes lie in {file.path}-wal: open {file.path} itself, not a copy of it alone")
    for lines in (_detailed, _brief, _named):
        text = "\n".join([head, *(line for each in tables for line in lines(each)), *tail])
        if len(text) <= room:
            break
    return text


def _rows(each: Relation) -> str:
    return "rows not counted" if each.rows is None else f"{each.rows:,} row{'s' * (each.rows != 1)}"


def _detailed(each: Relation) -> Iterator[str]:
    yield f"  table {_name(each.name)}, {_rows(each)}:"
    for field in each.fields:
        parts = [f"{_name(field.name)} {_name(field.declared)}".strip(), *filter(None, [field.key, _form(each, field)])]
        yield f"    {', '.join(parts)}"


def _brief(each: Relation) -> Iterator[str]:
    columns = (f"{_name(field.name)} {_name(field.declared)}".strip() for field in each.fields)
    yield f"  table {_name(each.name)}, {_rows(each)}: {', '.join(columns)}"


def _named(each: Relation) -> Iterator[str]:
    yield f"  table {_name(each.name)}: {', '.join(_name(field.name) for field in each.fields)}"


def _name(name: str) -> str:
    return label(name) if name else ""


def _form(each: Relation, field: Field) -> str:
    """The form of the values where the declared type does not tell it, whether some are NULL, and examples."""
    present = [value for value in field.values if value is not None]
    words = [value for value in present if isinstance(value, str)]
    parts = ["some NULL"] if None in field.values else []
    if words and len(words) < len(present):
        parts.append("some are text")
        present = [next(value for value in present if not isinstance(value, str)), *words]
    elif words:
        found = column("", words)
        parts += [found.type.removeprefix("text, ")] if found.type != "text" else []
        if len(words) <= 5 and each.rows is not None and len(words) < each.rows:
            return ", ".join([*parts, f"values {', '.join(map(_literal, words))}"])
        present = list(found.examples) or present
    if present:
        parts.append(f"e.g. {', '.join(map(_literal, present[:2]))}")
    return ", ".join(parts)


def _literal(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return printable(json.dumps(cut(value, _LONG) if isinstance(value, str) else value, ensure_ascii=False))
