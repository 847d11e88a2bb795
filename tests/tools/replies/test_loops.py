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


def test_case_after_case_is_a_loop() -> None:
    text = "def place(items, wanted):\n"
    for count in range(1, 40):
        cases = " else ".join(f"{n} if items[{n}] == wanted" for n in range(count))
        text += f"    if len(items) == {count}:\n        return {cases} else -1\n"
        if looping(text):
            break
    assert 6 < count < 16
    assert not looping("\n".join("word " * n + str(n) for n in range(5)) + "\n")
