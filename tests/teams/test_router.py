"""The road of a task."""

import pytest

from agents.ledger import FILES
from benchmarks.learn import LABELLED, SUBJECTS, Example, learned, routes, rows
from benchmarks.tasks import smoke
from benchmarks.tasks.catalog import TASKS
from teams.classifier import KINDS, classified
from teams.router import road

BLIND = [row for name in ("unseen", "unseen-long") for row in rows(LABELLED / "routes" / f"{name}.json")]
"""Labelled tasks in two languages that nothing was learned from."""


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
    numbered = "    Example 1: Input 3\n    Example 2: Input 4\n    Note: of 3. Nothing else"
    assert road(f'Complete f.py:\n\ndef f(n):\n    """Doubles n.\n\n{numbered}\n    """\n').steps == ()
    assert road(f"Complete f.py:\n```python\ndef f(n):\n{numbered}\n```").steps == ()


@pytest.mark.parametrize("task", ["Schreibe ein Gedicht", "Кто ты?", "Объясни рекурсию", "", "?"])
def test_what_no_weight_knows_is_left_open(task: str) -> None:
    assert not road(task).sure


def test_words_tell_the_reason() -> None:
    assert road("Fix the bug in stats.py").reason == "works on stats.py"
    assert road("Compute the sum of the squares of 1 to 100").reason.startswith("is work for a program (")
    assert road("Explain what a hash table is").reason == "asks for words (explain, what)"


def test_nineteen_of_twenty_unseen_tasks_take_the_right_road() -> None:
    found = [(road(row["task"]), row["route"]) for row in BLIND]
    wrong = [way.reason for way, kind in found if way.kind != kind]
    assert len(wrong) <= 0.05 * len(found), wrong
    assert sum(not way.sure for way, _ in found) <= 0.15 * len(found)


def test_tasks_of_the_benchmark_take_the_executors_road() -> None:
    work = [task for task in [*TASKS, *smoke.TASKS] if task.group not in {"plan", "explain"}]
    assert [task.name for task in work if road(task.text).kind == "strategy"] == []


def test_a_message_that_leaves_it_open_goes_on_with_the_files() -> None:
    assert not road("Make it better").sure
    assert road("Make it better", f"User: Write one.txt\n{FILES}+ one.txt").kind == "code"
    assert road("What is a hash table?", f"User: Write one.txt\n{FILES}+ one.txt").kind == "strategy"


def test_weights_are_learned_from_labelled_tasks() -> None:
    folder = LABELLED / "routes"
    found = learned(
        [each for name in ("first", "blind", "new") for each in routes(folder / f"{name}.json")],
        SUBJECTS["routes"],
    )
    late = rows(folder / "late.json")
    right = sum(classified(row["task"], found).kind == row["route"] for row in late)
    assert right > 0.85 * len(late)
    nothing = learned([Example(set(), KINDS, [kind]) for kind in KINDS], SUBJECTS["routes"])
    assert classified("Write a.txt", nothing).likely < 0.34
