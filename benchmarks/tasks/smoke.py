"""Five easy tasks: a system that is set up right does them, whatever its model."""

import csv
import json
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, read, write

POEM = (
    "The hall is dark,\nthe floor is cold,\na dog barks twice,\nthe clock is old.\n\nI count to seven.\nGood night.\n"
)
LINES = POEM.count("\n")
PLACE = {"city": "Porto", "river": "Douro"}
SALES = [("Monday", 120), ("Tuesday", 75), ("Wednesday", 310), ("Thursday", 42), ("Friday", 188)]
TOTAL = sum(amount for _, amount in SALES)


def hello_problems(folder: Path, answer: str) -> list[str]:
    """The greeting."""
    return [] if read(folder, "hello.txt").strip() == "Hello, world!" else ["hello.txt: does not greet"]


def written(folder: Path, name: str, text: str) -> str:
    """A file, and the claim."""
    write(folder, name, text)
    return f"{name} is written."


def lines_problems(folder: Path, answer: str) -> list[str]:
    """The number of lines, in words or figures of the answer."""
    return number_problems(answer, LINES)


def place_problems(folder: Path, answer: str) -> list[str]:
    """The two keys with their values."""
    return [] if json.loads(read(folder, "place.json")) == PLACE else ["place.json: has another content"]


def rename_problems(folder: Path, answer: str) -> list[str]:
    """The new name with the old content, the old name gone."""
    wrong = ["final.txt: has another content"] * (read(folder, "final.txt") != POEM)
    return wrong + ["draft.txt: is still there"] * (folder / "draft.txt").exists()


def sales(folder: Path) -> None:
    """A small table."""
    with (folder / "sales.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("day", "amount"), *SALES])


def total_problems(folder: Path, answer: str) -> list[str]:
    """The sum of the column."""
    return number_problems(answer, TOTAL)


TASKS = [
    Task(
        "smoke-hello",
        "smoke",
        "Create a file named hello.txt in the current folder. Its content is exactly this line: Hello, world!",
        lambda folder: None,
        hello_problems,
        lambda folder: written(folder, "hello.txt", "Hello, world!\n"),
        lambda folder: written(folder, "hello.txt", "hello\n"),
    ),
    Task(
        "smoke-lines",
        "smoke",
        "How many lines does the file poem.txt in the current folder have, empty ones included? Tell me the number.",
        lambda folder: write(folder, "poem.txt", POEM),
        lines_problems,
        lambda folder: f"It has {LINES} lines.",
        lambda folder: f"It has {LINES - 1} lines.",
    ),
    Task(
        "smoke-json",
        "smoke",
        'Create a file named place.json in the current folder: a JSON object with the key "city", whose value is '
        '"Porto", and the key "river", whose value is "Douro".',
        lambda folder: None,
        place_problems,
        lambda folder: written(folder, "place.json", json.dumps(PLACE)),
        lambda folder: written(folder, "place.json", json.dumps([PLACE])),
    ),
    Task(
        "smoke-rename",
        "smoke",
        "Rename the file draft.txt in the current folder to final.txt. Do not change its content.",
        lambda folder: write(folder, "draft.txt", POEM),
        rename_problems,
        lambda folder: f"Renamed to {(folder / 'draft.txt').rename(folder / 'final.txt').name}.",
        lambda folder: written(folder, "final.txt", POEM),
    ),
    Task(
        "smoke-sum",
        "smoke",
        "What is the sum of the column amount in the file sales.csv in the current folder? Tell me the number.",
        sales,
        total_problems,
        lambda folder: f"The sum is {TOTAL}.",
        lambda folder: f"The sum is {TOTAL + 1}.",
    ),
]
