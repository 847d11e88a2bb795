"""What a task's words tell of its road: the patterns of `words/*.txt`, compiled; nothing is decided here."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("words")
CLAUSES = re.compile(r"[,;.:\n]+\s*|\s+(?:and|then|e|depois|dps|a seguir)\s+")
"""Between the clauses of a task."""
_BEFORE = {
    "acts": r"^\W*(?:(?:please|por favor|primeiro|first|me|then|depois|and|e|a|\d[.)])\s+)*\b",
    "exact": r"(?<!\w)",
    "knowledge": r"(?:^|[.!?:]\s+|\b(?:please|por favor|and|e|hi|ol[áa]),?\s+)\W*",
}
_AFTER = {"exact": ""}


@cache
def words(name: str) -> re.Pattern[str]:
    """Any pattern of `words/NAME.txt`, in any case."""
    patterns = "|".join(_lines(name))
    before, after = _BEFORE.get(name, r"\b"), _AFTER.get(name, r"\b")
    return re.compile(f"{before}(?:{patterns}){after}", re.I)


@cache
def kinds(name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of `words/NAME.txt`, each by itself."""
    return tuple(re.compile(rf"\b(?:{line})\b", re.I) for line in _lines(name))


def _lines(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
