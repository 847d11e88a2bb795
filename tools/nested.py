"""JSON as columns within columns: what objects hold, what lists hold, which keys are data."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from tools.listing import cut, label
from tools.values import Column, column, missing, sample

_DEPTH = 3
_KEYS = 60
_MANY = 6
_PLAIN = 40
"""Keys of one object from which on they may be data: with objects as values, with plain values."""
_LONG = 40
_NUMERAL = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*", re.ASCII | re.IGNORECASE)
_NAMES = {bool: "boolean", int: "integer", float: "number", str: "text"}
Found = tuple[int, bool, tuple[Column, ...], str]


def single(text: str) -> Found | None:
    """A whole JSON text: a list of objects as rows, one object as one row, a list of values as one column."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    rows = value if isinstance(value, list) else [value]
    if rows and all(isinstance(row, dict) for row in rows):
        form = "JSON list of objects" if value is rows else "one JSON object"
        inside = _held(rows, _DEPTH, alone=value is not rows)
        return len(rows), True, inside, form
    if isinstance(value, list) and value:
        return len(value), True, (_column("each", value, _DEPTH),), "JSON list"
    return None


def records(text: str) -> tuple[int, tuple[Column, ...], str] | None:
    """Lines of JSON objects; a few that are none are counted, many make it no such file."""
    rows, broken = [], 0
    for line in text.split("\n"):
        try:
            value = json.loads(line) if line.strip() else None
        except ValueError:
            value = line
        rows += [value] if isinstance(value, dict) else []
        broken += value is not None and not isinstance(value, dict)
    if not rows or broken > len(rows) // 2:
        return None
    notes = ["one JSON object a line"]
    if broken:
        them = "lines are no JSON objects: skip them" if broken > 1 else "line is no JSON object: skip it"
        notes.append(f"{broken:,} {them}")
    return len(rows), _held(rows, _DEPTH), ", ".join(notes)


def _held(rows: Sequence[dict[str, Any]], depth: int, *, alone: bool = False) -> tuple[Column, ...]:
    """The columns of objects; one column for all keys that are data."""
    some = sample(rows)
    if data := _keyed(some, alone=alone):
        known = ", ".join(_literal(cut(key, _LONG // 2)) for key in data[:2])
        return (_column(f"{len(data):,} keys that are data, such as {known}; each", _under(some), depth),)
    names = [*dict.fromkeys(key for row in some for key in row)][:_KEYS]
    return tuple(_column(name, [row.get(name) for row in rows], depth) for name in names)


def _under(rows: Sequence[dict[str, Any]]) -> list[Any]:
    return [value for row in rows for value in row.values()]


def _keyed(rows: Sequence[dict[str, Any]], *, alone: bool) -> list[str]:
    """The keys, if they are data: many of them, all with values of one shape."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    values = _under(rows)
    shapes = {tuple(sorted(value)) if isinstance(value, dict) else type(value) for value in values}
    objects = all(isinstance(value, dict | list) for value in values)
    rare = alone or 2 * len(values) < len(rows) * len(keys)
    return keys if rare and len(shapes) == 1 and len(keys) >= (_MANY if objects else _PLAIN) else []


def _column(name: str, values: Sequence[Any], depth: int) -> Column:
    present = [value for value in values if value is not None]
    absent = len(values) - len(present)
    some = sample(present)
    lists, objects = [v for v in some if isinstance(v, list)], [v for v in some if isinstance(v, dict)]
    if some and len(lists) == len(some):
        return _list(name, lists, absent, depth)
    if some and len(objects) == len(some):
        return _object(name, objects, absent, depth)
    return _scalar(name, present, some, absent)


def _object(name: str, objects: list[dict[str, Any]], absent: int, depth: int) -> Column:
    if depth > 1 and (inside := _held(objects, depth - 1, alone=len(objects) == 1)):
        return Column(name, "object with", absent, (), inside)
    keys = ", ".join(label(key) for key in [*objects[0]][:8])
    return Column(name, f"object with {keys}" if keys else "object", absent, ())


def _list(name: str, lists: list[list[Any]], absent: int, depth: int) -> Column:
    lengths = sorted({len(each) for each in lists})
    count = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
    items = sample(list(chain.from_iterable(lists)))
    inner = _column("each", items, depth)
    if not items:
        return Column(name, "empty list", absent, ())
    if inner.type.startswith("object"):
        told = inner.type.replace("object", f"list of {count} object{'s' * (count != '1')}", 1)
        told = f"{told.removesuffix(' with')}, each with" if inner.inside else told
        return Column(name, told, absent, (), inner.inside)
    return Column(name, f"list of {count}, each {inner.type}", absent, inner.examples, inner.inside, json=True)


def _scalar(name: str, present: Sequence[Any], some: Sequence[Any], absent: int) -> Column:
    kinds = Counter(_NAMES.get(type(value), "list" if isinstance(value, list) else "object") for value in some)
    if not kinds:
        return Column(name, "null", 0, ())
    if kinds.keys() <= {"integer", "number"}:
        return Column(name, "number" if "number" in kinds else "integer", absent, _examples(some))
    if kinds.keys() == {"text"}:
        return _text(name, present, absent)
    if kinds.keys() <= {"integer", "number", "text"}:
        numbers, words = [v for v in some if not isinstance(v, str)], [v for v in some if isinstance(v, str)]
        kind = "number" if "number" in kinds else "integer"
        examples = (*_examples(numbers), *_examples(words))
        told = f"some are text{' that float() reads' if all(_NUMERAL.fullmatch(word) for word in words) else ''}"
        return Column(name, f"{kind}, {told}", absent, examples, json=True)
    most = " or ".join(name for name, _ in kinds.most_common())
    plain = [value for value in some if not isinstance(value, list | dict)]
    return Column(name, most, absent, _examples(plain), json=True)


def _text(name: str, words: Sequence[str], absent: int) -> Column:
    """Text that holds values; what stands for none in a table is a word here."""
    found = column(name, [word for word in words if not missing(word)])
    told = found.type if found.type.startswith("text") else f"text that holds: {found.type}"
    none = [word for word in dict.fromkeys(words) if missing(word)]
    examples = [*found.examples, *none[:1]] or none
    return Column(name, told if found.examples else "text", absent, tuple(map(_literal, examples)), json=True)


def _examples(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(map(_literal, values)))[:2])


def _literal(value: Any) -> str:
    """A value as JSON writes it, long text cut."""
    return json.dumps(cut(value, _LONG) if isinstance(value, str) else value, ensure_ascii=False)


def flat(columns: Sequence[Column], depth: int = 0) -> Iterator[tuple[int, Column]]:
    """The columns with what they hold, each with its depth."""
    for each in columns:
        yield depth, each
        yield from flat(each.inside, depth + 1)
