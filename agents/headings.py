"""Names of columns that a task asks for in a table that is to be made."""

import re

from agents.expectation import NAME

LIST = re.compile(
    r"(?<!more )(?<!new )(?<!extra )(?<!mais )(?<!novas )(?<!additional )"
    r"\b(?:columns|headers?|headings?|colunas|cabe[çc]alhos?)\b(?: (?:named|called|are|chamad[ao]s?))?:? *\(?"
    r"((?:[\w%-]+,)+[\w%-]+(?=[.,;:]? |$)|[\"'`]?[\w%-]+[\"'`]?(?:(?:, *|;)(?!(?:and|e) )[\"'`]?[\w%-]+[\"'`]?)*"
    r"(?:,? (?:and|e|&) [\"'`]?[\w%-]+[\"'`]?)?)(?: (\w+))?",
    re.I,
)
"""Names behind the word for columns, `columns a, b and c`, and the next word if one follows at once."""
_APART = re.compile(r",? (?:and|e|&) |, *|;")
_NO_NAMES = frozenset(
    "and are as at called by de do da dos das dois e each em for from has have in is it like na no of on one only or "
    "order ordered ordenad para per por que same separated should sort sorted that the three to two um uma was where "
    "which with".split()
)
NAMED = """
import csv
from pathlib import Path

for name, wanted in {headings}:  # the columns by the names that the task gives them
    rows = list(csv.reader(Path(name).open(newline="", encoding="utf-8"))) if Path(name).is_file() else []
    first = [cell.strip().lower() for cell in rows[0]] if rows else []
    moved = any(cell in first and first.index(cell) != place for place, cell in enumerate(map(str.lower, wanted)))
    if len(first) == len(wanted) and first != [*map(str.lower, wanted)] and not moved:
        values = any(cell.lstrip("-").replace(".", "", 1).isdigit() for cell in first)
        with Path(name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\\n").writerows([wanted, *rows[0 if values else 1 :]])
    places = [first.index(cell) for cell in map(str.lower, wanted) if cell in first]
    if len(first) > len(wanted) == len(places) and all(len(row) == len(first) for row in rows):
        with Path(name).open("w", newline="", encoding="utf-8") as file:
            chosen = [[row[at] for at in places] for row in rows[1:]]
            csv.writer(file, lineterminator="\\n").writerows([wanted, *chosen])
"""
"""Puts the names of columns right in a table that has so many: above values, or in the place of other names; of a table
that has more columns, those that the task names are kept."""
SORTED = """
import csv
import re
import unicodedata
from pathlib import Path

for name, column, down, most in {orders}:  # rows in the order that the task asks for, and so many
    rows = list(csv.reader(Path(name).open(newline="", encoding="utf-8"))) if Path(name).is_file() else []
    header, body = rows[:1], rows[1:]
    if len({{len(row) for row in rows}}) == 1 and column < len(rows[0]):
        cells = [row[column] for row in body]
        try:
            keys = [[float(cell) for cell in cells]]
        except ValueError:
            if any(re.search({times!r}, cell, re.IGNORECASE) for cell in cells):
                continue  # dates and names of days are in an order of their own
            apart = [unicodedata.normalize("NFKD", cell.casefold()) for cell in cells]
            keys = [cells, apart, [re.sub(r"\\d+", lambda number: number[0].zfill(9), cell) for cell in apart]]
        if not any(values == sorted(values, reverse=down) for values in keys):
            body = [body[at] for at in sorted(range(len(body)), key=keys[-1].__getitem__, reverse=down)]
        body = body[: most or None]
        if body != rows[1:]:
            with Path(name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\\n").writerows([*header, *body])
"""
"""Puts the rows of a table in order by one column: by number, or where one is none by its text."""
ASIDE = re.compile(r" ?\((?![^)]*\b(?:columns|header|colunas|cabe[çc]alho)\b)[^)]*\)", re.I)
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def headings(task: str, name: str) -> tuple[str, ...]:
    """The columns that the table `name` is to have, in order; none where the task does not list them."""
    for sentence in SENTENCE.split(ASIDE.sub("", task)):
        files = [(match.start(), match.group(1).strip(".")) for match in NAME.finditer(sentence)]
        for match in LIST.finditer(sentence):
            before = [file for at, file in files if at < match.start()]
            after = [file for at, file in files if at >= match.end()]
            found = [part.strip("\"'` ") for part in _APART.split(match[1])]
            if match[2] and match[2].lower() not in _NO_NAMES:  # two words, or no name: `a, b, highest first`
                found = found[:-1] if re.search(r", *[\w\"'`%-]+$", match[1]) else []
            if (
                len(found) > 1
                and (before[-1:] or after[:1]) == [name]
                and not _NO_NAMES & {part.lower() for part in found}
            ):
                return tuple(found)
    return ()


def misnamed(name: str, wanted: tuple[str, ...], header: list[str]) -> str:
    """What is wrong with the first row of the table `name`, in words for the model; empty where nothing is."""
    if not wanted or [cell.strip().lower() for cell in header] == [each.lower() for each in wanted]:
        return ""
    told = f"The first row of {name} must be {','.join(wanted)} and is {','.join(header)[:200]}."
    lost = len(header) < len(wanted)
    return f"{told} With index=False the index is lost: call reset_index() before." if lost else told
