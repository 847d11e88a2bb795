"""Two versions of a module are told apart, or told to be alike, by what their functions give."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.probe import BEHAVES, PAIRS, PROBE, RUN, UNDONE, pure

LEAP = "def is_leap(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n"


def behaviour(source: str, folder: Path) -> str:
    """What is printed of a module."""
    (folder / "m.py").write_text(source, encoding="utf-8")
    program = "import subprocess, sys\n" + RUN.format(program=repr(PROBE.format(folder=".", module="m", pairs=PAIRS)))
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
    ],
)
def test_another_behaviour(one: str, other: str, tmp_path: Path) -> None:
    assert behaviour(one, tmp_path) != behaviour(other, tmp_path)


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
