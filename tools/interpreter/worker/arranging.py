"""Puts CSV tables into the form that a task asks for: a program of its own in the jail, in the user's own Python."""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

TIMES = re.compile(
    r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-]\d{2}|^(?:jan(?:uary|eiro)?|feb(?:ruary)?|fev(?:ereiro)?|mar(?:ch|ço)?|a[pb]r(?:il)?|ma[yi]o?|"
    r"june?|junho|july?|julho|aug(?:ust)?|ago(?:sto)?|sep(?:tember)?|set(?:embro)?|oct(?:ober)?|out(?:ubro)?|"
    r"nov(?:ember|embro)?|de[cz](?:ember|embro)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|s[áa]bado|domingo)\b",
    re.I,
)
"""Dates and names of months and days, of which the order is not that of their characters."""


def named(rows: list[list[str]], wanted: list[str]) -> list[list[str]]:
    """The table with its columns named right: above values, or in the place of other names.

    Of a table that has more columns those that are `wanted` are kept.
    """
    first = [cell.strip().lower() for cell in rows[0]] if rows else []
    names = [name.lower() for name in wanted]
    moved = any(cell in first and first.index(cell) != place for place, cell in enumerate(names))
    if len(first) == len(wanted) and first != names and not moved:
        values = any(cell.lstrip("-").replace(".", "", 1).isdigit() for cell in first)
        return [wanted, *rows[0 if values else 1 :]]
    places = [first.index(cell) for cell in names if cell in first]
    if len(first) > len(wanted) == len(places) and all(len(row) == len(first) for row in rows):
        return [wanted, *([row[at] for at in places] for row in rows[1:])]
    return rows


def ordered(rows: list[list[str]], column: int, down: bool, most: int) -> list[list[str]]:
    """The table with its rows in order by a column, by number or else by text; `most` of them, all if that is 0."""
    body = rows[1:]
    if len({len(row) for row in rows}) != 1 or column >= len(rows[0]):
        return rows
    cells = [row[column] for row in body]
    keys: list[list[float]] | list[list[str]]
    try:
        keys = [[float(cell) for cell in cells]]
    except ValueError:
        if any(TIMES.search(cell) for cell in cells):
            return rows  # they are in an order of their own
        apart = [unicodedata.normalize("NFKD", cell.casefold()) for cell in cells]
        keys = [cells, apart, [re.sub(r"\d+", lambda number: number[0].zfill(9), cell) for cell in apart]]
    if not any(values == sorted(values, reverse=down) for values in keys):
        body = [body[at] for at in sorted(range(len(body)), key=keys[-1].__getitem__, reverse=down)]
    return [rows[0], *body[: most or None]]


def main(headings: Sequence[tuple[str, list[str]]], orders: Sequence[tuple[str, int, bool, int]]) -> None:
    """Arrange the tables that there are: `headings`: columns by name; `orders`: see `ordered`, by name."""
    for name, wanted in headings:
        try:
            with Path(name).open(newline="", encoding="utf-8") as file:
                rows = list(csv.reader(file))
        except (OSError, UnicodeDecodeError, csv.Error):
            continue  # what is wrong with it is told by who looks at the file
        table = named(rows, wanted)
        for of, column, down, most in orders:
            table = ordered(table, column, down, most) if of == name else table
        if table != rows:
            with Path(name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(table)


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
