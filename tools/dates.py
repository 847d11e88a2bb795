"""Forms of dates: how each value is written, and whether the day or the month comes first."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_NUMERIC = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:([ T])(\d\d?:\d\d)(:\d\d)?(\.\d+)?(.*))?")
_DAY_MONTH = re.compile(r"\d{1,2} (?:de )?([A-Za-zç]{3,9}) (?:de )?\d{4}")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9}) \d{1,2}(,?) \d{4}")
_ZONE = re.compile(r" ?(?:Z|UTC|[-+]\d\d:?\d\d)")
_SHORT = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTHS = frozenset("january february march april june july august september october november december".split())
_MESES = frozenset(
    "fev abr mai ago set out dez janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro".split()
)
_LETTERS = dict(zip("Month Mon YYYY YY MM DD HH mm SS D".split(), "%B %b %Y %y %m %d %H %M %S %d".split(), strict=True))
_PARTS = re.compile("|".join(_LETTERS))


class Dates(NamedTuple):
    """How the dates of a column are written, and what `pandas.to_datetime` must be told to read them rightly."""

    type: str
    arguments: tuple[str, ...] = ()
    """One for each form; none where pandas needs none."""
    unclear: bool = False
    """Whether `arguments` hold only where the day comes first."""


def date_shape(word: str) -> str:
    """The form that a date is written in, with `?` where the day and the month may stand; empty for what is none."""
    if match := _NUMERIC.fullmatch(word):
        return _numeric(match)
    if match := _DAY_MONTH.fullmatch(word):
        month = _month(match[1].lower())
        return month and f"D {month} YYYY"
    match = _MONTH_DAY.fullmatch(word)
    month = _month(match[1].lower()) if match else ""
    return f"{month} D{match[2]} YYYY" if match and month else ""


def _month(name: str) -> str:
    return "Mon" if name in _SHORT else "Month" if name in _MONTHS else "Mês" if name in _MESES else ""


def _numeric(match: re.Match[str]) -> str:
    first, mark, second, third, between, minutes, seconds, fraction, rest = match.groups()
    if rest and not _ZONE.fullmatch(rest):
        return ""
    ends = f"{':SS' if seconds else ''}{'.f' if fraction else ''}{' and zone' if rest else ''}"
    time = f"{between}HH:mm{ends}" if minutes else ""
    if len(first) == 4 and len(third) <= 2:
        valid = _fits(int(second), int(third)) and int(second) <= 12
        return f"YYYY{mark}MM{mark}DD{time}" if valid else ""
    if len(first) > 2 or len(third) not in {2, 4} or (len(third) == 2 and mark == "-"):
        return ""
    return f"?{mark}?{mark}{'Y' * len(third)}{time}" if _fits(int(first), int(second)) else ""


def _fits(one: int, other: int) -> bool:
    """Whether one of them may be a month, and the other a day of it."""
    return 1 <= min(one, other) <= 12 and max(one, other) <= 31


def dates(words: Sequence[str], shapes: Sequence[str]) -> Dates:
    """What a column's dates have in common; the words are its values, the shapes their forms, each once."""
    days = [_day_first(word) for word in words if date_shape(word).startswith("?")]
    first, later = True in days, False in days
    plain = [_resolved(shape, first, later) for shape in shapes]
    unclear = any(shape[0] == "?" for shape in shapes) and not (first or later)
    doubt = ", from the values not clear whether the day is first" if unclear else ""
    if first and later:
        return Dates(f"dates, the day first in some and the month first in others: {', '.join(plain)}")
    arguments = tuple(map(_argument, plain))
    if len(shapes) > 1:
        named = f"dates in {len(plain)} forms: {', '.join(plain)}{doubt}"
        return Dates(named.replace("mm", "MM"), arguments if all(arguments) else (), unclear)
    name = f"date and time {plain[0].replace('mm', 'MM')}" if "HH" in plain[0] else f"date {plain[0]}"
    return Dates(name + doubt, arguments if first or unclear else (), unclear)


def _day_first(word: str) -> bool | None:
    one, other = (int(number) for number in re.findall(r"\d+", word)[:2])
    return True if one > 12 else False if other > 12 else None


def _resolved(shape: str, first: bool, later: bool) -> str:
    one, other = ("MM", "DD") if later and not first else ("DD", "MM")
    return shape.replace("?", one, 1).replace("?", other, 1)


def _argument(shape: str) -> str:
    """The format as `strptime` knows it, or that the day is first; empty where neither tells it."""
    if "Mês" in shape:
        return ""
    if ".f" in shape or "zone" in shape:
        return "dayfirst=True" if shape.startswith("DD") else 'format="ISO8601"'
    return f'format="{_PARTS.sub(lambda match: _LETTERS[match[0]], shape)}"'
