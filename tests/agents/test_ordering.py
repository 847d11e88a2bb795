"""The order of rows that a task asks for."""

import pytest

from agents.ordering import misordered, resorted, shuffled, wanted

UP = [["name", "hours"], ["Ana", "9"], ["Émile", "10"], ["rui", "7"]]
DOWN = [["name", "hours"], ["rui", "10"], ["Ana", "9"], ["Zoé", "7"]]


@pytest.mark.parametrize(
    ("task", "rows", "right"),
    [
        ("the hours of each, sorted by name.", UP, True),
        ("the hours of each, sorted by name.", DOWN, False),
        ("as h.csv, sorted by hours, highest first", DOWN, True),
        ("as h.csv, sorted by hours, highest first", UP, False),
        ("as h.csv, the highest hours first", UP, False),
        ("as h.csv, most hours first", DOWN, True),
        ("the most frequent word first.", UP, False),
        ("in alphabetical order of the names.", DOWN, False),
        ("in alphabetical order of the names.", UP, True),
        ("ordenado por name", DOWN, False),
        ("da loja com o maior total para a que tem o menor", UP, False),
        ("da loja com o maior total para a que tem o menor", DOWN, True),
        ("primeiro o que tem mais", UP, False),
        ("sorted by colour", DOWN, True),
        ("the hours of each", UP, True),
        ("Sort the rows by hours", [["name", "hours"], ["a", "10"], ["b", "9"]], True),
        ("sorted by hours", [["name", "hours"], ["a", "10"], ["b", "9"]], False),
        ("sorted by day", [["day", "n"], ["02/10/2024", "1"], ["01/02/2025", "2"]], True),
        ("sorted by day", [["day", "n"], ["March", "1"], ["April", "2"]], True),
        ("sorted by day", [["day", "n"], ["day 9", "1"], ["day 10", "2"]], True),
        ("sorted by day", [["day", "n"], ["2025-02-01", "1"], ["2025-01-01", "2"]], False),
        ("sorted by hours", [["name", "hours"], ["a", "9"], ["b"]], True),
        ("sorted by year, the oldest album first", [["t", "year"], ["a", "1970"], ["b", "1990"]], True),
        ("por ordem do name e só com quem trabalhou", DOWN, False),
        ("por ordem decrescente das hours", DOWN, True),
        ("in order of their name", DOWN, False),
        ("in descending order of hours", UP, False),
        ("in descending order of hours", DOWN, True),
        ("sorted by year, the newest first", [["t", "year"], ["a", "1970"], ["b", "1990"]], False),
    ],
)
def test_order(task: str, rows: list[list[str]], right: bool) -> None:
    assert (misordered(task, "h.csv", rows) == "") == right


@pytest.mark.parametrize(
    ("task", "order", "told"),
    [
        ("Join all chapters into book.txt.", "1 2 10", None),
        ("Join all chapters into book.txt.", "1 10 2", None),  # by their letters
        ("Join all chapters into book.txt.", "2 1 10", ("c1.txt", "c2.txt")),
        ("Junta os capítulos em book.txt, por ordem do nome.", "10 2 1", ("c1.txt", "c2.txt")),
        ("Join the chapters, sorted by their names.", "10 1 2", ("c1.txt", "c10.txt")),
        ("Join the chapters, newest first, into book.txt.", "2 1 10", None),
        ("Join two chapters.", "2 1", None),
    ],
)
def test_joined_files_are_in_the_order_of_their_names(task: str, order: str, told: tuple[str, str] | None) -> None:
    parts = {f"c{n}.txt": f"This is chapter {n}.\n" for n in (1, 2, 10)}
    made = "\n".join(parts[f"c{n}.txt"] for n in order.split())
    assert shuffled(task, made, parts) == told


READ = [["item", "price"], ["nail", "2"], ["bolt", "10"], ["screw", "3"]]


@pytest.mark.parametrize(
    ("task", "order", "told"),
    [
        ("Add a column total. Keep the order of the rows.", "bolt screw nail", True),
        ("Add a column total. Keep the order of the rows.", "nail bolt screw", False),
        ("Add a column total to a copy of the table.", "bolt nail screw", True),
        ("Add a column total, sorted by price.", "bolt nail screw", False),
        ("Add a column total, the highest price first.", "bolt nail screw", False),
        ("Acrescenta a coluna total e mantém a ordem das linhas.", "screw nail bolt", True),
        ("Acrescenta a coluna total, por ordem alfabética.", "bolt nail screw", False),
        ("Only the rows above 2.", "bolt screw", False),
    ],
)
def test_rows_stay_in_their_order_unless_another_is_asked_for(task: str, order: str, told: bool) -> None:
    prices = dict(READ[1:])
    made = [
        ["item", "price", "total"],
        *([item, prices[item], f"{number}"] for number, item in enumerate(order.split())),
    ]
    assert resorted(task, made, READ) == told


def test_a_word_of_rank_elsewhere_in_the_sentence_turns_no_order() -> None:
    rows = [["customer", "total"], ["ann", "3"], ["bob", "9"]]
    assert wanted("Write o.csv, sorted by customer, and tell me which has the highest total", rows) == (0, False)
    assert wanted("Write o.csv, sorted by total from highest to lowest", rows) == (1, True)


@pytest.mark.parametrize(
    ("task", "order", "told"),
    [
        ("Join intro.md, body.md and end.md into all.md.", "intro body end", None),
        ("Join intro.md, body.md and end.md into all.md.", "body end intro", ("intro.md", "body.md")),
        ("Junta intro.md, body.md e end.md em all.md, por ordem do nome.", "intro body end", ("body.md", "intro.md")),
        ("Join intro.md and the others into all.md.", "intro body end", ("body.md", "intro.md")),
        ("Join them in chronological order.", "end intro body", None),
    ],
)
def test_joined_files_are_in_the_order_in_which_the_task_names_them(
    task: str, order: str, told: tuple[str, str] | None
) -> None:
    parts = {f"{name}.md": f"This is the {name} of it.\n" for name in ("intro", "body", "end")}
    assert shuffled(task, "\n".join(parts[f"{name}.md"] for name in order.split()), parts) == told
