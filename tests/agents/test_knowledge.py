"""Ways that work and what errors mean: data that every prompt of a small model draws on."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from string import Template

import pytest

from agents.checks import expected
from agents.expectation import Expectation, expectation
from agents.knowledge import ROOM, entries, fitting, hint, idioms, names, searched, stands
from agents.weights import weights
from benchmarks.learn import LABELLED, rows
from tools.workspace import Workspace


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ("Draw a bar chart of the totals of sales.csv and save it as a.png", "savefig"),
        ("Move all PDF files of downloads into documents", "rename(target)"),
        ("Quantos commits fez cada autor?", "git"),
        ("How many errors are in app.log?", "splitlines"),
        ("With bash, list the largest files", "sort -rn"),
        ("Com JavaScript, conta as linhas de a.txt", "readFileSync"),
    ],
)
def test_a_task_calls_for_a_way(task: str, word: str) -> None:
    files = ["shop.db", "sales.csv", "app.log", "a.txt"]
    assert any(word in way for way in idioms(task, expectation(task, files)))


def test_no_way_is_shown_without_need_or_beyond_the_room() -> None:
    assert idioms("What is 17 times 23?", expectation("What is 17 times 23?", [])) == []
    task = "Create hello.txt in the current folder, with the line Hello"
    assert idioms(task, expectation(task, [])) == []
    task = "git sqlite plot duplicates move replace files in pivot json log .md zip a.csv b.csv total per day"
    assert 0 < sum(map(len, idioms(task, expectation(task, ["a.csv", "b.csv"])))) <= ROOM


def test_every_way_is_a_program() -> None:
    for task, files in (
        ("Read a.csv and b.csv, write c.csv, d.json and e.png", ["a.csv", "b.csv"]),
        ("Fix a.py", ["a.py"]),
    ):
        expects = expectation(task, files)
        for text in ways(expects):
            whole = Template(text).safe_substitute(stands(task, expects))
            assert ast.parse(whole).body and not re.search(r"\$[a-z]", whole)


def ways(expects: Expectation) -> list[str]:
    """The texts of all that could be shown."""
    known = {entry["name"]: entry["text"] for entry in entries("idiom")}
    return [known[name] for name in fitting(expects)]


def test_every_way_has_examples_to_learn_from() -> None:
    files = (file for file in (LABELLED / "ways").glob("*.json") if not file.stem.startswith("unseen"))
    counts = Counter(name for file in files for row in rows(file) for name in row["ways"])
    assert [name for name in names() if counts[name] < 10] == []
    assert [*weights("ways").kinds] == names()


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("import pandas as pd; print(f'{pd.Series([1.0]):.2f}')", "brackets"),
        ("f'{\"a\":.2f}'", "text"),
        ("{}['a']", "exactly"),
        ("open('no/such/file')", "mkdir"),
        ("open('.')", "folder"),
        (r"b'\xff'.decode()", "bytes"),
        ("import nosuchmodule", "installed"),
        ("import json; json.loads('{}\\n{}')", "line by line"),
        ("a, b = [1]", "parts"),
        ("import re; re.match('a', 'b').group()", "None"),
        ("from datetime import datetime; datetime.strptime('1/2', '%Y')", "several forms"),
        ("import sqlite3; sqlite3.connect(':memory:').execute('select a from b')", "exactly"),
        ("print(nothing)", "Import"),
        ("input()", "input()"),
        ("for key in (d := {1: 1}): d[2] = 2; del d[1]", "copy"),
        ("print('", "not valid"),
    ],
)
def test_what_an_error_means(program: str, word: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert ran.returncode
    assert word in hint(ran.stderr)


def test_two_tables_are_joined_by_the_columns_that_they_have(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text("id,name\n1,Ana\n2,Rui\n", encoding="utf-8")
    (tmp_path / "scores.csv").write_text("student_id,score\n1,10\n2,12\n", encoding="utf-8")
    task = "Write averages.csv with the columns name and average: the mean score of each of students.csv in scores.csv"
    ways = "".join(idioms(task, expected(task, Workspace(tmp_path))))
    assert 'pd.merge(one, other, left_on="id", right_on="student_id")' in ways
    assert ".mean()" in ways and 'groups.columns = ["name", "average"]' in ways


def test_the_name_of_a_folder_calls_for_no_way() -> None:
    task = "Delete the largest file of the folder archive"
    files = ["archive/a.txt", "archive/b.txt"]
    assert not any("zip" in way for way in idioms(task, expectation(task, files)))
    for task, deletes in (("Delete identical files in archive", True), ("List identical files in archive", False)):
        assert any("unlink" in way for way in idioms(task, expectation(task, files))) == deletes


def test_an_unknown_error_has_no_hint() -> None:
    assert hint("all is well") == ""
    assert hint("KeyError\n" + "then a lot\n" * 5) == ""


def test_ways_have_the_columns_that_the_task_speaks_of(tmp_path: Path) -> None:
    table = "order_id,sold,region,quantity,unit price\n1,2026-01-02,North,2,3.5\n2,2026-01-03,South,4,1.5\n"
    (tmp_path / "sales.csv").write_text(table, encoding="utf-8")
    task = "Compute the revenue (quantity times unit price) in sales.csv per region, as regions.csv"
    ways = "".join(idioms(task, expected(task, Workspace(tmp_path))))
    assert 'df["total"] = df["quantity"] * df["unit price"]' in ways
    assert 'df.groupby("region", as_index=False)["total"].sum()' in ways and 'to_csv("regions.csv"' in ways
    task = "Which region sold the most in sales.csv? Pivot it, one column per month"
    assert 'df["sold"].astype(str)' in "".join(idioms(task, expected(task, Workspace(tmp_path))))


@pytest.mark.parametrize(
    ("task", "line"),
    [
        ("Draw a bar chart of how often each transport occurs in s.csv, as s.png", '["transport"].value_counts()'),
        ("Draw a bar chart of the hours per transport of s.csv, as s.png", '.groupby("transport")["hours"].sum()'),
        ("Draw a bar chart of the mean hours of each person in s.csv, as s.png", '.groupby("person")["hours"].mean()'),
    ],
)
def test_bars_are_of_what_the_task_counts_or_adds(tmp_path: Path, task: str, line: str) -> None:
    (tmp_path / "s.csv").write_text("person,transport,hours\nAna,bus,2\nRui,car,3\n", encoding="utf-8")
    stand = stands(task, expected(task, Workspace(tmp_path)))
    assert stand["bars"] == line


def test_ways_write_to_the_file_that_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("on 31/12/2024", encoding="utf-8")
    for task, name in (("Write the dates of a.txt as 2024-12-31 into b.txt", "b.txt"), ("Change a.txt", "a.txt")):
        assert stands(task, expected(task, Workspace(tmp_path)))["out"] == name


@pytest.mark.parametrize(
    ("task", "reverse"),
    [
        ("Write the subjects of all commits to a.txt, the newest first", ""),
        ("List the commits", ""),
        ("commit messages of this repo, oldest first", '"--reverse", '),
        ("Lista os commits do mais antigo para o mais recente", '"--reverse", '),
    ],
)
def test_commits_are_listed_from_the_end_that_the_task_names(task: str, reverse: str) -> None:
    assert stands(task, expectation(task, []))["reverse"] == reverse


@pytest.mark.parametrize(
    ("task", "line"),
    [
        (
            "Count the words of a.txt into c.csv with the columns word and count, sorted by word.",
            "sorted(counts.items())",
        ),
        ("Count the words of a.txt into c.csv with the columns word and count.", "counts.most_common()"),
        ("Write b.txt with the lines of a.txt, each only once, sorted.", "sorted({line for"),
        ("Write b.txt with the lines of a.txt, each only once, in their original order.", "list(dict.fromkeys("),
        ("Write b.txt with the lines of a.txt in lower case, each only once.", "line.strip().lower()"),
    ],
)
def test_counts_and_lines_come_as_the_task_orders_them(tmp_path: Path, task: str, line: str) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")
    known = stands(task, expected(task, Workspace(tmp_path)))
    texts = {entry["name"]: entry["text"] for entry in entries("idiom")}
    name = "counts-to-table" if "c.csv" in task else "sort-lines"
    assert line in Template(texts[name]).safe_substitute(known)


def test_hours_of_a_log_are_what_is_counted(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("2025-01-02 03:04:05 ERROR a\n" * 9, encoding="utf-8")
    task = "Count the ERROR lines of app.log in each hour of the day; write e.csv with the columns hour and errors."
    ways = "".join(idioms(task, expected(task, Workspace(tmp_path))))
    assert ("hours.append(" in ways, "Counter(hours)" in ways) == (True, True)


@pytest.mark.parametrize(
    ("task", "told"),
    [
        (
            "Which commit added the function parse_ticket, and who wrote it?",
            r'"-G", r"(def|function|class) parse_ticket\b"',
        ),
        ("at which commit did the class PriceTag disappear?", r'"-G", r"(def|function|class) PriceTag\b"'),
        ("Who wrote the function that reads 'a b'?", '"-S", "a b"'),
        ("When did max_retries first turn up in client_v2.py?", '"-S", "max_retries"'),
        ("Quem acrescentou a opção --dry-run?", '"-S", "--dry-run"'),
        ("""Who put 'say "no"' there?""", """"-S", 'say "no"'"""),
        ("Who wrote most of it?", '"-S", "some text"'),
    ],
)
def test_what_is_searched_for_in_commits(task: str, told: str) -> None:
    assert searched(task) == told


def test_a_definition_is_found_not_a_mention(tmp_path: Path) -> None:
    def git(*command: str) -> str:
        told = ["git", "-c", "user.name=Ana", "-c", "user.email=a@b.example", *command]
        return subprocess.run(told, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    for text in ("# to do: fold\n", "def folded(): pass\n", "def fold(): pass\n", "x = fold()\n"):
        with Path(tmp_path, "a.py").open("a", encoding="utf-8") as file:
            file.write(text)
        git("add", ".")
        git("commit", "-qm", text.strip())
    option, pattern = ast.literal_eval(f"[{searched('Which commit added the function fold?')}]")
    assert git("log", "--format=%s", option, pattern) == "def fold(): pass\n"


def test_ways_that_are_shown_together_are_one_program(tmp_path: Path) -> None:
    rows = "".join(f"2025-0{month}-1{day},r{day},{month}\n" for month in range(1, 4) for day in range(3))
    (tmp_path / "s.csv").write_text(f"date,region,amount\n{rows}", encoding="utf-8")
    task = (
        "From s.csv (columns date, region, amount) make m.csv with the columns month and total, one row per month, and"
        " m.png, a bar chart of these totals."
    )
    ways = idioms(task, expected(task, Workspace(tmp_path)))
    assert len(ways) == 2
    ran = subprocess.run([sys.executable, "-c", "".join(ways)], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "m.csv").read_text() == "month,total\n2025-01,3\n2025-02,6\n2025-03,9\n"
    assert "groups.set_index" in ways[1]
    assert (tmp_path / "m.png").stat().st_size > 1000
