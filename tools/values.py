"""The values of a column: their form, what is missing, what a program would stumble over."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.dates import Dates, date_shape, dates

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "--", "?", "n.a.", "#n/a", "<na>"})
"""What stands where no value is, in lower case."""
ZEROS = "digits with leading zeros"
CODE = "digits that are no number"
THOUSANDS = "number with thousands commas"
COMMA = "number with decimal comma"
PERCENT = "percentage"
MONEY = "amount of money"
NUMBERS = frozenset({"integer", "number", THOUSANDS, COMMA})
_NUMBER = r"\d+\.?\d*|\.\d+"
_GROUPS = r"\d{1,3}(?:[. \u00a0\u202f]\d{3})+"
_TYPES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        CODE: r"\+\d{7,}|\d{17,}",
        "integer": r"[-+]?(?:0|[1-9]\d*)",
        ZEROS: r"\d+",
        "number": rf"[-+]?(?:{_NUMBER})(?:e[-+]?\d+)?",
        THOUSANDS: r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?",
        COMMA: rf"[-+]?(?:(?:{_GROUPS}|\d+),\d+|{_GROUPS})",
        PERCENT: rf"[-+]?(?:{_NUMBER}|\d+,\d+) ?%",
        MONEY: r"[-+]?[$€£] ?[-+]?[\d,. ]+|[-+]?[\d,. ]+ ?(?:[$€£]|eur|usd)",
        "boolean": r"true|false|yes|no",
    }.items()
}
_UNCLEAR = re.compile(r"[-+]?\d{1,3},\d{3}")
_POINTS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+")
_LOOKED_AT = 2000
_FEW = 5


@dataclass(frozen=True)
class Column:
    """A column: its name, the form of its values, how many are missing, some examples; `inside`: what objects hold."""

    name: str
    type: str
    missing: int
    examples: tuple[str, ...]
    inside: tuple["Column", ...] = ()
    dates: Dates | None = None
    json: bool = False
    """Whether the examples are written as in JSON."""
    marks: tuple[str, ...] = ()
    """What stands for missing values, as it is written."""


def kind(word: str) -> str:
    """The form of one value."""
    word = word.strip()
    if not word[:1].isdigit() and word[:1] not in "+-.$€£tfynTFYN":
        return f"date {shape}" if (shape := date_shape(word)) else "text"
    found = next((name for name, pattern in _TYPES.items() if pattern.fullmatch(word)), "")
    return found or (f"date {shape}" if (shape := date_shape(word)) else "text")


def column(name: str, values: Sequence[str], *, commas: bool = False) -> Column:
    """A column of text, as in a CSV file; `commas`: what may be a decimal comma is one."""
    marks = {value for value in set(values) if missing(value)}
    present = [value for value in values if value not in marks] if marks else values
    some = sample(present)
    words = list(dict.fromkeys(some))
    found = _formed(name, words, Counter(some), commas, whole=len(words) <= _FEW < len(present))
    return replace(found, missing=len(values) - len(present), marks=tuple(sorted(marks)))


def _formed(name: str, words: list[str], counts: Counter[str], commas: bool, whole: bool) -> Column:
    """The column by its values, each once; `whole`: these few words are all that there are."""
    kinds: Counter[str] = Counter()
    for word in words:
        kinds[kind(word)] += counts[word]
    if kinds.keys() == {"text"}:
        return _textual(name, words, whole)
    if kinds and all(each.startswith("date ") for each in kinds):
        return _dated(name, words, [each.removeprefix("date ") for each in kinds])
    found = _joint(kinds, words, commas)
    odd = [word for word in words if not fits(word, found)] if found.startswith("mostly ") else []
    examples = [*[word for word in words if word not in odd[:2]][:2], *odd[:2]]
    return Column(name, found + _blanks(words), 0, tuple(examples))


def fits(word: str, mostly: str) -> bool:
    """Whether a value is of the form that most values of its column have."""
    wanted, found = mostly.removeprefix("mostly ").partition(",")[0], kind(word)
    return found == wanted or (wanted in NUMBERS and found in NUMBERS)


def missing(value: str) -> bool:
    """Whether a value stands for none."""
    return value.strip().lower() in MISSING


def sample(values: Sequence[Any]) -> list[Any]:
    """Enough of many values to tell their form: the first ones, then some of all."""
    if len(values) <= _LOOKED_AT:
        return list(values)
    half = _LOOKED_AT // 2
    return [*values[:half], *values[half :: -(-(len(values) - half) // half)]]


def _textual(name: str, words: list[str], whole: bool) -> Column:
    told = (f"text, one of {len(words)}" if len(words) > 1 else "text, always the same") if whole else "text"
    shapes: dict[str, list[str]] = {}
    for word in words:
        shapes.setdefault(word.strip().casefold(), []).append(word.strip())
    alike = next((list(dict.fromkeys(each)) for each in shapes.values() if len(set(each)) > 1), [])
    told += ", the same words in upper and lower case" if alike else ""
    examples = words if whole else [*alike[:2], *(word for word in words if word not in alike)][:2]
    if not alike and not whole and (padded := [word for word in words if word != word.strip()]):
        examples = [padded[0], *(word for word in words if word != padded[0])][:2]
    return Column(name, told + _blanks(words), 0, tuple(examples))


def _blanks(words: Sequence[str]) -> str:
    return ", some with blanks around" if any(word != word.strip() for word in words) else ""


def _dated(name: str, words: list[str], shapes: list[str]) -> Column:
    found = dates([word.strip() for word in words], shapes)
    firsts = [next(word for word in words if date_shape(word.strip()) == shape) for shape in shapes[:4]]
    examples = firsts if len(firsts) > 1 else words[:2]
    return Column(name, found.type + _blanks(words), 0, tuple(examples), dates=found)


def _joint(kinds: Counter[str], words: list[str], commas: bool) -> str:
    """One name for the forms of a column's values."""
    if not kinds:
        return "empty"
    if kinds.keys() <= NUMBERS:
        return _numeric(kinds, words, commas)
    if kinds.keys() <= {"integer", ZEROS, CODE}:
        return CODE if CODE in kinds else ZEROS
    numbers = sum(kinds[each] for each in NUMBERS)
    if numbers < kinds.total() and numbers >= 0.8 * kinds.total():
        numeric = [word for word in words if kind(word) in NUMBERS]
        return f"mostly {_numeric(kinds, numeric, commas)}"
    most, count = kinds.most_common(1)[0]
    if len(kinds) == 1:
        return most
    return f"mostly {most}" if most in _TYPES and count >= 0.8 * kinds.total() else "text"


def _numeric(kinds: Counter[str], words: list[str], commas: bool) -> str:
    """The form of numbers, where `1,234` may be either and `1.234` too."""
    grouped = [word.strip() for word in words if kind(word) == THOUSANDS]
    unclear = all(_UNCLEAR.fullmatch(word) for word in grouped)
    if kinds[COMMA]:
        points = all(_POINTS.fullmatch(word.strip()) for word in words if kind(word) == "number")
        return COMMA if unclear and points else "text"
    if grouped:
        return COMMA if commas and unclear and not kinds["number"] else THOUSANDS
    return "number" if kinds["number"] else "integer"
