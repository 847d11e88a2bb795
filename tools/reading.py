"""The lines of pandas that read a CSV file rightly, where the plain call does not."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tools.values import CODE, COMMA, MONEY, PERCENT, THOUSANDS, ZEROS, Column

_KNOWN = frozenset(
    " #N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null".split(" ")
)
"""What `pandas.read_csv` takes as missing."""
_GROUPED = re.compile(r"[-+]?\d{1,3}([. ])\d{3}(?!\d)")
_HARD = re.compile(r"[\u00a0\u202f]")
_CENTS = re.compile(r",\d{1,2}(?!\d)")
_DIGITS = re.compile(r"[-+]?[\d.,]+")


class Layout(NamedTuple):
    """Separator, whether there is a header, encoding, columns, and the numbers of fields that rows have."""

    delimiter: str
    header: bool
    encoding: str
    fields: int
    widths: tuple[int, ...]


def reading(layout: Layout, columns: Sequence[Column], values: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The call with $path for the file, then what single columns need; nothing where the plain call is right."""
    options = [*_form(layout), *_numbers(columns, values)]
    options += _words(columns, values, options)
    pairs = zip(columns, values, strict=True)
    later = [line for column, held in pairs for line in _converted(column, held, options)]
    return (f"df = pd.read_csv({', '.join(['$path', *options])})", *later) if options or later else ()


def _form(layout: Layout) -> Iterator[str]:
    count = layout.fields
    if layout.delimiter != ",":
        yield f"sep={json.dumps(layout.delimiter)}"
    if layout.encoding not in {"utf-8", "utf-8-sig"}:
        yield f'encoding="{layout.encoding}"'
    if not layout.header:
        named = json.dumps([f"column {number}" for number in range(1, count + 1)])
        long = f'[f"column {{n}}" for n in range(1, {count + 1})]'
        yield f"header=None, names={named if count <= 8 else long}"
    if layout.widths == (count + 1,):
        yield "index_col=False"
    elif layout.widths and layout.widths[-1] > count:
        yield 'on_bad_lines="skip"'


def _numbers(columns: Sequence[Column], values: Sequence[Sequence[str]]) -> Iterator[str]:
    """What holds for all numbers of a file; where columns differ, each is converted alone."""
    types = {each.type.partition(",")[0] for each in columns}
    if COMMA in types and not types & {"number", THOUSANDS}:
        yield 'decimal=","'
        if mark := _grouping(columns, values):
            yield f"thousands={json.dumps(mark, ensure_ascii=False)}"
    elif THOUSANDS in types and COMMA not in types:
        yield 'thousands=","'


def _grouping(columns: Sequence[Column], values: Sequence[Sequence[str]]) -> str:
    """What stands between the thousands of numbers with decimal commas, if anything does."""
    held = (
        value for each, column in zip(columns, values, strict=True) if each.type.startswith(COMMA) for value in column
    )
    found = (_GROUPED.match(value.strip()) for value in held)
    return next((match[1] for match in found if match), "")


def _words(columns: Sequence[Column], values: Sequence[Sequence[str]], options: Sequence[str]) -> Iterator[str]:
    grouped = any(option.startswith("thousands") for option in options)
    names = [each.name for each, held in zip(columns, values, strict=True) if _kept(each, held, grouped)]
    if names:
        yield f"dtype={{{', '.join(f'{_text(name)}: str' for name in names)}}}"
    yield from _absent(columns)


def _absent(columns: Sequence[Column]) -> Iterator[str]:
    """Marks for missing values that pandas does not know; words are such only among what is no text."""
    marks: dict[str, list[str]] = {}
    for column in columns:
        words = column.type.startswith("text")
        found = [mark for mark in column.marks if mark not in _KNOWN]
        if kept := [mark for mark in found if not (words and any(map(str.isalpha, mark)))][:5]:
            marks[column.name] = kept
    every = sorted(set().union(*marks.values()))
    if every and any(map(str.isalpha, "".join(every))):
        yield f"na_values={json.dumps(marks, ensure_ascii=False)}"
    elif every:
        yield f"na_values={json.dumps(every, ensure_ascii=False)}"


def _kept(column: Column, values: Sequence[str], grouped: bool) -> bool:
    """Whether digits are no number: leading zeros, a plus sign, or marks that would count as those of thousands."""
    if column.type.startswith((ZEROS, CODE)):
        return True
    if not grouped or column.type.startswith(("integer", "number", "empty", "mostly")):
        return False
    return all(_DIGITS.fullmatch(value) for value in set(values) - {*column.marks})


def _converted(column: Column, values: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    place = f"df[{_text(column.name)}]"
    told, comma = column.type.partition(",")[0], 'decimal=","' in options
    if column.dates and (comma or not column.dates.unclear):
        yield from _dated(place, column.dates.arguments, "blanks around" in column.type)
    coerce = ', errors="coerce"' if told.startswith("mostly ") else ""
    plain = told.removeprefix("mostly ")
    if plain in {PERCENT, MONEY}:
        drop = '.str.replace(".", "").str.replace(",", ".")' if any(_CENTS.search(v) for v in values) else ""
        yield f'{place} = pd.to_numeric({place}{drop}.str.replace(r"[^\\d.-]", "", regex=True){coerce})'
    elif plain == COMMA and (coerce or not comma or any(_HARD.search(value) for value in values)):
        drop = r'.str.replace(r"[^\d,-]", "", regex=True)'
        yield f'{place} = pd.to_numeric({place}{drop}.str.replace(",", "."){coerce})'
    elif plain == THOUSANDS and (coerce or 'thousands=","' not in options):
        yield f'{place} = pd.to_numeric({place}.str.replace(",", ""){coerce})'
    elif coerce and plain in {"number", "integer"}:
        yield f"{place} = pd.to_numeric({place}{coerce})"


def _dated(place: str, arguments: Sequence[str], padded: bool) -> Iterator[str]:
    """With several forms each is read alone: `format="mixed", dayfirst=True` takes 2025-03-07 for the third of July."""
    source = f"{place}.str.strip()" if padded else place
    if len(arguments) > 1:
        yield f"d = {source}"
        yield f'{place} = pd.to_datetime(d, {arguments[0]}, errors="coerce")'
        for each in arguments[1:]:
            yield f'{place} = {place}.fillna(pd.to_datetime(d, {each}, errors="coerce"))'
    elif arguments:
        yield f"{place} = pd.to_datetime({source}, {arguments[0]})"


def _text(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
