"""Tables in files: what a model must know of one so that it guesses neither a column's name nor its form."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from tools.nested import records, single
from tools.reading import Layout, reading
from tools.texts import Text
from tools.values import Column, column, kind

_DELIMITERS = {",": "", ";": "separator ';'", "\t": "separator tab", "|": "separator '|'"}
_COLUMNS = 300
"""Columns that are looked into; those after them are only named."""
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Table:
    """A table; `rows` is counted for a whole file, else estimated; `form` says what differs from a plain CSV.

    `reading` is the code that reads it, with $path for its place; empty where the plain call does.
    """

    rows: int
    whole: bool
    columns: tuple[Column, ...]
    form: str = ""
    reading: tuple[str, ...] = ()


def table(suffix: str, text: Text, size_bytes: int) -> Table | None:
    """The table in a file of that suffix; None where there is none."""
    try:
        if suffix in {".csv", ".tsv"}:
            return _separated(text, size_bytes)
        if suffix == ".json" and text.whole and (found := single(text.text)):
            return Table(*found)
        return _lines(text, size_bytes) if suffix not in {".csv", ".tsv"} else None
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
    values = [[row[n] if n < len(row) else "" for row in body] for n in range(min(len(names), _COLUMNS))]
    columns = tuple(column(name, held, commas=delimiter == ";") for name, held in zip(names, values, strict=False))
    layout = Layout(delimiter, header, text.encoding, len(names), tuple(sorted({len(row) for row in body})))
    rest = tuple(Column(name, "", 0, ()) for name in names[_COLUMNS:])
    return Table(count, text.whole, columns + rest, ", ".join(filter(None, notes)), reading(layout, columns, values))


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
    typed = [n for n, value in enumerate(first) if kind(value) != "text"]
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
    found = records(text.text if text.whole else text.text.rpartition("\n")[0])
    if found is None:
        return None
    count, columns, form = found
    return Table(count if text.whole else _estimate(count, text, size_bytes), text.whole, columns, form)
