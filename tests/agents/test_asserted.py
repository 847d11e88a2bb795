"""What assertions in a text say that calls give."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.asserted import asserted
from agents.checks import expected
from agents.examples import Example, examples
from agents.program import saving
from tools.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "call", "wanted"),
    [
        ("assert f((3,4),(5,)) == set((4, 5))", "f((3,4),(5,))", "set((4, 5))"),
        ("assert set(f([1,2])) == {1, 2}, 'not so'", "set(f([1,2]))", "{1, 2}"),
        (">>> assert f(2)", "bool(f(2))", "True"),
        ("It passes:\n    assert not f(3)\n", "bool(not f(3))", "True"),
        ("assert f(3) is None", "f(3)", "None"),
        ("assert f(2) == 1 + 1", "f(2)", "1 + 1"),
        ("assert f('x')[0] == 1", "f('x')[0]", "1"),
        ("assert math.isclose(f(3), 12.5)", "bool(math.isclose(f(3), 12.5))", "True"),
        ("assert f(3) == [\n    1,\n    2,\n]\nassert f(1) == []", "f(3)", "[\n    1,\n    2,\n]"),
        ("assert f(2) == g(3)", "bool(f(2) == g(3))", "True"),
        ("assert f(10**6) == 3", "f(10**6)", "3"),
    ],
)
def test_an_assertion_is_an_example(text: str, call: str, wanted: str) -> None:
    assert next(asserted(text)) == (call, wanted)
    assert examples(text)[0] == Example(call, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "assert x == 3",
        "assert len([1]) == 1",
        "assert f(x) == 3",
        "assert basket.total() == 3",
        "assert f(open('a').read()) == 1",
        "assert f(os.sep) == '/'",
        "assert [f(n) for n in (1, 2)] == [1, 2]",
        "assert that f(2) gives",
        "assert f(" + "[" * 5000,
        "I assert f(2) == 3",
    ],
)
def test_what_is_no_assertion_of_a_call(text: str) -> None:
    assert list(asserted(text)) == []


def test_one_that_is_said_already_counts_once() -> None:
    text = "assert f([1,2]) == [1]\nassert f(3) is True\nassert not f(4)"
    assert [call for call, _ in asserted(text)] == ["f([1,2])", "f(3)", "bool(not f(4))"]
    assert examples(text.rpartition("\n")[0]) == [
        Example("f([1,2])", "[1]"),
        Example("f(3)", "True"),
    ]


@pytest.mark.parametrize(("body", "right"), [("[n / 2 for n in ns]", True), ("ns", False)])
def test_a_file_is_checked_by_them(tmp_path: Path, body: str, right: bool) -> None:
    task = (
        "Write half.py with a function:\nassert math.isclose(half([1])[0], 0.5)\nassert set(half([2, 4])) == {1, 2}\n"
    )
    program = saving(expected(task, Workspace(tmp_path)), f"def half(ns):\n    return {body}\n")
    done = subprocess.run([sys.executable, "-c", program.code], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode == 0) == right
    assert ("gives False, should give True" in done.stdout) == (not right)
