"""Changes of a file as search-and-replace blocks."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from agents.checks import expected
from agents.edits import Edit, EditError, edited, edits
from agents.expectation import LONG
from agents.program import chosen_program, program_tail
from tools.workspace import Workspace

SOURCE = "def f(x):\n    if x:\n        return 1\n    return 2\n\n\ndef g():\n    return 2\n"
REPLY = "Here:\n```python\n<<<<<<< SEARCH\n    if x:\n=======\n    if not x:\n>>>>>>> REPLACE\n```\n"


def test_blocks_are_found_in_a_reply() -> None:
    assert edits(REPLY * 2) == [Edit("    if x:\n", "    if not x:\n")] * 2
    assert edits("<<<<<<< SEARCH\na\n=======\n>>>>>>> REPLACE") == [Edit("a\n", "")]
    assert edits("```python\nprint(1)\n```") == []


@pytest.mark.parametrize(
    ("search", "replace", "line"),
    [
        ("    if x:", "    if not x:", "    if not x:"),
        ("if x:\n    return 1", "if x > 0:\n    return 3", "        return 3"),
        ("            if x:", "            if y:", "    if y:"),
        ("def g():\n    return 2", "def g():\n    return 5", "    return 5"),
        ("    if x:  ", "    if z:", "    if z:"),
    ],
)
def test_lines_are_replaced_whatever_their_indentation(search: str, replace: str, line: str) -> None:
    text = edited(SOURCE, [Edit(search + "\n", replace + "\n")])
    assert line in text.splitlines()
    compile(text, "edited", "exec")


@pytest.mark.parametrize(
    ("search", "word"),
    [("    return 2", "2 times"), ("nothing", "not in the file"), ("", "empty"), ("def g():", "nothing")],
)
def test_a_change_that_cannot_be_made_is_told(search: str, word: str) -> None:
    with pytest.raises(EditError, match=word):
        edited(SOURCE, [Edit(search + "\n", search + "\n")])


def test_an_empty_file_is_filled() -> None:
    assert edited("", [Edit("", "a = 1\n")]) == "a = 1\n"


def test_any_line_of_a_file_can_be_replaced() -> None:
    dice = random.Random(7)
    for _ in range(300):
        lines = [" " * dice.choice((0, 4, 8)) + f"line {n}" for n in range(30)]
        start = dice.randrange(30)
        end = dice.randrange(start + 1, 31)
        moved = [line.lstrip() if end - start == 1 else line for line in lines[start:end]]
        new = [f"{line} changed" for line in moved]
        text = edited("\n".join(lines) + "\n", [Edit("\n".join(moved) + "\n", "\n".join(new) + "\n")])
        assert text.splitlines() == [*lines[:start], *(f"{line} changed" for line in lines[start:end]), *lines[end:]]


def test_a_long_file_is_changed_by_blocks_and_checked(tmp_path: Path) -> None:
    filler = "".join(f"def unused_{n}():\n    return {n}\n\n\n" for n in range(LONG // 30))
    Path(tmp_path, "long.py").write_text(f"{filler}def double(x):\n    return x + x + x\n", encoding="utf-8")
    expects = expected("Fix long.py: double(2) should give 4", Workspace(tmp_path))
    assert "SEARCH" in program_tail(expects, [])
    reply = "<<<<<<< SEARCH\n    return x + x + x\n=======\n    return x + x\n>>>>>>> REPLACE\n"
    program = chosen_program(reply, expects)
    assert program is not None
    subprocess.run([sys.executable, "-c", program.code], cwd=tmp_path, check=True, capture_output=True)
    assert Path(tmp_path, "long.py").read_text(encoding="utf-8") == f"{filler}def double(x):\n    return x + x\n"
    assert chosen_program("```python\nprint(1)\n```", expects) is None
