"""A plain question to the history of a repository."""

from pathlib import Path

from benchmarks.tasks.git import HISTORY, repository
from benchmarks.tasks.task import Task, lines, write


def subjects() -> list[str]:
    """What the commits were for, the newest first."""
    return [change.message for change in reversed(HISTORY)]


def subject_problems(folder: Path, answer: str) -> list[str]:
    """A line for each commit."""
    found = [line.strip() for line in lines(folder, "history.txt")]
    return [] if found == subjects() else [f"history.txt: {found}"]


def write_subjects(folder: Path, found: list[str]) -> str:
    """The result."""
    write(folder, "history.txt", "\n".join(found) + "\n")
    return f"{len(found)} commits are in history.txt."


TASKS = [
    Task(
        "commit-subjects",
        "git",
        "This folder is a git repository. Write the subject lines (the commit messages) of all commits to "
        "history.txt, one per line, the newest first, without hashes, authors or dates.",
        repository,
        subject_problems,
        lambda folder: write_subjects(folder, subjects()),
        lambda folder: write_subjects(folder, subjects()[::-1]),
    ),
]
