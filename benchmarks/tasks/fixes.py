"""Mistakes in modules: what is right, the docstrings say, and tests that nobody sees."""

from pathlib import Path

from benchmarks.tasks.hidden import call_failures
from benchmarks.tasks.task import Task, read, write

Case = tuple[str, str]

AVERAGES = '''\
"""Averages of runs of numbers."""


def mean(values):
    """The arithmetic mean."""
    return sum(values) / len(values)


def moving_average(values, size):
    """The mean of each run of `size` neighbouring values, in order.

    >>> moving_average([1, 2, 3, 4], 2)
    [1.5, 2.5, 3.5]
    """
    return [mean(values[i:i + size]) for i in range(len(values) - size)]
'''
AVERAGES_RIGHT = ("len(values) - size)", "len(values) - size + 1)")
AVERAGES_WRONG = ("len(values) - size)", "len(values))")
AVERAGES_CASES = [
    ("moving_average([1, 2, 3, 4], 2)", "[1.5, 2.5, 3.5]"),
    ("moving_average([5, 7, 9], 3)", "[7]"),
    ("moving_average([5, 7, 9], 1)", "[5, 7, 9]"),
    ("moving_average([5, 7], 3)", "[]"),
    ("moving_average([1, 2, 6, 3, 3, 9], 3)", "[3, 11 / 3, 4, 5]"),
    ("mean([2, 4, 9])", "5"),
]

INTERVALS = '''\
"""Intervals of whole numbers, written as pairs (start, end)."""


def merge(intervals):
    """The intervals with those that overlap or touch joined, by their starts.

    They may come in any order; the list that is handed in stays as it is.

    >>> merge([(8, 9), (1, 3), (3, 5)])
    [(1, 5), (8, 9)]
    """
    merged = []
    for start, end in intervals:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def covered(intervals):
    """How long the intervals are together, what lies in several counted once."""
    return sum(end - start for start, end in merge(intervals))
'''
INTERVALS_RIGHT = (
    ("in intervals:\n        if", "in sorted(intervals):\n        if"),
    ("[0], end)", "[0], max(merged[-1][1], end))"),
)
INTERVALS_CASES = [
    ("merge([(1, 10), (2, 3)])", "[(1, 10)]"),
    ("merge([(8, 9), (1, 3), (3, 5)])", "[(1, 5), (8, 9)]"),
    ("merge([(1, 2), (4, 5)])", "[(1, 2), (4, 5)]"),
    ("merge([(4, 6), (1, 9), (8, 12), (20, 21)])", "[(1, 12), (20, 21)]"),
    ("merge([])", "[]"),
    ("(lambda given: (merge(given), given)[1])([(5, 6), (1, 2)])", "[(5, 6), (1, 2)]"),
    ("covered([(1, 10), (2, 3), (20, 25)])", "14"),
]

BASKET = '''\
"""A basket of a shop."""


class Basket:
    """Articles with their prices in cents; an article may be in it several times."""

    def __init__(self, articles=[]):
        self.articles = articles

    def add(self, name, cents):
        """Put an article in."""
        self.articles.append((name, cents))

    def remove(self, name):
        """Take out all articles of this name."""
        for article in self.articles:
            if article[0] == name:
                self.articles.remove(article)

    def total(self):
        """What all articles cost together, in cents."""
        return sum(cents for _, cents in self.articles)
'''
BASKET_RIGHT = (
    ("articles=[]):\n        self.articles = articles", "articles=()):\n        self.articles = list(articles)"),
    ("in self.articles:\n            if", "in list(self.articles):\n            if"),
)
BASKET_CASES = [
    ("(Basket().add('a', 5), Basket().total())[1]", "0"),
    ("(lambda b, c: (b.add('a', 5), c.add('b', 7), b.total(), c.total())[2:])(Basket(), Basket())", "(5, 7)"),
    ("(lambda b: ([b.add('x', 3) for _ in range(4)], b.add('y', 2), b.remove('x'), b.total())[3])(Basket())", "2"),
    ("(lambda b: (b.remove('x'), b.total())[1])(Basket([('x', 1), ('y', 2), ('x', 1), ('x', 9)]))", "2"),
    ("(lambda b: (b.remove('z'), b.total())[1])(Basket([('x', 1), ('y', 2)]))", "3"),
    ("Basket([('x', 150), ('y', 250)]).total()", "400"),
]

DURATION = '''\
"""Durations as people write them."""

import re

SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def parse_duration(text):
    """The seconds of a text such as `1h30m`.

    Days, hours, minutes and seconds (d, h, m, s, also as capitals) come in this order, each at most once, and any of
    them may be missing; there may be blanks between them and around. At least one has to be there. Numbers are whole
    and may have any number of digits. Anything else raises ValueError.

    >>> parse_duration("1h30m")
    5400
    >>> parse_duration(" 2d 10s ")
    172810
    """
    total = 0
    for number, unit in re.findall(r"([0-9])([dhms])", text):
        total = SECONDS[unit] * int(number)
    return total
'''
DURATION_BODY = DURATION.partition("    total = 0\n")[2]
DURATION_RIGHT = r"""    pattern = r"\s*" + "".join(rf"(?:([0-9]+){unit})?\s*" for unit in SECONDS)
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    if not found or not any(found.groups()):
        raise ValueError(text)
    return sum(int(number or 0) * SECONDS[unit] for number, unit in zip(found.groups(), SECONDS))
"""
DURATION_WRONG = DURATION_BODY.replace("([0-9])", "([0-9]+)").replace("total = ", "total += ")
DURATION_CASES = [
    ("parse_duration('1h30m')", "5400"),
    ("parse_duration(' 2d 10s ')", "172810"),
    ("parse_duration('90s')", "90"),
    ("parse_duration('1D 2H 3M 4S')", "93784"),
    ("parse_duration('0s')", "0"),
    ("parse_duration('120m5s')", "7205"),
    *((f"parse_duration({text!r})", "ValueError") for text in ["", "  ", "soon", "5", "3h and more", "1m1m", "1s1h"]),
]


def repair(folder: Path, name: str, *pairs: Case) -> str:
    """A file in which one text stands for another."""
    text = read(folder, name)
    for old, new in pairs:
        text = text.replace(old, new)
    write(folder, name, text)
    return f"{name} is corrected."


def task(name: str, text: str, module: str, cases: list[Case], code: str, right: list[Case], wrong: list[Case]) -> Task:
    """A module to be corrected, and two ways of changing it."""
    return Task(
        name,
        "fix",
        text,
        lambda folder: write(folder, f"{module}.py", code),
        lambda folder, answer: call_failures(folder, module, cases),
        lambda folder: repair(folder, f"{module}.py", *right),
        lambda folder: repair(folder, f"{module}.py", *wrong),
    )


TASKS = [
    task(
        "moving-average",
        "In averages.py the function moving_average forgets the last run: moving_average([1, 2, 3, 4], 2) gives "
        "[1.5, 2.5] and should give [1.5, 2.5, 3.5]. The fault must be in this line:\n\n"
        "    return [mean(values[i:i + size]) for i in range(len(values) - size)]\n\n"
        "Please correct the file and leave the rest of it as it is.",
        "averages",
        AVERAGES_CASES,
        AVERAGES,
        [AVERAGES_RIGHT],
        [AVERAGES_WRONG],
    ),
    task(
        "merge-intervals",
        "merge() in intervals.py is not right: merge([(1, 10), (2, 3)]) gives [(1, 3)]. Fix the module so that it does "
        "what its docstrings say.",
        "intervals",
        INTERVALS_CASES,
        INTERVALS,
        list(INTERVALS_RIGHT),
        list(INTERVALS_RIGHT[1:]),
    ),
    task(
        "basket",
        "Two things are wrong with the class Basket in basket.py: new baskets are not empty once another basket has "
        "been filled, and remove() leaves articles behind when several of the same name follow each other. Repair "
        "both.",
        "basket",
        BASKET_CASES,
        BASKET,
        list(BASKET_RIGHT),
        list(BASKET_RIGHT[:1]),
    ),
    task(
        "duration",
        "parse_duration in duration.py has several mistakes. Its docstring is right. Make the function do what the "
        "docstring says.",
        "duration",
        DURATION_CASES,
        DURATION,
        [("    total = 0\n" + DURATION_BODY, DURATION_RIGHT)],
        [(DURATION_BODY, DURATION_WRONG)],
    ),
]
