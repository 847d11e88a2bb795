"""Tables in files: what a model must know of one so that it guesses neither a column's name nor its form."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tools.texts import Text

_DELIMITERS = {",": "", ";": "separator ;", "\t": "separator tab", "|": "separator |"}
_LOOKED_AT = 2000
_YEAR = re.compile(r"(?:19|20)\d\d")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
_NUMBER = r"\d+\.?\d*|\.\d+"
_DATE = r"\d{4}-\d\d?-\d\d?"
_TYPES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "integer": r"[-+]?(?:0|[1-9]\d*)",
        "digits with leading zeros": r"\d+",
        "number": rf"[-+]?(?:{_NUMBER})(?:e[-+]?\d+)?",
        "number with thousands commas": r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?",
        "number with decimal comma": r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+",
        "percentage": rf"[-+]?(?:{_NUMBER}) ?%",
        "amount of money": r"[-+]?[$€£] ?[-+]?[\d,.]+|[-+]?[\d,.]+ ?(?:[$€£]|eur|usd)",
        "date YYYY-MM-DD": _DATE,
        "date and time": rf"{_DATE}[ t]\d\d?:\d\d.*",
        "date with slashes": r"\d\d?/\d\d?/\d{2,4}.*",
        "date with dots": r"\d\d?\.\d\d?\.\d{2,4}.*",
        "boolean": r"true|false|yes|no",
    }.items()
}


@dataclass(frozen=True)
class Column:
    """A column: its name, the form of its values, how many are missing, some examples."""

    name: str
    type: str
    missing: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; `rows` is counted for a whole file, else estimated; `form` says what differs from a plain CSV."""

    rows: int
    whole: bool
    columns: tuple[Column, ...]
    form: str = ""


def table(suffix: str, text: Text, size_bytes: int) -> Table | None:
    """The table in a file of that suffix; None where there is none."""
    try:
        if suffix in {".csv", ".tsv"}:
            return _separated(text, size_bytes)
        if suffix in {".jsonl", ".ndjson"}:
            return _lines(text, size_bytes)
        return _objects(json.loads(text.text)) if suffix == ".json" and text.whole else None
    except (ValueError, RecursionError, csv.Error):
        return None


def _separated(text: Text, size_bytes: int) -> Table | None:
    delimiter = _delimiter(text.text)
    rows = [row for row in csv.reader(io.StringIO(text.text, newline=""), delimiter=delimiter) if row]
    rows = rows if text.whole else rows[:-1]  # the last one may be cut
    if not rows:
        return None
    header = _is_header(rows)
    names = rows[0] if header else [f"column {number}" for number in range(1, len(rows[0]) + 1)]
    body = rows[1:] if header else rows
    notes = [_DELIMITERS[delimiter], "" if header else "no header row", *_ragged(body, len(names))]
    count = len(body) if text.whole else _estimate(len(body), text, size_bytes)
    columns = [_column(name, [row[n] if n < len(row) else "" for row in body]) for n, name in enumerate(names)]
    return Table(count, text.whole, tuple(columns), ", ".join(filter(None, notes)))


def _delimiter(text: str) -> str:
    """The delimiter by which most records have one same number of fields, and most fields."""
    best, chosen = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        rows = islice(csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter), 50)
        widths = Counter(len(row) for row in rows if row)
        width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        score = (round(count / max(1, widths.total()), 1), width)
        if width > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: all differ, none is a number or date; years may stand over other numbers."""
    first = [value.strip() for value in rows[0]]
    typed = [n for n, value in enumerate(first) if any(pattern.fullmatch(value) for pattern in _TYPES.values())]
    years = all(_YEAR.fullmatch(first[n]) and not _all_years(rows[1:], n) for n in typed)
    return years and len(typed) < len(first) and len(set(first)) == len(first)


def _all_years(rows: Sequence[Sequence[str]], n: int) -> bool:
    return all(_YEAR.fullmatch(row[n].strip()) for row in rows[:100] if n < len(row))


def _ragged(body: Sequence[Sequence[str]], width: int) -> list[str]:
    uneven = sum(len(row) != width for row in body)
    return [f"{uneven} rows with another number of fields"] if uneven else []


def _estimate(count: int, text: Text, size_bytes: int) -> int:
    seen = max(1, len(text.text.encode("utf-8" if text.encoding == "utf-8-sig" else text.encoding, "replace")))
    return round(count * size_bytes / seen)


def _lines(text: Text, size_bytes: int) -> Table | None:
    lines = text.text.split("\n")
    items = [json.loads(line) for line in (lines if text.whole else lines[:-1]) if line.strip()]
    found = _objects(items)
    if found is None:
        return None
    rows = found.rows if text.whole else _estimate(found.rows, text, size_bytes)
    return Table(rows, text.whole, found.columns, "one JSON object a line")


def _objects(value: Any) -> Table | None:
    """A list of objects as a table; one object as a table of one row."""
    rows = value if isinstance(value, list) else [value]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    names = dict.fromkeys(key for row in rows[:_LOOKED_AT] for key in row)
    columns = [_column(name, [row.get(name) for row in rows]) for name in names]
    return Table(len(rows), True, tuple(columns), "JSON list of objects" if value is rows else "one JSON object")


def _column(name: str, values: Sequence[Any]) -> Column:
    present = [value for value in values if not _is_missing(value)]
    kinds = Counter(_kind(value) for value in present[:_LOOKED_AT])
    words = list(dict.fromkeys(_word(value) for value in present[:_LOOKED_AT] if not isinstance(value, dict | list)))
    if kinds.keys() == {"text"} and len(words) <= 5 < len(present):
        return Column(
            name,
            f"text, one of {len(words)}" if len(words) > 1 else "text, always the same",
            len(values) - len(present),
            tuple(words),
        )
    kind = _joint(kinds)
    if kind.startswith("mostly"):
        odd = [word for word in words if not _TYPES[kind.removeprefix("mostly ")].fullmatch(word)]
        return Column(name, kind, len(values) - len(present), tuple(words[:2] + odd[:2]))
    return Column(name, kind, len(values) - len(present), tuple(words[:2]))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in _MISSING)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        word = value.strip()
        return next((name for name, pattern in _TYPES.items() if pattern.fullmatch(word)), "text")
    if isinstance(value, list):
        keys = ", ".join(list(value[0])[:8]) if value and isinstance(value[0], dict) else ""
        return f"list of objects with {keys}" if keys else "list"
    if isinstance(value, dict):
        return f"object with {', '.join(list(value)[:8])}"
    return {bool: "boolean", int: "integer", float: "number"}.get(type(value), "text")


def _joint(kinds: Counter[str]) -> str:
    """One name for the kinds of a column's values."""
    if not kinds:
        return "empty"
    if kinds.keys() <= {"integer", "number"}:
        return "number" if "number" in kinds else "integer"
    if kinds.keys() <= {"integer", "digits with leading zeros"}:
        return "digits with leading zeros"
    kind, count = kinds.most_common(1)[0]
    if len(kinds) == 1:
        return kind
    return f"mostly {kind}" if kind in _TYPES and count >= 0.8 * kinds.total() else "text"
