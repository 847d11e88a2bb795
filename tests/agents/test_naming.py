"""Names of files with spaces, examples of results, new folders."""

import pytest

from agents.expectation import expectation
from agents.naming import EXAMPLE, becomes, made_folders

FILES = ["scans/May 3 bill.pdf", "scans/map.png", "downloads/Scan.PDF", "imagens/IMG_2023-05-14_001.jpg", "notes.txt"]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("replace spaces, so that scans/May 3 bill.pdf becomes scans/May_3_bill.pdf.", ["scans/May_3_bill.pdf"]),
        ("by extension, so that Scan.PDF ends up as downloads/pdf/Scan.PDF. Then", ["downloads/pdf/Scan.PDF"]),
        ("para que map.png fica em scans/png/map.png", ["scans/png/map.png"]),
        (
            "subpasta do ano, por exemplo para imagens/2023/IMG_2023-05-14_001.jpg. Os nomes",
            ["imagens/2023/IMG_2023-05-14_001.jpg"],
        ),
        ("so that other.txt becomes new.txt", []),
        ("for example to a/unknown.txt", []),
        ("so that the sum becomes 3", []),
    ],
)
def test_an_example_of_the_task_says_where_a_file_will_be(task: str, wanted: list[str]) -> None:
    assert list(becomes(task, FILES)) == wanted


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("Copy the files to a new folder selected. Then", ("selected",)),
        ("Move them into a folder called old_stuff", ("old_stuff",)),
        ("Cria uma nova pasta arquivo/2025 com eles", ("arquivo/2025",)),
        ("mete tudo numa pasta chamada 'fim'", ("fim",)),
        ("put them into a new folder and zip it", ()),
        ("Rename the files in the folder scans", ()),
        ("the new folder scans", ()),
    ],
)
def test_a_folder_that_is_to_be_made(task: str, wanted: tuple[str, ...]) -> None:
    assert made_folders(task, FILES) == wanted


def test_a_name_with_spaces_is_one_name() -> None:
    found = expectation("Turn scans/May 3 bill.pdf into text, as bill.txt", FILES)
    assert found.reads == ("scans/May 3 bill.pdf",)
    assert found.creates == ("bill.txt",)
    task = "Rename the files in scans: replace spaces by _, so that scans/May 3 bill.pdf becomes scans/May_3_bill.pdf."
    found = expectation(task, FILES)
    assert found.moves and found.becomes == ("scans/May_3_bill.pdf",)
    assert not found.alters and not found.reads


def test_a_word_of_whatever_length_is_searched_once() -> None:
    assert EXAMPLE.search("a" * 400_000) is None  # of the square it would be an hour
