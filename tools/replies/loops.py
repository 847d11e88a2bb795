"""A model that writes the same thing again and again: small ones do until their window is full."""

import re
from itertools import pairwise

_TAIL = 60
_SPAN = 600
"""Characters of repetition at least; a list of zeros or a ruled line is shorter."""


_TIMES = 8
_PERIODS = (1, 2, 3)
"""Lines after which the same words come again, with one more case each time, and how often they may."""
_WORDS = re.compile(r"[^\W\d_]+")


def looping(text: str) -> bool:
    """Whether the end of `text` is one passage over and over: three times a long one, more often a short one.

    Or a line that grows each time, as when a model writes down case after case.
    """
    return _repeats(text) or (text.endswith("\n") and _grows(text[-20 * _SPAN :].splitlines()))


def _grows(lines: list[str]) -> bool:
    for period in _PERIODS:
        last = lines[-1 : -period * _TIMES - 1 : -period]
        sizes, words = [len(line) for line in last], {frozenset(_WORDS.findall(line)) for line in last}
        growing = all(one > other for one, other in pairwise(sizes))
        if len(last) == _TIMES and growing and len(words) == 1 and len(min(words)) > 1 and sum(sizes) > _SPAN:
            return True
    return False


def _repeats(text: str) -> bool:
    tail = text[-_TAIL:]
    before = text.rfind(tail, 0, len(text) - 1)
    if before < 0 or len(text) < _SPAN:
        return False
    period = len(text) - _TAIL - before
    times = max(3, -(-_SPAN // period))
    return text[-period * times :] == text[-period:] * times
