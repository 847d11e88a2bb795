"""SQLite databases, read without trust: their tables, columns, keys and some values.

The bytes go into a database in memory, with what https://www.sqlite.org/security.html asks for untrusted files. Nothing
that a schema defines is run: no view, no virtual table, no trigger, no generated column.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

MAGIC = b"SQLite format 3\0"
"""What a database begins with."""
LIMIT = 50_000_000
"""Bytes: a larger database is read from its beginning alone."""
_HEAD = 8_000_000
_SECONDS = 0.5
_STEPS = 10_000
_LONGEST = 1_000_000
_TABLES = 200
_COLUMNS = 100
_SAMPLE = 200
_LISTED = """
    SELECT name, type, coalesce(sql, '') LIKE 'create virtual%' FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT ?"""
_FAILURES = (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError, AttributeError)
"""The last: an SQLite that was built without `deserialize`."""
_SETTINGS = "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON", "temp_store=MEMORY"


class Field(NamedTuple):
    """A column: its declared type, what it is a key of, values of the first rows in order, each once."""

    name: str
    declared: str
    key: str
    values: tuple[Any, ...]


class Relation(NamedTuple):
    """A table; no count of rows where counting failed; without fields for a view and a virtual table."""

    name: str
    kind: str
    rows: int | None
    fields: tuple[Field, ...]


class Database(NamedTuple):
    """What a database holds, and whether its changes may lie in a file beside it."""

    relations: tuple[Relation, ...]
    logged: bool
    whole: bool


def database(data: bytes, whole: bool) -> Database | None:
    """The database in a file, or in its beginning; None where there is none that can be read."""
    page = int.from_bytes(data[16:18], "big")
    page = 65536 if page == 1 else page
    if not data.startswith(MAGIC) or page < 512 or page & (page - 1):
        return None
    image = bytearray(data if whole else data[: max(page, _HEAD // page * page)])
    logged = image[18:20] == b"\2\2"
    image[18:20] = b"\1\1"  # a write-ahead log cannot be opened in memory
    if not whole:
        image[28:32] = (len(image) // page).to_bytes(4, "big")
    try:
        with closing(_opened(image)) as connection:
            return Database(tuple(_relations(connection)), logged, whole)
    except _FAILURES:
        return None


def _opened(image: bytearray) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(image)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, 25_000)
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False)
        until = time.monotonic() + _SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _relations(connection: sqlite3.Connection) -> Iterator[Relation]:
    found = connection.execute(_LISTED, (_TABLES,))
    for name, kind, virtual in found.fetchall():
        if not isinstance(name, str):
            continue
        if virtual or kind != "table":
            yield Relation(name, "virtual table" if virtual else "view", None, ())
        else:
            yield Relation(name, "table", _count(connection, name), _fields(connection, name))


def _count(connection: sqlite3.Connection, name: str) -> int | None:
    """The rows; not by `count(*)`, which a tree of pages that lead back to each other keeps from ever ending."""
    try:
        return int(connection.execute(f"SELECT sum(1) FROM {_quoted(name)}").fetchone()[0] or 0)  # noqa: S608
    except _FAILURES:
        return None


def _fields(connection: sqlite3.Connection, table: str) -> tuple[Field, ...]:
    """The columns that are stored."""
    try:
        rows = connection.execute(
            "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 LIMIT ?", (table, _COLUMNS)
        ).fetchall()
        foreign = {
            column: f"{other}.{key}" if key else str(other)
            for column, other, key in connection.execute(
                'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?) LIMIT ?', (table, _COLUMNS)
            )
        }
    except _FAILURES:
        return ()
    values = _values(connection, table, [name for name, _, _ in rows])
    keys = ["primary key"] * (sum(bool(pk) for _, _, pk in rows) == 1) or ["part of the primary key"]
    return tuple(
        Field(str(name), str(declared), ", ".join([*keys[: bool(pk)], *_refers(foreign.get(name))]), kept)
        for (name, declared, pk), kept in zip(rows, values, strict=True)
    )


def _refers(target: str | None) -> list[str]:
    return [f"refers to {target}"] if target else []


def _values(connection: sqlite3.Connection, table: str, names: list[str]) -> list[tuple[Any, ...]]:
    """The values of the first rows by column, each once; empty where they cannot be read."""
    if not names:
        return []
    asked = f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table)} LIMIT {_SAMPLE}"  # noqa: S608
    try:
        rows = connection.execute(asked).fetchall()
    except _FAILURES:
        rows = []
    return [tuple(dict.fromkeys(row[place] for row in rows)) for place in range(len(names))]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
