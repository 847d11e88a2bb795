"""The systems: how each is started on a task. Exit code 0 is its claim that the task is done."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.harness import environment, jailed
from benchmarks.harness.process import Ran, run
from benchmarks.tasks.humaneval import FILE
from benchmarks.tasks.task import Task
from config.folders import ROOT

MARGIN = 5
"""Seconds before the limit at which the product is told to end by itself, as its users tell it."""


@dataclass(frozen=True)
class Case:
    """One task for one system: its folder, a place for the harness's files, and the way to the model."""

    task: Task
    folder: Path
    place: Path
    url: str
    door: Path
    """The Unix socket of the same proxy, for who has no network."""
    model: str
    seconds: float


def commander(case: Case) -> Ran:
    """The product, as a user starts it; its own exit code is the claim."""
    environment = dict(os.environ) | {"OLLAMA_BASE_URL": case.url, "DEFAULT_MODEL": case.model, "EXECUTOR_MODEL": ""}
    options = ["--json", "--timeout", str(case.seconds - MARGIN), "--workspace", str(case.folder)]
    command = [sys.executable, "-m", "commander", *options, "-"]
    ran = run(command, case.task.text, case.seconds, case.place, environment)
    events = [line for line in ran.output.splitlines() if '"kind": "delta"' not in line]
    return replace(ran, output=answer(ran.output), log="\n".join([*events, ran.log]))


def answer(events: str) -> str:
    """What the product's last event says."""
    last = (events.splitlines() or ["{}"])[-1]
    try:
        return str(json.loads(last).get("answer", ""))
    except ValueError:  # ended in the middle of a line
        return ""


def bare(case: Case) -> Ran:
    """The model alone; see bare.py for its claim."""
    command = [sys.executable, str(ROOT / "benchmarks" / "bare.py"), case.url, case.model, str(case.folder)]
    command += ["--file", FILE] if case.task.group.startswith("humaneval") else []
    return run(command, case.task.text, case.seconds, case.place)


def rival(name: str) -> Callable[[Case], Ran]:
    """A program of others in an environment of its own, jailed; its runner `rivals/NAME.py` says what its claim is."""

    def start(case: Case) -> Ran:
        home = environment.made(name)
        runner, within = environment.PINS / f"{name}.py", ROOT / "benchmarks" / "harness" / "within.py"
        program = ["-I", str(within), str(case.door), str(runner), case.model]
        shown = [home, runner, within, case.door.parent]
        command = jailed.command(case.folder, home / "bin" / "python", shown, program)
        return run(command, case.task.text, case.seconds, case.place)

    return start


RIVALS = ("open_interpreter", "selector", "magentic_one", "smolagents", "gptme")
SYSTEMS: dict[str, Callable[[Case], Ran]] = {
    "commander": commander,
    "bare": bare,
    **{name: rival(name) for name in RIVALS},
}
