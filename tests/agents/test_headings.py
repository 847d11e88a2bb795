"""Columns that a task asks for."""

import pytest

from agents.headings import headings, misnamed


@pytest.mark.parametrize(
    ("task", "name", "wanted"),
    [
        ("Write r.csv with the columns country and revenue, highest revenue first.", "r.csv", "country revenue"),
        ("Save a table with columns `name`, `total` to out.csv.", "out.csv", "name total"),
        (
            "Lê v.csv (colunas data, produto, valor) e grava t.csv com as colunas produto e total.",
            "t.csv",
            "produto total",
        ),
        ("Write out.csv (columns: a, b, c), sorted by a.", "out.csv", "a b c"),
        ("Make out.csv with a header and two columns: n and square", "out.csv", "n square"),
        ("Create x.csv with the header name,total", "x.csv", "name total"),
        ("Write x.csv with the columns name, total, highest total first", "x.csv", "name total"),
        ("Write x.csv with the columns name and total sorted by name", "x.csv", "name total"),
        ("Write r.csv with the columns month and total revenue.", "r.csv", ""),
        ("Make p.csv with one column per month", "p.csv", ""),
        ("Write c.csv with the same columns in the same order", "c.csv", ""),
        ("Write x.csv with a header row, sorted by name", "x.csv", ""),
        ("Read v.csv (columns a, b) and write the sums to t.csv.", "t.csv", ""),
        ("Count the columns of v.csv", "v.csv", ""),
    ],
)
def test_headings(task: str, name: str, wanted: str) -> None:
    assert headings(task, name) == tuple(wanted.split())


def test_a_table_with_other_columns_is_told() -> None:
    task = "Write r.csv with the columns country and revenue."
    assert misnamed(task, "r.csv", ["Country", "revenue "]) == ""
    assert "must be country,revenue and is country,amount" in misnamed(task, "r.csv", ["country", "amount"])
    assert "reset_index" in misnamed(task, "r.csv", ["amount"])
    assert misnamed("Write r.csv", "r.csv", ["a"]) == ""
