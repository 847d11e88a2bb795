"""What a task lets alone."""

import pytest

from agents.bounds import strays
from agents.expectation import expectation
from tools.snapshot import Changes

FILES = ["docs/index.md", "docs/archive/2019.md", "docs/legal.txt", "notes/ideas.txt", "a.csv", "b.csv", "tool.py"]


def found(task: str, *changed: str, removed: tuple[str, ...] = (), added: tuple[str, ...] = ()) -> list[str]:
    """The problems of a program that changed these files."""
    changes = Changes(added=added, changed=changed, removed=removed)
    return [told for _, told in strays(task, expectation(task, FILES), changes)]


@pytest.mark.parametrize(
    ("task", "changed", "word"),
    [
        (
            "In all .md files under docs, replace A by B. Leave docs/archive as it is.",
            "docs/archive/2019.md",
            "must stay",
        ),
        ("In all .md files under docs, replace A by B.", "docs/legal.txt", "end in .md"),
        ("In the folder docs, replace A by B.", "notes/ideas.txt", "not about"),
        ("How many rows has a.csv?", "b.csv", "not about"),
        ("How many rows has a.csv?", "a.csv", "not about"),
        ("Write the names of a.csv to names.txt", "a.csv", "not about"),
        ("Corrige tool.py", "a.csv", "not about"),
        ("Na pasta docs troca A por B, mas não mexas em docs/legal.txt", "docs/legal.txt", "must stay"),
        ("Is the total in a.csv correct?", "a.csv", "not about"),
        ("Which editor wrote tool.py?", "tool.py", "not about"),
        ("What would an editor change in a.csv?", "a.csv", "not about"),
    ],
)
def test_what_is_to_be_let_alone(task: str, changed: str, word: str) -> None:
    (problem, *_) = found(task, changed)
    assert word in problem


@pytest.mark.parametrize(
    ("task", "changed"),
    [
        ("In all .md files under docs, replace A by B. Leave docs/archive as it is.", "docs/index.md"),
        ("Sort a.csv", "a.csv"),
        ("Replace A by B everywhere", "notes/ideas.txt"),
        ("Turn a.csv into b.csv", "b.csv"),
        ("Raise the prices in a.csv by 3% and write the new total to t.txt", "a.csv"),
        ("Read a.csv and correct the program so that it has the same totals", "tool.py"),
        ("Take the names of a.csv and replace the old ones in the notes", "notes/ideas.txt"),
        ("Fix tool.py and leave the rest of it as it is", "tool.py"),
        ("Keep only the first line of a.csv", "a.csv"),
        ("Deixa só as linhas pares em a.csv", "a.csv"),
        ("Apaga de a.csv as linhas com menos de 3 valores", "a.csv"),
        ("Sort the lines of a.csv. Keep the order of equal ones in a.csv", "a.csv"),
        ("Replace every datetime.now() in tool.py by a constant", "tool.py"),
    ],
)
def test_what_the_task_is_about_may_change(task: str, changed: str) -> None:
    assert found(task, changed) == []


def test_new_files_are_no_strays_and_removed_ones_are() -> None:
    assert found("How many rows has a.csv?", added=("b2.csv",)) == []
    assert "not about" in found("Tidy a.csv", removed=("b.csv",))[0]
    assert found("Turn a.csv into c.csv", removed=("a.csv",)) == ["The task deletes nothing: leave a.csv in its place."]
    assert found("Remove the old files of docs", removed=("docs/legal.txt",)) == []
    assert "2 more" in found("Sort a.csv", "b.csv", "tool.py", "docs/index.md")[0]


def test_what_is_deleted_in_files_deletes_no_file() -> None:
    task = "Remove trailing whitespace from the files in docs/"
    assert found(task, "docs/index.md") == []
    assert "deletes nothing" in found(task, removed=("docs/index.md",))[0]
    assert found("Remove the files in docs/ that have blank lines", removed=("docs/index.md",)) == []
    assert found("Keep the 2 newest files in docs and delete the rest", removed=("docs/legal.txt",)) == []
    assert found("Gzip every file in docs", removed=("docs/index.md",), added=("docs/index.md.gz",)) == []
