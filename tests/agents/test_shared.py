"""What functions have in common, cut out of them."""

import ast
from pathlib import Path

from agents.checks import expected
from agents.ledger import Ledger
from agents.program import form, messages
from agents.shared import shared
from tools.workspace import Workspace

LOOP = """    found = []
    for item in items:
        if item{field} > limit:
            found.append(item)
"""
MODULE = f'''"""Two reports."""


def cheap(items, limit):
    """Those below."""
{LOOP.format(field="")}    return [each for each in items if each not in found]


def costly(items, limit):
    """Those above."""
{LOOP.format(field="")}    return found


def other(items):
    return items
'''
TASK = "In reports.py the functions cheap and costly have the same loop: move it into one function."


def test_what_functions_share_is_one_function_that_they_call() -> None:
    told = shared(MODULE, TASK)
    names = [node.name for node in ast.parse(told).body if isinstance(node, ast.FunctionDef)]
    assert names == ["shared_found", "cheap", "costly"]
    assert told.count("for item in items:\n") == 1
    scope: dict[str, object] = {}
    exec(f"{MODULE}\n{told}\nresult = cheap([1, 5, 9], 4), costly([1, 5, 9], 4)", scope)
    assert scope["result"] == ([1], [5, 9])
    assert "def picked(items, limit):" in shared(MODULE, f"{TASK} It is to be called picked.")


def test_what_only_looks_alike_or_cannot_be_cut_out_stays() -> None:
    different = MODULE.replace("found.append(item)", "found.insert(0, item)", 1)
    assert shared(different, TASK) == ""
    leaves = "def {}(items):\n    for item in items:\n        if item:\n            return 1\n        print(item)\n"
    leaves += "    return 2 * {}\n\n\n"
    assert shared(leaves.format("a", 2) + leaves.format("b", 3), TASK) == ""
    assert shared("def broken(:", TASK) == ""
    inside = "class Reports:\n" + "".join(f"    {line}\n" for line in MODULE.splitlines()[2:])
    assert shared(inside, TASK) == ""


def test_lines_may_end_as_on_windows() -> None:
    assert shared(MODULE.replace("\n", "\r\n"), TASK) == shared(MODULE, TASK) != ""


def test_the_executor_is_shown_it_where_the_task_asks_for_that(tmp_path: Path) -> None:
    (tmp_path / "reports.py").write_text(MODULE, encoding="utf-8")
    for task, wanted in ((TASK, True), ("Make cheap in reports.py faster.", False)):
        expects = expected(task, Workspace(tmp_path))
        prompt = messages(Ledger(task, expects=expects))[-1]["content"]
        assert ("def shared_found(items, limit):" in prompt) == wanted
        assert ("as they stand above" in prompt) == wanted
    assert form(expected(TASK, Workspace(tmp_path)), 0) == "change"
