"""The user is asked for a call in one line, and what was said is what happens."""

import asyncio
import io
import sys

import pytest

from commander.console import Screen
from commander.permission import Permission, told
from tools.mcp.question import Question

WIPE = Question("notes", "wipe", "destructive", {"all": True})


def asked(monkeypatch: pytest.MonkeyPatch, typed: str, *questions: Question, yes: bool = False) -> list[str | None]:
    """What a user who types this lets happen; what is not read must not be typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))

    async def act() -> list[str | None]:
        screen = Screen()
        screen.interactive = True
        permission = Permission(screen, yes=yes)
        return [await permission.confirm(question) for question in questions]

    found = asyncio.run(act())
    assert sys.stdin.read() == ""
    return found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("y\n", [None]),
        ("n\ntoo soon\n", ["too soon"]),
        ("\n\n", ["the user said no"]),
        ("", ["the user said no"]),
        ("a\n", [None, None, None]),
        ("y\nn\nno\n", [None, "no"]),
    ],
)
def test_the_answer_is_what_happens(monkeypatch: pytest.MonkeyPatch, typed: str, said: list[str | None]) -> None:
    assert asked(monkeypatch, typed, *[WIPE] * len(said)) == said


def test_always_is_for_one_tool_that_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    other, changed = Question("notes", "add", "write", {}), Question("notes", "wipe", "destructive", {}, True)
    assert asked(monkeypatch, "a\nn\nx\nn\ny\n", WIPE, other, changed) == [None, "x", "y"]


def test_yes_asks_nothing_but_for_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Question("notes", "wipe", "destructive", {}, True)
    assert asked(monkeypatch, "n\nno\n", WIPE, changed, yes=True) == [None, "no"]


def test_without_a_terminal_nothing_is_called_or_asked() -> None:
    async def act() -> tuple[str | None, str]:
        permission = Permission(Screen())
        return await permission.confirm(WIPE), await permission.ask("blue?")

    reason, answer = asyncio.run(act())
    assert reason
    assert "there is no terminal" in reason
    assert answer == ""


def test_the_call_is_told_in_one_line() -> None:
    assert told(WIPE) == 'wipe of notes {"all": true} (may delete things)'
    long = told(Question("s", "t", "unknown", {"text": "x\n" * 5000}, True))
    assert len(long) < 800
    assert "\n" not in long
    assert long.endswith("(15,012 characters) (may change things, and has changed since it was offered)")
