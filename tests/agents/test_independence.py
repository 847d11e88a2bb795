"""Which steps may be worked on at the same time."""

import pytest

from agents.independence import independent
from agents.ledger import Ledger


@pytest.mark.parametrize(
    ("step", "others"),
    [
        ("Write the word two to b.txt", ["Write the word one to a.txt"]),
        ("Convert b.json to b.csv", ["Convert a.json to a.csv"]),
        ("Plot sales.csv to sales.png", ["Count the rows of sales.csv and write the number to rows.txt"]),
    ],
)
def test_steps_that_share_no_written_file_are_independent(step: str, others: list[str]) -> None:
    assert independent(step, others)


@pytest.mark.parametrize(
    ("step", "others"),
    [
        ("Plot clean.csv to plot.png", ["Clean raw.csv and save it as clean.csv"]),
        ("Write the sum of a.txt to b.txt", ["Write 1 to 3 to a.txt"]),
        ("Write it to b.txt", ["Write the word one to a.txt"]),
        ("Tell me the answer", ["Write the word one to a.txt"]),
        ("Write the word two to b.txt", ["Sort the files"]),
        ("Rename a.txt to c.txt", ["Write the word one to b.txt, then read a.txt"]),
        ("Fix the bug in a.py", ["Write tests for a.py to test_a.py"]),
    ],
)
def test_what_cannot_be_told_waits(step: str, others: list[str]) -> None:
    assert not independent(step, others)


def test_a_step_behind_one_that_it_needs_is_not_beside() -> None:
    steps = ["Write 1 to a.txt", "Write 2 to b.txt", "Write the sum of a.txt and b.txt to c.txt", "Write 4 to d.txt"]
    assert Ledger(steps=steps).beside() == [1, 3]
