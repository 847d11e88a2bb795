"""The evidence on results that somebody wrote without sight of it: right ones hold."""

from pathlib import Path
from typing import Any

import pytest

from agents.checks import expected
from agents.evidence import problems
from benchmarks.learn import LABELLED, rows
from benchmarks.tasks.task import write
from tools.interpreter.box import BlockResult
from tools.snapshot import Snapshots

CASES = {file.stem: rows(file) for file in sorted((LABELLED / "results").glob("*.json"))}


def refused(case: dict[str, Any], result: dict[str, Any], place: Path) -> list[str]:
    """What the evidence says against this result of the case."""
    folder = place / "folder"
    for name, text in case["before"].items():
        write(folder, name, text)
    snapshots = Snapshots(folder, place / "store")
    before = snapshots.take()
    expects = expected(case["task"], snapshots.workspace)
    for name in set(case["before"]) - set(result["after"]):
        (folder / name).unlink()
    for name, text in result["after"].items():
        if case["before"].get(name) != text:
            write(folder, name, text)
    changes = snapshots.diff(before, snapshots.take())
    return problems(expects, BlockResult(0, f"{result['answer']}\n", 0), changes, snapshots.workspace, case["task"])


@pytest.mark.parametrize("name", CASES)
def test_right_results_hold(name: str, tmp_path: Path) -> None:
    wrong = {}
    for number, case in enumerate(CASES[name]):
        place = tmp_path / str(number)
        if found := refused(case, case, place):
            wrong[case["task"]] = found
    assert len(wrong) <= 0.05 * len(CASES[name]), wrong


def test_results_that_leave_the_work_undone_are_refused(tmp_path: Path) -> None:
    undone = [
        refused(case, {"after": case["before"], "answer": ""}, tmp_path / f"{name}{number}")
        for name, cases in CASES.items()
        for number, case in enumerate(cases)
    ]
    assert sum(map(bool, undone)) >= 0.95 * len(undone)
