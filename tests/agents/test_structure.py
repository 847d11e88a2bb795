"""The form of source code that a task asks for."""

import pytest

from agents.structure import misformed, repeats

LOOP = "    total = 0\n    for line in lines:\n        if line:\n            total += line\n"
TWICE = f"def a(lines):\n{LOOP}    return total\n\n\ndef b(lines):\n{LOOP}    return total + 1\n"
ONCE = f"def sum_up(lines):\n{LOOP}    return total\n\n\ndef a(lines):\n    return sum_up(lines)\n"


@pytest.mark.parametrize(
    ("task", "after", "word"),
    [
        ("a and b contain the same loop: move it into a function", TWICE, "same lines"),
        ("Split it, so that no function has more than 3 lines", TWICE, "a has 6 lines"),
        ("Divide: cada função tem no máximo 3 linhas", TWICE, "3 are wanted"),
        ("Split it into three functions", TWICE, "2 functions"),
    ],
)
def test_what_is_not_as_asked_is_told(task: str, after: str, word: str) -> None:
    (problem,) = misformed(task, TWICE, after)
    assert word in problem


def test_what_is_as_asked_has_no_problem() -> None:
    assert misformed("a and b contain the same loop: move it into a function", TWICE, ONCE) == []
    assert misformed("No function has more than 6 lines; at least two functions", TWICE, ONCE) == []
    assert misformed("Do the same for b", ONCE, ONCE) == []
    assert misformed("the same loop", TWICE, "def (") == []
    assert (repeats(TWICE), repeats(ONCE), repeats("")) == (1, 0, 0)
