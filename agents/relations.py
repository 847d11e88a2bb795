"""How the tables of an SQLite database belong together, as SQL says it: a small model mixes up what it must invent."""

import re
from collections.abc import Iterator, Sequence

from tools.databases import Database, Field, Relation

_PLAIN = re.compile(r"[A-Za-z_]\w{0,40}", re.ASCII)
"""Names that need no quotation marks; no other text of a schema gets into an example for a program."""
_ID = re.compile(
    r"^(?:id|cod|code|key|fk)_|_(?:id|cod|code|key|nr|no|fk)$|(?<=[a-z])(?:Id|ID|Cod)$|^id(?=[A-Z])", re.ASCII
)
MOST = 4
"""Pairs of tables that are told."""


def joins(database: Database) -> list[str]:
    """At most `MOST` tables with the one that they belong to, for `FROM`: `customers JOIN orders ON ...`.

    As the schema declares it, else by the names of columns; a table alone where none belong together.
    """
    tables = [table for table in database.relations if table.fields and _PLAIN.fullmatch(table.name)]
    found = [each for child in tables for each in _links(child, tables)]
    return found[:MOST] or [table.name for table in tables[:1]]


def _links(child: Relation, tables: Sequence[Relation]) -> Iterator[str]:
    others = [table for table in tables if table is not child]
    for field in child.fields:
        _, _, target = field.key.partition("refers to ")
        name, _, key = target.partition(".")
        parent = next((table for table in others if table.name.lower() == name.lower()), None)
        parent = parent or next((table for table in others if _owns(table, field) or _keyed(table, field)), None)
        key = key or (_key(parent, field) if parent else "")
        if parent and _PLAIN.fullmatch(field.name) and _PLAIN.fullmatch(key):
            yield f"{parent.name} JOIN {child.name} ON {child.name}.{field.name} = {parent.name}.{key}"


def _owns(table: Relation, field: Field) -> bool:
    """Whether a column is called after the table: `customer_id`, `customerId` or `id_cliente`, of one or many."""
    stem, name = _ID.sub("", field.name).lower(), table.name.lower()
    return bool(_ID.search(field.name)) and name in {stem, f"{stem}s", f"{stem}es", f"{stem.removesuffix('y')}ies"}


def _keyed(table: Relation, field: Field) -> bool:
    """Whether the table's primary key has the name of another table's column: `isbn`, `sku`."""
    same = (each for each in table.fields if each.name.lower() == field.name.lower() != "id")
    return any("primary key" in each.key for each in same)


def _key(table: Relation, field: Field) -> str:
    names = {each.name.lower(): each.name for each in table.fields}
    primary = (each.name for each in table.fields if "primary key" in each.key)
    return next(primary, names.get(field.name.lower(), names.get("id", "")))
