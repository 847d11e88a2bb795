"""One task of the benchmark: what is asked, the folder in which it is asked, and how the result is judged."""

import csv
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

UNRELATED = {
    "notes/ideas.txt": "Paint the hall.\nAsk Marta about the bicycle.\n",
    "notes/2024/meeting.md": "# Meeting\n\n- coffee machine\n- 14 chairs\n",
    "window.json": '{"theme": "dark", "width": 1280, "recent": ["a.txt", "b.txt"]}\n',
    "old/phones.csv": "name,extension\nReception,100\nWorkshop,214\n",
}
"""What lies about in any folder: nobody asks for it, and it stays as it is."""

BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, RecursionError)
"""How a result that is nothing like the wanted one may break a look at it."""


@dataclass(frozen=True)
class Task:
    """A task: `prepare` its folder, let somebody do what `text` asks, `check` the folder and the final answer.

    `reference` does it right and `wrong` does it plausibly wrong; both return an answer.
    """

    name: str
    group: str
    text: str
    files: Callable[[Path], None]
    problems: Callable[[Path, str], list[str]]
    reference: Callable[[Path], str]
    wrong: Callable[[Path], str]

    def prepare(self, folder: Path) -> None:
        """The task's files among unrelated ones, in an empty folder."""
        unrelated(folder)
        self.files(folder)

    def check(self, folder: Path, answer: str) -> list[str]:
        """What is wrong; empty when the task is solved."""
        try:
            found = self.problems(folder, answer)
        except (*BROKEN, csv.Error, sqlite3.Error) as error:
            found = [f"the result cannot be read: {type(error).__name__}: {error}"]
        return found + [f"{name}: was changed" for name, text in UNRELATED.items() if read(folder, name) != text]


def unrelated(folder: Path) -> None:
    """The files that lie about."""
    for name, text in UNRELATED.items():
        write(folder, name, text)


def write(folder: Path, name: str, text: str) -> None:
    """A file in the folder, the same bytes on every system."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def read(folder: Path, name: str) -> str:
    """A file's text; empty when there is none. PowerShell's `>` may have written UTF-16."""
    path = folder / name
    content = path.read_bytes() if path.is_file() else b""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return content.decode(encoding, errors="replace").replace("\r\n", "\n")


def lines(folder: Path, name: str) -> list[str]:
    """A file's lines without what one does not see: blanks at the end, empty lines."""
    return [line.rstrip() for line in read(folder, name).splitlines() if line.strip()]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its place with forward slashes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differences(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    """What is missing, what is too much, what has another content."""
    missing = [f"{place}: is not there" for place in sorted(wanted.keys() - found.keys())]
    extra = [f"{place}: should not be there" for place in sorted(found.keys() - wanted.keys())]
    both = sorted(wanted.keys() & found.keys())
    return missing + extra + [f"{place}: has another content" for place in both if found[place] != wanted[place]]


def dice(seed: int) -> Random:
    """Chance that falls the same way each time."""
    return Random(seed)  # noqa: S311  # data for tasks, not secrets
