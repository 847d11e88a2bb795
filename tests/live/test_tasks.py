"""Real tasks, done by the real program with the real 1.5B model, judged from outside."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.live.tasks import TASKS, Task, unrelated

ENOUGH = 6
WORDING = int(os.environ.get("TASKS_WORDING", "0"))


@dataclass(frozen=True)
class Outcome:
    """One task's result: what the program said, and what is true."""

    name: str
    done: bool
    exit_code: int
    calls: int
    seconds: float

    def __str__(self) -> str:
        claim = {0: "said done", 1: "said not done"}.get(self.exit_code, f"exit {self.exit_code}")
        truth = "done" if self.done else "NOT DONE"
        return f"{self.name:12} {truth:8} {claim:14} {self.calls} calls {self.seconds:4.0f} s"


def run(task: Task, folder: Path, wording: int) -> Outcome:
    """The task in its folder, by the command that a user types."""
    unrelated(folder)
    task.prepare(folder)
    start = time.monotonic()
    command = [sys.executable, "-m", "commander", "--json", "--workspace", str(folder), task.wordings[wording]]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    (folder.parent / f"{task.name}.jsonl").write_text(ran.stdout + ran.stderr, encoding="utf-8")
    events: list[dict[str, Any]] = [json.loads(line) for line in ran.stdout.splitlines()]
    last: dict[str, Any] = {"answer": "", "calls": 0}
    if events and events[-1]["kind"] == "finished":
        last = events[-1]
    done = task.done(folder, last["answer"])
    return Outcome(task.name, done, ran.returncode, last["calls"], time.monotonic() - start)


@pytest.mark.live
@pytest.mark.timeout(1500)
def test_six_of_eight_tasks_are_done(tmp_path: Path) -> None:
    outcomes = []
    try:
        for task in TASKS:
            folder = tmp_path / task.name
            folder.mkdir()
            outcomes.append(run(task, folder, WORDING))
            print(outcomes[-1])  # noqa: T201, shown with -s and in a failure
    finally:
        subprocess.run([sys.executable, "-m", "commander", "models", "stop"], check=True)
    solved = [outcome for outcome in outcomes if outcome.done and outcome.exit_code == 0]
    assert len(solved) >= ENOUGH, "\n".join(map(str, outcomes))
