"""Which files a task is about, where it names none: by folder, kind and table."""

import pytest

from tools.mentions import hinted, located, mentioned

PATHS = ["docs/a.md", "docs/b.md", "fotos/1.jpg", "fotos/2.jpg", "shop.db", "sales.csv", "notes.txt"]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("What is under docs?", PATHS[:2]),
        ("Resize my fotos", PATHS[2:4]),
        ("What does the database hold?", ["shop.db"]),
        ("How many orders were cancelled?", ["shop.db"]),
        ("What do the sales look like?", ["sales.csv"]),
        ("What files are there?", PATHS),
        ("What is 2 + 2?", []),
    ],
)
def test_files_are_told_from_words(task: str, wanted: list[str]) -> None:
    assert hinted(task, PATHS, {"shop.db": ["orders"]}) == wanted


def test_a_mere_word_is_no_folder_where_a_file_is_named_or_it_is_to_be_made() -> None:
    assert located("Show my fotos", PATHS) == ["fotos"]
    assert located("Show my fotos as notes.txt lists them", PATHS) == []
    assert located("Create a folder fotos", PATHS) == ["fotos"]
    assert located("Write a page with docs", PATHS) == ["docs"]
    assert located("Save the primes as docs.txt", PATHS) == []


@pytest.mark.parametrize(
    ("task", "path", "wanted"),
    [
        ("sum sales.csv", "sales.csv", True),
        ("sum data/sales.csv", "old/sales.csv", True),
        ("sum mysales.csv", "sales.csv", False),
        ("sum sales.csv.bak", "sales.csv", False),
        ("Read SALES.CSV.", "sales.csv", True),
    ],
)
def test_a_file_is_named_by_its_whole_name(task: str, path: str, wanted: bool) -> None:
    assert mentioned(task, path) is wanted
