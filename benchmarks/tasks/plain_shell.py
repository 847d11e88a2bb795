"""One command each: count, join, find."""

import re
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, dice, lines, write

EXPORTS = {"north.csv": 48, "south.csv": 131, "east.csv": 77, "west.csv": 19, "centre.csv": 204}
NOTES = 33


def exports(folder: Path) -> None:
    """Tables of several lengths, and a text."""
    chance = dice(203)
    for name, count in EXPORTS.items():
        write(folder, f"exports/{name}", "".join(f"{n},{chance.randint(1, 99)}\n" for n in range(count)))
    write(folder, "exports/about.txt", "who made this, and when\n" * NOTES)


CHAPTERS = {
    "capitulo01.txt": "Era uma vez um moinho.\nNinguém lá vivia.\n",
    "capitulo02.txt": "Um dia chegou o moleiro.\n",
    "capitulo03.txt": "Trouxe um burro e dois sacos.\nO burro não gostou da casa.\n",
    "capitulo04.txt": "No inverno o vento voltou.\n",
    "capitulo05.txt": "E as velas giraram até ao fim.\n",
}
DRAFT = "Era uma vez uma padaria.\n"


def chapters(folder: Path) -> None:
    """The chapters of a story, and what is left of a draft."""
    for name in reversed(CHAPTERS):
        write(folder, f"capitulos/{name}", CHAPTERS[name])
    write(folder, "capitulos/capitulo02.bak", DRAFT)


def book_problems(folder: Path, answer: str) -> list[str]:
    """The chapters in their order; empty lines between them are nothing."""
    wanted = "".join(CHAPTERS.values()).splitlines()
    return [] if lines(folder, "livro.txt") == wanted else [f"livro.txt: {lines(folder, 'livro.txt')}"]


def write_book(folder: Path, pattern: str) -> str:
    """The files that fit, one after the other."""
    found = sorted((folder / "capitulos").glob(pattern))
    write(folder, "livro.txt", "".join(path.read_text(encoding="utf-8") for path in found))
    return "O livro está em livro.txt."


SOURCES = {
    "src/main.py": "import sys\n\n# TODO read the options\nprint(sys.argv)\n",
    "src/model.py": "class Model:\n    name = ''\n\n    # TODO save\n    # TODO load\n",
    "src/views/table.py": "def draw(rows):\n    return rows  # TODO draw a frame\n",
    "src/views/plot.py": "def plot(points):\n    return len(points)\n",
    "src/notes.md": "TODO write the manual\n",
}


def sources(folder: Path) -> None:
    """A small program with things to do."""
    for name, text in SOURCES.items():
        write(folder, name, text)


def to_do(ending: str) -> list[str]:
    """The lines with something to do, each with its place and number."""
    return [
        f"{name}:{number}:{line}"
        for name, text in SOURCES.items()
        for number, line in enumerate(text.splitlines(), 1)
        if name.endswith(ending) and "TODO" in line
    ]


def to_do_problems(folder: Path, answer: str) -> list[str]:
    """The lines in any order; blanks around the text are nothing."""
    found = [re.sub(r"^(?:\./)?(.*?:\d+:)\s*", r"\1", line) for line in lines(folder, "todo.txt")]
    wanted = [re.sub(r"(:\d+:)\s*", r"\1", line) for line in to_do(".py")]
    return [] if sorted(found) == sorted(wanted) else [f"todo.txt: {found}"]


def write_to_do(folder: Path, ending: str) -> str:
    """The result."""
    write(folder, "todo.txt", "\n".join(to_do(ending)) + "\n")
    return "The lines are in todo.txt."


TASKS = [
    Task(
        "count-lines",
        "shell",
        "How many lines do all the .csv files in the folder exports have together? A shell command is fine. I need "
        "the total; the header lines count like all others.",
        exports,
        lambda folder, answer: number_problems(answer, sum(EXPORTS.values())),
        lambda folder: f"{sum(EXPORTS.values())} lines in all.",
        lambda folder: f"{sum(EXPORTS.values()) + NOTES} lines in all.",
    ),
    Task(
        "livro",
        "shell",
        "Com um comando de shell, junta todos os ficheiros .txt da pasta capitulos (capitulo01.txt, capitulo02.txt, "
        "etc.), por ordem do nome, num único ficheiro livro.txt.",
        chapters,
        book_problems,
        lambda folder: write_book(folder, "*.txt"),
        lambda folder: write_book(folder, "*"),
    ),
    Task(
        "grep-todo",
        "shell",
        "Find all lines that contain TODO in the .py files under the folder src, subfolders included, and save them "
        "in todo.txt. Each line of todo.txt has the path of the file, the line number and the text of the line, "
        "separated by colons, as grep writes it: src/main.py:3:# TODO read the options",
        sources,
        to_do_problems,
        lambda folder: write_to_do(folder, ".py"),
        lambda folder: write_to_do(folder, ""),
    ),
]
