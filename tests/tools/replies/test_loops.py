"""Endless repetition is seen, ordinary text is not."""

from pathlib import Path

import pytest

from tools.replies.loops import looping

PASSAGE = "\n".join(f"{n}. Line number {n} of a long passage" for n in range(20)) + "\n"


@pytest.mark.parametrize("passage", ["print(1)\n", "a", "- Use Python's standard library only.\n", PASSAGE])
def test_a_passage_over_and_over(passage: str) -> None:
    text = "Here it is:\n"
    while not looping(text):
        text += passage
        assert len(text) < 4 * len(passage) + 1300
    assert text.count(passage) >= 3


def test_it_is_seen_in_the_middle_of_a_repetition_too() -> None:
    assert looping("x = 1\n" + "the same line again, and on\n" * 40 + "the same li")


def test_the_product_itself_is_no_loop() -> None:
    for file in Path(__file__).parents[3].glob("*/*.py"):
        text = file.read_text(encoding="utf-8")
        assert not any(looping(text[:end]) for end in range(0, len(text), 50)), file


def test_tables_and_lists_are_no_loops() -> None:
    assert not looping("values = [" + "0, " * 150)
    assert not looping("\n".join(f"<li>Item number {n}</li>" for n in range(200)))
    assert not looping("")
