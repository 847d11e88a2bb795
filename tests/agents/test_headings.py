"""Columns that a task asks for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agents.checks import expected
from agents.headings import headings, misnamed
from agents.program import chosen_program
from tools.interpreter.worker import arranging
from tools.workspace import Workspace


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
        ("Write m.csv with the columns month (like 2025-01) and total (two decimals).", "m.csv", "month total"),
        ("Write m.csv with the columns month", "m.csv", ""),
        ("Write x.csv with the columns name, total, highest total first", "x.csv", "name total"),
        ("Write x.csv with the columns name and total sorted by name", "x.csv", "name total"),
        ("Write x.csv with the two columns name and total", "x.csv", "name total"),
        ("Write r.csv with the columns month and total revenue.", "r.csv", ""),
        ("Make p.csv with one column per month", "p.csv", ""),
        ("Make a copy b.csv with one more column total at the end: a times b", "b.csv", ""),
        ("Make a copy b.csv with two more columns: tax and total", "b.csv", ""),
        ("Write c.csv with the same columns in the same order", "c.csv", ""),
        ("Write x.csv with a header row, sorted by name", "x.csv", ""),
        ("Read v.csv (columns a, b) and write the sums to t.csv.", "t.csv", ""),
        ("Count the columns of v.csv", "v.csv", ""),
    ],
)
def test_headings(task: str, name: str, wanted: str) -> None:
    assert headings(task, name) == tuple(wanted.split())


def test_a_table_with_other_columns_is_told() -> None:
    wanted = ("country", "revenue")
    assert misnamed("r.csv", wanted, ["Country", "revenue "]) == ""
    assert "must be country,revenue and is country,amount" in misnamed("r.csv", wanted, ["country", "amount"])
    assert "reset_index" in misnamed("r.csv", wanted, ["amount"])
    assert misnamed("r.csv", (), ["a"]) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("10.0.0.1,3\nb,2\n", "ip,n\n10.0.0.1,3\nb,2\n"),
        ("Address,count\na,3\n", "ip,n\na,3\n"),
        ('IP,N\n"a,b",3\n', 'IP,N\n"a,b",3\n'),
        ('x,y\n"a,b",3\n', 'ip,n\n"a,b",3\n'),
        ("n,ip\n3,a\n", "n,ip\n3,a\n"),
        ("ip\na\n", "ip\na\n"),
        ("N,ip,x\n3,a,b\n", "ip,n\na,3\n"),
        ("ip,x,y\na,b,3\n", "ip,x,y\na,b,3\n"),
        ("ip,n,x\na,3\n", "ip,n,x\na,3\n"),
        ("", ""),
    ],
)
def test_names_of_columns_are_put_right_where_only_they_are_wrong(before: str, after: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(before, encoding="utf-8")
    told = json.dumps([[("r.csv", ["ip", "n"]), ("absent.csv", ["a"])], []])
    subprocess.run([sys.executable, arranging.__file__, told], cwd=tmp_path, check=True)
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == after


def test_a_table_that_is_no_text_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("x,y\nAção,1\n".encode("latin-1"))
    told = json.dumps([[("r.csv", ["ip", "n"])], [("r.csv", 0, False, 0)]])
    subprocess.run([sys.executable, arranging.__file__, told], cwd=tmp_path, check=True)
    assert (tmp_path / "r.csv").read_bytes() == "x,y\nAção,1\n".encode("latin-1")


@pytest.mark.parametrize(
    ("task", "before", "after"),
    [
        ("sorted by n", "b,9\na,10\nc,2\n", "c,2\nb,9\na,10\n"),
        ("sorted by n, the highest first", "b,9\nc,2\na,10\n", "a,10\nb,9\nc,2\n"),
        ("por ordem do name", "b,9\nC,2\na,10\n", "a,10\nb,9\nC,2\n"),
        ("in alphabetical order", "C,2\na,10\nb,9\n", "C,2\na,10\nb,9\n"),
        ("in alphabetical order", "Ana,2\nÉmile,10\nrui,9\n", "Ana,2\nÉmile,10\nrui,9\n"),
        ("sorted by name, with a last row for all", "b,1\na,2\nall,3\n", "b,1\na,2\nall,3\n"),
        ("sorted by name", "02/10/2024,1\n01/02/2025,2\n", "02/10/2024,1\n01/02/2025,2\n"),
        ("in order of name", "March,1\nApril,2\n", "March,1\nApril,2\n"),
        ("in order of name", "item 9,1\nitem 10,2\n", "item 9,1\nitem 10,2\n"),
        ("in order of name", "item 10,1\nitem 11,3\nitem 9,2\n", "item 10,1\nitem 11,3\nitem 9,2\n"),
        ("in order of name", "2025-02-01,1\n2025-01-02,2\n", "2025-01-02,2\n2025-02-01,1\n"),
        ("as they come", "b,9\na,10\n", "b,9\na,10\n"),
    ],
)
def test_rows_are_put_in_the_order_that_the_task_names(task: str, before: str, after: str, tmp_path: Path) -> None:
    task = f"Write r.csv with the columns name and n from a.txt, {task}."
    (tmp_path / "a.txt").write_text("x\n", encoding="utf-8")
    reply = f"```python\nopen('r.csv', 'w', encoding='utf-8').write({'name,n' + chr(10) + before!r})\n```"
    program = chosen_program(reply, expected(task, Workspace(tmp_path)))
    assert program
    subprocess.run([sys.executable, "-c", program.code], cwd=tmp_path, check=True)
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == "name,n\n" + after


def test_no_more_rows_are_kept_than_the_task_wants(tmp_path: Path) -> None:
    rows = "name,n\nb,9\nc,2\na,10\n"
    reply = f"```python\nopen('r.csv', 'w', encoding='utf-8').write({rows!r})\n```"
    for end, left in ((", the highest n first", "name,n\na,10\nb,9\n"), ("", rows)):
        task = f"Find the two largest numbers of a.txt and write r.csv with the columns name and n{end}."
        program = chosen_program(reply, expected(task, Workspace(tmp_path)))
        assert program
        subprocess.run([sys.executable, "-c", program.code], cwd=tmp_path, check=True)
        assert (tmp_path / "r.csv").read_text(encoding="utf-8") == left


@pytest.mark.parametrize(
    "words", ["without the columns", "drop the columns", "grouped by the columns", "sem as colunas"]
)
def test_columns_that_are_left_out_or_worked_with_are_not_the_header(words: str) -> None:
    assert headings(f"Write people.csv {words} email and phone to out.csv", "out.csv") == ()
