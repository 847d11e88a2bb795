"""Which folders a task is about: those that it speaks of as folders, and no word that happens to be one's name."""

import time

import pytest

from tools.places import about_names, endings, folders

PATHS = [
    *"downloads/Scan.PDF downloads/a.txt fotos/a.jpg fotos/b.jpg docs/index.md docs/archive/2019.md".split(),
    *"data/labels.txt data/raw/x.bin project/a.py project/src/b.py lib/src/c.py a/1.txt in/2.txt order/3.txt".split(),
    *"tests/test_a.py tests/test_b.py old/phones.csv python/x.py notes.txt empty/".split(),
    *["My Photos/1.jpg", "My Photos/2.jpg"],
]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("Tidy up the folder downloads so that Scan.PDF ends up as downloads/pdf/Scan.PDF.", ["downloads"]),
        ("Na pasta fotos há ficheiros repetidos", ["fotos"]),
        ("In all .md files under docs, leave everything in docs/archive as it is", ["docs"]),
        ("find the three largest files under data (like data/labels.txt)", ["data"]),
        ("count the files below the folder project", ["project"]),
        ("What is in docs/archive?", ["docs/archive"]),
        ("zip ./docs/ please", ["docs"]),
        ("list docs\\archive", ["docs/archive"]),
        ("Move *.txt from downloads to docs/", ["docs", "downloads"]),
        ("clean the `downloads` directory", ["downloads"]),
        ('Delete what is in "My Photos".', ["My Photos"]),
        ("Compare the folders fotos and downloads", ["downloads", "fotos"]),
        ("Compara as pastas fotos, docs e downloads", ["docs", "downloads", "fotos"]),
        ("Quantas imagens há dentro da fotos?", ["fotos"]),
        ("the files in the directory src", ["lib/src", "project/src"]),
        ("what is in the empty folder", ["empty"]),
        ("Put everything in the folder called a into one file", ["a"]),
        ("Apaga os ficheiros de fotos", ["fotos"]),
        ("sum data/*.csv", ["data"]),
        ("look at data/labels.txt", []),
        ("save it as old/new.csv", []),
        ("In order to sort a list in python, what is needed?", []),
        ("Compute the sum of data 1, 2, 3 in a loop", []),
        ("Explain what an old order is", []),
        ("mydocs and docs2 and docs.txt", []),
        ("", []),
    ],
)
def test_folders_are_told_from_words(task: str, wanted: list[str]) -> None:
    assert folders(task, PATHS) == wanted


def test_a_mere_word_counts_where_several_files_bear_it_out() -> None:
    assert folders("Resize my fotos", PATHS, "resize my fotos") == ["fotos"]
    assert folders("What do the tests check?", PATHS, "what do the tests check?") == ["tests"]
    assert folders("Summarise the data", PATHS, "summarise the data") == []
    assert folders("Is this old?", PATHS, "is this old?") == []
    assert folders("Look under docs, not at fotos", PATHS, "look under docs, not at fotos") == ["docs"]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("Tidy up the folder downloads", True),
        ("Na pasta fotos há ficheiros repetidos", True),
        ("the three largest files under data", True),
        ("packs the .txt files of the folder reports", True),
        ("Quantos ficheiros há na pasta fotos?", True),
        ("delete all empty files in docs", True),
        ("replace 'Acme' by 'Lumen' in the files under docs/archive", False),
        ("Add up the column size of the tables in data; count the copies", False),
        ("Summarise what the notes in docs say", False),
    ],
)
def test_tasks_about_names_need_no_contents(task: str, wanted: bool) -> None:
    assert about_names(task) is wanted


def test_endings_are_read_as_written() -> None:
    assert endings("all .md files and *.CSV under data/raw.old, version 1.2, e.g. notes.txt") == {".md", ".csv"}


def test_many_folders_and_long_tasks_cost_little() -> None:
    many = [f"d{n}/e{n}/f{n}.txt" for n in range(5000)]
    start = time.process_time()
    folders("in d7 and " + "a, " * 20_000 + "in the folder " + "b " * 20_000, [*many, "b/x", "b/y"])
    assert time.process_time() - start < 1
