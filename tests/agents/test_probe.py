"""Two versions of a module are told apart, or told to be alike, by what their functions give."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.probe import BEHAVES, RUN, UNDONE, probe, pure

LEAP = "def is_leap(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n"


BASKET = """
class Basket:
    def __init__(self, articles=[]):
        self.articles = articles

    def add(self, name, cents):
        self.articles.append((name, cents))

    def total(self):
        return sum(cents for _, cents in self.articles)
"""
OWN = BASKET.replace("articles=[]", "articles=None").replace("= articles", "= [] if articles is None else articles")


def behaviour(source: str, folder: Path, before: str = "") -> str:
    """What is printed of a module, which had this source before."""
    (folder / "m.py").write_text(source, encoding="utf-8")
    program = "import subprocess, sys\n" + RUN.format(program=repr(probe(".", "m", before)))
    ran = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    found = UNDONE.search(ran.stdout) or BEHAVES.search(ran.stdout)
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            LEAP,
            "def is_leap(year):\n    return True if year % 400 == 0 else year % 4 == 0 != year % 100\n",
        ),
        ("def f(items):\n    return sorted(items)", "def f(items):\n    items.sort()\n    return items"),
        ("def mean(x: float):\n    return x / 3", "def mean(x: float):\n    return x * (1 / 3)"),
        (OWN, OWN.replace("self.articles", "self.held")),
        ("def f(n):\n    return (i for i in range(n))", "def f(n):\n    return iter(range(n))"),
        ("class A: pass\ndef f(n):\n    return A()", "class A: pass\ndef f(n):\n    made = A()\n    return made"),
    ],
)
def test_the_same_behaviour(one: str, other: str, tmp_path: Path) -> None:
    assert behaviour(one, tmp_path) == behaviour(other, tmp_path) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LEAP, LEAP.replace("or", "and")),
        ("def f(text):\n    return text[::-1]", "def f(text):\n    return text"),
        ("def f(a, b=1):\n    return a + b", "def f(a, b=2):\n    return a + b"),
        ("def f(notas):\n    return sum(notas)", "def f(notas):\n    return max(notas, default=0)"),
        (BASKET, OWN),
        (OWN, OWN.replace("(name, cents))", "(name, cents + 1))")),
    ],
)
def test_another_behaviour(one: str, other: str, tmp_path: Path) -> None:
    assert behaviour(one, tmp_path) != behaviour(other, tmp_path)


def test_parts_that_a_changed_file_is_cut_into_may_be_named_as_one_likes(tmp_path: Path) -> None:
    whole = "def f(n):\n    return n * 2 + 1\n"
    parts = [f"def {name}(n):\n    return n * 2\ndef f(n):\n    return {name}(n) + 1\n" for name in ("twice", "double")]
    assert behaviour(parts[0], tmp_path, whole) == behaviour(parts[1], tmp_path, whole) != ""
    assert behaviour(parts[0], tmp_path) != behaviour(parts[1], tmp_path)


def test_endless_functions_come_to_an_end(tmp_path: Path) -> None:
    assert behaviour("def f(n):\n    while n != 1:\n        n -= 2\n    return n", tmp_path)


def test_what_does_more_than_compute_is_not_called(tmp_path: Path) -> None:
    assert pure(LEAP)
    for source in (
        "import os\ndef f(n): os.remove(n)",
        "def f(n):\n    open(n, 'w')",
        "from pathlib import Path",
        "x = 1",
    ):
        assert not pure(source)


def test_functions_that_only_fail_say_nothing(tmp_path: Path) -> None:
    assert behaviour("def f(n):\n    return known[n]", tmp_path) == ""


def test_what_one_function_does_its_counterpart_undoes(tmp_path: Path) -> None:
    pair = "def encode_turn(s: str):\n    return s[1:] + s[:1]\ndef decode_turn(s: str):\n    return {}\n"
    assert "decode_turn does not undo encode_turn" in behaviour(pair.format("s[1:] + s[:1]"), tmp_path)
    assert "calls of its functions give" in behaviour(pair.format("s[-1:] + s[:-1]"), tmp_path)
