"""What a task's own words let us expect: which files are made, changed, read."""

import pytest

from agents.expectation import expectation, requirements

FILES = ["a.txt", "b.csv", "shop.py", "test_shop.py", "other.py", "in/Scan.PDF", "server.log"]


@pytest.mark.parametrize(
    "task",
    [
        "shop.py has several mistakes. Make it do what its docstring says.",
        "There is a bug in shop.py",
        "Split shop.py's long function; the tests in test_shop.py pass unchanged",
        "The functions in shop.py repeat a loop. Move it into one new function; test_shop.py stays as it is.",
        "Rewrite shop.py so that it is faster",
        "Em shop.py há defeitos: repara-os",
        "Divide em duas a função de shop.py",
    ],
)
def test_a_change_of_one_source_file_asks_for_the_whole_of_it(task: str) -> None:
    found = expectation(task, FILES)
    assert (found.file, found.alters, found.moves) == ("shop.py", ("shop.py",), False)


@pytest.mark.parametrize(
    ("task", "makes", "reads"),
    [
        ("Em a.txt substitui Ana por Eva e grava em c.txt", ("c.txt",), ("a.txt",)),
        ("Conta as linhas em server.log por hora e grava o resultado em d.csv", ("d.csv",), ("server.log",)),
        ("Replace docs.old.example by docs.new.example in a.txt", (), ("a.txt",)),
        ("How many lines of server.log mention www.shop.com?", (), ("server.log",)),
        ("Sort in by ending, so that Scan.PDF ends up as in/pdf/Scan.PDF", (), ()),
        ("Turn b.csv into b.json", ("b.json",), ("b.csv",)),
        ("Grava os totais em b.csv", ("b.csv",), ()),
    ],
)
def test_what_is_made_and_what_is_read(task: str, makes: tuple[str, ...], reads: tuple[str, ...]) -> None:
    found = expectation(task, FILES)
    assert (found.creates, found.reads) == (makes, reads)


def test_what_is_explained_is_not_changed() -> None:
    assert expectation("Explain what shop.py does", FILES).alters == ()
    assert expectation("Which bugs are mentioned in server.log?", FILES).alters == ()


def test_a_test_is_changed_where_it_is_the_only_file() -> None:
    assert expectation("Fix the mistake in test_shop.py", FILES).file == "test_shop.py"


def test_files_of_a_folder_that_are_to_be_deleted() -> None:
    assert expectation("In the folder in, delete all files that are empty", FILES).deletes
    assert expectation("Na pasta in, apaga os repetidos", FILES).deletes
    assert not expectation("Remove the empty rows of b.csv", FILES).deletes
    assert not expectation("Delete nothing: how many files are there?", FILES).deletes


@pytest.mark.parametrize(
    ("task", "alters"),
    [
        ("Add a column with the share of the total to totals.csv", True),
        ("Remove all duplicates from totals.csv and tell me how many are left", True),
        ("Adiciona uma coluna com a percentagem ao totals.csv", True),
        ("Add up the numbers in totals.csv", False),
        ("Read totals.csv, add a column share and save it to out.csv", False),
        ("Count the lines of totals.csv", False),
        ("Is the total in totals.csv correct?", False),
        ("Which text editor wrote totals.csv?", False),
        ("How do I change totals.csv so that it is valid?", False),
        ("Could you correct totals.csv?", True),
        ("Would it be possible to replace ; by , in totals.csv?", True),
        ("Why is the sum in totals.csv wrong? Fix it.", True),
        ("Seria possível corrigir totals.csv?", True),
    ],
)
def test_which_words_order_a_change_of_the_file_and_which_do_not(task: str, alters: bool) -> None:
    assert expectation(task, ["totals.csv"]).alters == (("totals.csv",) if alters else ())


def test_a_task_about_commits_is_not_about_what_the_files_hold() -> None:
    found = expectation("Which commit added the function f?", ["a.py", "README.md"])
    assert found.git and "Ask git" in requirements(found)[0]
    assert not expectation("Fix a.py, then I commit it", ["a.py"]).git


def test_names_before_an_etc_are_examples() -> None:
    files = ["parts/part1.txt", "parts/part2.txt", "parts/part3.txt"]
    for task in (
        "Join part1.txt, part2.txt and so on of the folder parts into all.txt",
        "Junta (part1.txt, part2.txt, etc.) da pasta parts em all.txt",
    ):
        found = expectation(task, files)
        assert (found.creates, found.reads, found.place) == (("all.txt",), (), "parts")
    assert expectation("Merge part1.txt and part2.txt into all.txt... thanks", files).reads == (
        "part1.txt",
        "part2.txt",
    )


@pytest.mark.parametrize(
    ("task", "deletes"),
    [
        ("Remove trailing whitespace from the files in docs/", False),
        ("Apaga os comentários dos ficheiros da pasta docs/", False),
        ("Delete the files in docs/ that are empty", True),
        ("Apaga os ficheiros vazios da pasta docs/", True),
        ("Remove the old files with long lines from docs/", True),
    ],
)
def test_files_are_deleted_or_something_in_them(task: str, deletes: bool) -> None:
    assert expectation(task, ["docs/a.txt", "docs/b.txt", "docs/c.md"]).deletes is deletes
