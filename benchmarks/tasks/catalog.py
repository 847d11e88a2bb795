"""The tasks of the benchmark, by groups; none was made with the product's rules in mind."""

from dataclasses import replace
from random import Random

from benchmarks.tasks import (
    data,
    data_dirt,
    explain,
    files,
    fixes,
    git,
    json_files,
    logs,
    optimise,
    plain_class,
    plain_data,
    plain_files,
    plain_fixes,
    plain_git,
    plain_json,
    plain_logs,
    plain_report,
    plain_shell,
    plain_sqlite,
    plain_text,
    plain_words,
    plan,
    refactor,
    reports,
    shell,
    sqlite,
    text,
)
from benchmarks.tasks.task import Task

HARD: list[Task] = [
    *files.TASKS,
    *shell.TASKS,
    *data.TASKS,
    *data_dirt.TASKS,
    *json_files.TASKS,
    *logs.TASKS,
    *sqlite.TASKS,
    *text.TASKS,
    *git.TASKS,
    *fixes.TASKS,
    *reports.TASKS,
    *refactor.TASKS,
    *optimise.TASKS,
    *explain.TASKS,
    *plan.TASKS,
]
"""The first forty: nearly all too hard for the bare model."""
PLAIN: list[Task] = [
    *plain_files.TASKS,
    *plain_shell.TASKS,
    *plain_data.TASKS,
    *plain_class.TASKS,
    *plain_json.TASKS,
    *plain_logs.TASKS,
    *plain_sqlite.TASKS,
    *plain_text.TASKS,
    *plain_git.TASKS,
    *plain_fixes.TASKS,
    *plain_report.TASKS,
    *plain_words.TASKS,
]
"""Written later and by someone who had not seen the product, to be what people ask every day."""

GROUPS = {
    "files": (1, 2),
    "shell": (1, 2),
    "data": (2, 4),
    "json": (1, 2),
    "logs": (1, 2),
    "sqlite": (1, 2),
    "text": (1, 2),
    "git": (1, 1),
    "fix": (2, 2),
    "report": (1, 1),
    "refactor": (2, 0),
    "optimise": (2, 0),
    "explain": (1, 1),
    "plan": (1, 1),
}
"""How many hard and plain tasks of each kind are among the forty; which, a fixed seed has drawn."""


def drawn() -> list[Task]:
    """The forty tasks."""
    chance, found = Random(40), []  # noqa: S311  # a sample, no secret
    for group, counts in GROUPS.items():
        for tasks, count in zip((HARD, PLAIN), counts, strict=True):
            found += chance.sample([task for task in tasks if task.group == group], count)
    return found


TASKS = drawn()
MORE = [replace(task, group="more") for task in [*HARD, *PLAIN] if task not in TASKS]
"""The others: for this program and the bare model alone."""
