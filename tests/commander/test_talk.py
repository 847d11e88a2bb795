"""What the chat keeps of a conversation, and how a reply is shown as it comes."""

import io

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from rich.console import Console

from commander.chat.commands import COMMANDS, split
from commander.chat.completion import Words
from commander.chat.stream import Stream
from commander.chat.talk import BUDGET, Talk, Turn

REPLY = "# A list\n\nWith **two** things:\n\n- one\n- two\n\n```python\nif x:\n\n    print('`')\n```\nAnd an end."


def shown(text: str, size: int, *, prose: bool = True) -> str:
    """What stands on the screen of a reply that comes in pieces of this size."""
    out = Console(record=True, width=60, file=io.StringIO())
    stream = Stream(prose=prose)
    for at in range(0, len(text), size):
        for part in stream.add(text[at : at + size]):
            out.print(part)
    for part in stream.rest():
        out.print(part)
    return "\n".join(line.rstrip() for line in out.export_text().splitlines() if line.strip())


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_reply_is_shown_alike_however_it_is_cut(size: int) -> None:
    text = shown(REPLY, size)
    assert text == shown(REPLY, 2)
    assert "**" not in text and "```" not in text
    lines = text.splitlines()
    assert lines[-4:] == ["  │ if x:", "  │", "  │     print('`')", "And an end."]


def test_what_the_executor_says_around_its_code_is_shown_as_it_is() -> None:
    reply = "So **it** is:\n```python\nx = 1\n```\n"
    assert shown(reply, 4, prose=False).splitlines() == ["  │ So **it** is:", "  │ x = 1"]


@pytest.mark.parametrize("data", ['{"steps": ["one"]}', '\n{"answer": "x"}', '<tool_call>{"name": "x"}</tool_call>'])
def test_a_plan_or_a_call_is_not_shown_raw(data: str) -> None:
    assert shown(data, 3) == ""


def test_control_characters_of_a_reply_are_made_visible() -> None:
    assert "\\x1b" in shown("A \x1b[31mred\n\nword", 5)


def turn(number: int, length: int = 10) -> Turn:
    """A message and its answer."""
    return Turn(f"message {number}", "x" * length, "done", (f"+ file{number}.txt",), f"id{number}")


def test_the_last_messages_are_told_as_far_as_there_is_room() -> None:
    talk = Talk([turn(number, 5000) for number in range(40)])
    text = talk.text()
    assert len(text) <= BUDGET + 100
    assert "message 39" in text and "message 0\n" not in text
    assert text.index("message 38") < text.index("message 39")
    assert text.count("x") > 1500  # of the last answer more than of the others


def test_told_in_short_it_takes_less_and_later_messages_are_told_in_full() -> None:
    talk = Talk([turn(number, 900) for number in range(4)])
    before, now = talk.compact()
    assert now < before / 2
    talk.enter(turn(4, 900))
    assert talk.text().count("x") > 900
    assert "message 0" in talk.text()


def test_a_turn_that_goes_on_is_entered_once_and_an_undone_one_has_no_files() -> None:
    talk = Talk([turn(1)])
    talk.enter(Turn("message 1", "better", "done", ("+ file1.txt",), "id1"))
    assert len(talk.turns) == 1
    assert "better" in talk.text()
    talk.amend({"id1": "undone"})
    assert "(undone)" in talk.text() and "file1.txt" not in talk.text()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/undo", "undo"),
        ("  /run ls -l", "run"),
        ("/Route code", "route"),
        ("/etc/passwd is what?", ""),
        ("look at /undo", ""),
        ("/undo\nand more", ""),
        ("1/2", ""),
    ],
)
def test_what_is_a_command(text: str, name: str) -> None:
    assert split(text)[0] == name


def test_every_command_acts_or_works() -> None:
    assert [name for name, each in COMMANDS.items() if bool(each.act) == bool(each.work)] == []


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/", ["model", "mcp"]),
        ("/mo", ["model"]),
        ("/model ", ["one:1b", "two:2b"]),
        ("/model t", ["two:2b"]),
        ("say mo", []),
        ("look at @csv", ["sales.csv"]),
        ("@exe", ["executor"]),
        ("mail a@b", []),
    ],
)
def test_what_is_completed(text: str, offered: list[str]) -> None:
    names = [("executor", "writes code"), ("sales.csv", "")]
    words = Words({"model": "", "mcp": ""}, {"model": lambda: [("one:1b", ""), ("two:2b", "")]}, lambda: names)
    found = words.get_completions(Document(text), CompleteEvent())
    assert [each.text for each in found] == offered
