"""The road of a task."""

import json
from pathlib import Path

import pytest

from teams.router import road

SETS = [f"routes{which}.json" for which in ("", "-blind", "-new", "-fresh", "-unseen", "-late")]
"""Labelled tasks in two languages, written without sight of the rules; the rules were then made to serve them."""


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        ("Write the first 20 prime numbers to primes.csv, one per line, and tell me their sum", "code"),
        ("Fix the bug in stats.py", "code"),
        ("How many lines does access.log have?", "code"),
        ("What is the sum of the squares of the numbers 1 to 100?", "code"),
        ("Rename all .txt files in this folder to .md", "code"),
        ("Explain what a hash table is", "strategy"),
        ("What is the difference between TCP and UDP?", "strategy"),
        ("Write a haiku about the sea", "strategy"),
        ("Explica o que é recursão", "strategy"),
        ("Quantas linhas tem o ficheiro dados.csv?", "code"),
        ("Calcula a soma dos primeiros 50 números pares", "code"),
        ("Plan a week of meals", "strategy"),
        ("Explica a diferença entre a memória RAM e o disco de um computador", "strategy"),
        ("Explain which files in this folder take the most space", "code"),
        ("Put these jobs into the right order, as a numbered list: paint, move, clean", "strategy"),
        ("SQLite or Postgres for the inventory? Don't open any file.", "strategy"),
        ("Build a small to-do app: a storage module, a cli, tests for both and a README", "hybrid"),
        ("1. read a.csv\n2. clean it into b.csv\n3. plot b.csv", "hybrid"),
        ("Download nothing, read a.csv, then sort it, then write b.csv", "hybrid"),
        ("1. Write a.txt. 2. Copy it to b.txt. 3. Count both.", "hybrid"),
        ("Round 2.5 and 3. Write both to r.txt", "code"),
    ],
)
def test_road(task: str, kind: str) -> None:
    found = road(task)
    assert found.kind == kind
    assert found.reason


def test_a_task_that_is_a_plan_is_taken_as_one() -> None:
    assert road("1. Write a.txt. 2. Copy it to b.txt.\n3) Count both.").steps == (
        "Write a.txt.",
        "Copy it to b.txt.",
        "Count both.",
    )
    assert road("Use the data of 2025: 1. read a.csv 2. clean it 3. plot it").steps == (
        "Use the data of 2025: read a.csv",
        "Use the data of 2025: clean it",
        "Use the data of 2025: plot it",
    )
    assert road("1. read a.csv 3. plot it 2. clean it").steps == ()


@pytest.mark.parametrize("name", SETS)
def test_nineteen_of_twenty_labelled_tasks_take_the_right_road(name: str) -> None:
    rows = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    wrong = [row["task"] for row in rows if road(row["task"]).kind != row["route"]]
    assert len(wrong) <= 0.05 * len(rows), wrong
    assert sum(not road(row["task"]).sure for row in rows) <= 0.15 * len(rows)
