"""The form of the work: a program, one file of source, shell commands, words."""

from collections import Counter

import pytest

from agents.expectation import expectation
from agents.forms import done
from agents.weights import chances, weights
from benchmarks.learn import LABELLED, effects_of, rows


@pytest.mark.parametrize(
    ("task", "files", "file"),
    [
        ("match.py compares each invoice with each payment. Same result, but fast please", ["match.py"], "match.py"),
        ("o contador.js soma um a mais quando se clica depressa, vê o que se passa", ["contador.js"], "contador.js"),
        ("Write slug(text) for the blog in slug.py", ["notes.md"], "slug.py"),
        ("Rename the method fetchAll to fetch_all in repository.py", ["repository.py"], "repository.py"),
        (
            "The tests in test_shop.py fail since shop.py was changed. Fix shop.py",
            ["shop.py", "test_shop.py"],
            "shop.py",
        ),
        ("How many functions does a.py have?", ["a.py"], ""),
        ("Rename util.js to tools.js", ["util.js"], ""),
        ("Explain what shop.py does", ["shop.py"], ""),
        ("Write report.py, which reads sales.csv and writes totals.csv, and run it", ["sales.csv"], ""),
        ("List all lines with TODO of the .py files in src in todo.txt, as src/a.py:3: x", ["src/a.py"], ""),
    ],
)
def test_the_one_source_file_that_a_task_is_about(task: str, files: list[str], file: str) -> None:
    assert expectation(task, files).file == file


@pytest.mark.parametrize(
    ("task", "language"),
    [
        ("bash: how many lines of daemon.log are ERROR?", "shell"),
        ("No terminal: quantas linhas de código há ao todo nos .py da pasta src?", "shell"),
        ("With sort and uniq in the terminal: each plate of plates.txt once, in once.txt", "shell"),
        ("Rename all .jpeg files in photos to .jpg", "python"),
        ("Replace foo by bar in all .txt files of notes", "python"),
    ],
)
def test_commands_are_used_where_they_are_asked_for(task: str, language: str) -> None:
    assert expectation(task, ["plates.txt", "daemon.log", "photos/a.jpeg", "notes/a.txt"]).language == language


@pytest.mark.parametrize(("name", "least"), [("forms/unseen", 0.85), ("ways/unseen", 0.9), ("ways/unseen-plain", 0.85)])
def test_most_source_files_of_unseen_tasks_are_found_and_few_others_taken_for_one(name: str, least: float) -> None:
    found = Counter(
        (row["form"] == "file", bool(expectation(row["task"], row["have"]).file))
        for row in rows(LABELLED / f"{name}.json")
        if row["form"] != "talk"
    )
    assert found[True, True] >= least * (found[True, True] + found[True, False])
    assert found[False, True] <= 0.1 * (found[False, True] + found[False, False])


@pytest.mark.parametrize(
    ("task", "deletes", "moves"),
    [
        ("get rid of the empty folders in in", True, False),
        ("Apaga os ficheiros vazios da pasta in e grava os caminhos em apagados.txt", True, False),
        ("Can you shift the .log files of in into in/log?", False, True),
        ("Numera os ficheiros da pasta in pela ordem em que estão (001, 002...)", False, True),
        ("Don't remove anything, just show me which songs in in are the same", False, False),
        ("Replace the old address in all letters in in", False, False),
    ],
)
def test_what_a_task_does_to_files(task: str, deletes: bool, moves: bool) -> None:
    found = expectation(task, ["in/a.log", "in/b.log"])
    assert (found.deletes, found.moves) == (deletes, moves)


def test_most_of_what_unseen_tasks_do_to_files_is_told_and_little_else() -> None:
    known = weights("effects")
    found = [each for name in ("unseen", "unseen-plain") for each in effects_of(LABELLED / "ways" / f"{name}.json")]
    pairs = [({*each.kinds}, done(chances([each.features, *each.parts], known))) for each in found]
    right = sum(len(wanted & told) for wanted, told in pairs)
    assert right >= 0.7 * sum(len(wanted) for wanted, _ in pairs)
    assert right >= 0.85 * sum(len(told) for _, told in pairs)


def test_a_request_in_the_form_of_a_question_wants_no_words() -> None:
    assert not expectation("Could you move every photo in in into a folder of its month?", ["in/a.jpg"]).answer
    assert expectation("Could you move the photos in in to b, and tell me how many they were?", ["in/a.jpg"]).answer
    assert expectation("Which photo in in is the largest?", ["in/a.jpg"]).answer
