"""What an answer in words says: numbers in whatever form, names, and no more of them than were asked for."""

import re
from collections.abc import Iterable

MANY = 12
"""More distinct numbers than these are no answer to a question for one or two."""
DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d\d:\d\d(?::\d\d)?\b"
)
NUMBER = re.compile(
    r"(?<![\w.])(?:(?<![\d)])[-\u2212])?"
    r"(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?)"
)
SPACES = re.compile(r"[ \u00a0\u202f'’]")
OTHERS = 2


def readings(token: str) -> set[float]:
    """The values that a number may stand for: `1,234` is 1234 or 1.234."""
    plain = SPACES.sub("", token).replace("\u2212", "-")
    if "e" in plain.lower():
        return {float(plain.replace(",", "."))}
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        decimal = max(".,", key=plain.rfind)
        rest = plain.replace("." if decimal == "," else ",", "")
        return {float(rest.replace(",", "."))} if rest.count(decimal) == 1 else set()
    values = {float(plain.replace(",", "."))} if points + commas < 2 else set()
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", plain):
        values.add(float(re.sub("[.,]", "", plain)))
    return values


def numbers(answer: str) -> dict[str, set[float]]:
    """The distinct numbers of an answer with their readings; dates and times are none."""
    found: dict[str, set[float]] = {}
    for token in NUMBER.findall(DATE.sub(" ", answer)):
        parts = [token] if readings(token) else re.split("[.,]", token)
        parts += token.split() if " " in token else []
        found.update((part, readings(part)) for part in parts)
    return found


def number_problems(answer: str, *wanted: float, tolerance: float = 0.006) -> list[str]:
    """Whether the answer says these numbers, and few others."""
    said = numbers(answer)
    values = [value for each in said.values() for value in each]
    missing = [number for number in wanted if not any(abs(value - number) <= tolerance for value in values)]
    problems = [f"the answer does not say {number}" for number in missing]
    return problems + [f"the answer has {len(said)} numbers"] * (len(said) > MANY)


def mentions(answer: str, name: str) -> int:
    """Where the answer has the name as a whole word, in any case; -1 when nowhere."""
    found = re.search(rf"(?<![\w/]){re.escape(name)}(?![\w/])", answer, re.IGNORECASE)
    return found.start() if found else -1


def name_problems(answer: str, right: str, names: Iterable[str]) -> list[str]:
    """Whether the answer names the right one, before any of at most two others."""
    place = mentions(answer, right)
    others = [place for place in (mentions(answer, name) for name in set(names) - {right}) if place >= 0]
    if place < 0:
        return [f"the answer does not name {right}"]
    if len(others) > OTHERS or any(other < place for other in others):
        return [f"the answer names others than {right}"]
    return []
