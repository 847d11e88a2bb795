"""Two versions of a module are told apart, or told to be alike, by what their functions give."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.essence import alike
from agents.probe import BEHAVES, UNDONE, probe, pure, same
from tools.interpreter.worker import checking
from tools.interpreter.worker.behaviour import arguments, like, near

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


def behaviour(source: str, folder: Path, before: str = "", calls: Sequence[str] = ()) -> str:
    """What is printed of a module, which had this source before; `calls`: those of the task's examples."""
    (folder / "m.py").write_text(source, encoding="utf-8")
    asked = {"run": ["m.py"], "tests": [], "module": [".", "m"], "examples": [], "behaviour": probe(before, (), calls)}
    command = [sys.executable, checking.__file__, json.dumps(asked)]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
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
        ("def f(text):\n    return set(text)", "def f(text):\n    return set(reversed(text))"),
        ("def f(text):\n    return {c: 1 for c in text}", "def f(text):\n    return {c: 1 for c in reversed(text)}"),
        ("def f(x: float):\n    return [x / 3]", "def f(x: float):\n    return [x * (1 / 3)]"),
    ],
)
def test_the_same_behaviour(one: str, other: str, tmp_path: Path) -> None:
    first = behaviour(one, tmp_path)
    assert first
    assert alike(first, behaviour(other, tmp_path))


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
    assert not alike(behaviour(one, tmp_path), behaviour(other, tmp_path))


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
    assert "calls of its functions, for comparison" in behaviour(pair.format("s[-1:] + s[:-1]"), tmp_path)


def test_an_error_here_and_a_value_there_is_no_difference(tmp_path: Path) -> None:
    plain, strict = "def f(n: int):\n    return 2 * n\n", "def f(n: int):\n    assert n >= 0\n    return 2 * n\n"
    assert alike(behaviour(plain, tmp_path), behaviour(strict, tmp_path))
    assert not alike(behaviour(plain, tmp_path), behaviour("def f(n: int):\n    return {0: 0}[n]\n", tmp_path))


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("aabbcc", "aabbcc", True),
        ("aabb--", "aa--cc", False),
        ("aabbcc--", "aabb--dd", True),
        ("aabbcc", "aabbcd", False),
        ("aabb", "aabbcc", False),
        ("----", "----", False),
        ("a-", "a-", True),
        ("", "", False),
    ],
)
def test_versions_are_the_same_where_most_calls_give_something(one: str, other: str, like: bool) -> None:
    assert same(one, other) == same(other, one) == like


def test_calls_like_those_of_the_examples_tell_versions_apart(tmp_path: Path) -> None:
    one = "def right(a, b, c):\n    return a * a + b * b == c * c\n"
    other = "def right(a, b, c):\n    a, b, c = sorted((a, b, c))\n    return a * a + b * b == c * c\n"
    calls = ["right(3, 4, 5)", "right(1, 2, 3)"]
    assert not alike(behaviour(one, tmp_path, calls=calls), behaviour(other, tmp_path, calls=calls))
    assert alike(
        behaviour(one, tmp_path, calls=calls), behaviour(one.replace("a * a", "a ** 2"), tmp_path, calls=calls)
    )


def test_arguments_like_those_of_the_examples() -> None:
    found = near([([[0, 1], [1, 1]], 2), ([[0]], 5)])
    assert ([[0, 1], [1, 1]], 5) in found  # of one example the list, of the other the number
    assert all(isinstance(rows, list) and isinstance(most, int) and most >= 0 for rows, most in found)
    assert len(found) == len({repr(each) for each in found}) <= 60
    assert set(near([(3, 4, 5)])) >= {(5, 4, 3), (4, 5, 3), (3, 4, 6)}
    assert all(number >= 1 for (number,) in near([(1,), (7,)]))
    assert any(number < 0 for (number,) in near([(-1,), (7,)]))
    assert near([({"a": 1},)]) != near([({"a": 2},)])
    assert like([1, "a", None], 0)[0] == [1, "a", None]


def test_the_arguments_of_calls() -> None:
    calls = ["f([1], 2)", "round(f([2], k=1), 2)", "f(1)", "f(['a'], -3)", "g(h(1))", "Basket().add('a')", "g('x')"]
    assert arguments(calls) == {"f": [([1], 2), (["a"], -3)], "h": [(1,)], "g": [("x",)]}


def test_an_endless_module_agrees_with_none(tmp_path: Path) -> None:
    endless = (
        "def f(n):\n    while True:\n        try:\n            f(n)\n        except BaseException:\n            pass\n"
    )
    said = behaviour(endless, tmp_path)
    assert said and not alike(said, said)
