"""The order of rows that a task asks for."""

import pytest

from agents.ordering import misordered

UP = [["name", "hours"], ["Ana", "9"], ["Émile", "10"], ["rui", "7"]]
DOWN = [["name", "hours"], ["rui", "10"], ["Ana", "9"], ["Zoé", "7"]]


@pytest.mark.parametrize(
    ("task", "rows", "right"),
    [
        ("the hours of each, sorted by name.", UP, True),
        ("the hours of each, sorted by name.", DOWN, False),
        ("as h.csv, sorted by hours, highest first", DOWN, True),
        ("as h.csv, sorted by hours, highest first", UP, False),
        ("as h.csv, the highest hours first", UP, False),
        ("as h.csv, most hours first", DOWN, True),
        ("the most frequent word first.", UP, False),
        ("in alphabetical order of the names.", DOWN, False),
        ("in alphabetical order of the names.", UP, True),
        ("ordenado por name", DOWN, False),
        ("da loja com o maior total para a que tem o menor", UP, False),
        ("da loja com o maior total para a que tem o menor", DOWN, True),
        ("primeiro o que tem mais", UP, False),
        ("sorted by colour", DOWN, True),
        ("the hours of each", UP, True),
        ("Sort the rows by hours", [["name", "hours"], ["a", "10"], ["b", "9"]], True),
        ("sorted by hours", [["name", "hours"], ["a", "10"], ["b", "9"]], False),
        ("sorted by hours", [["name", "hours"], ["a", "9"], ["b"]], True),
        ("sorted by year, the oldest album first", [["t", "year"], ["a", "1970"], ["b", "1990"]], True),
        ("sorted by year, the newest first", [["t", "year"], ["a", "1970"], ["b", "1990"]], False),
    ],
)
def test_order(task: str, rows: list[list[str]], right: bool) -> None:
    assert (misordered(task, "h.csv", rows) == "") == right
