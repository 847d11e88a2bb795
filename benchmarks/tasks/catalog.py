"""The forty tasks of the benchmark, by groups; none was made with the product's rules in mind."""

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
    plan,
    refactor,
    reports,
    shell,
    sqlite,
    text,
)
from benchmarks.tasks.task import Task

GROUPS = {
    "files": 3,
    "shell": 3,
    "data": 6,
    "json": 3,
    "logs": 3,
    "sqlite": 3,
    "text": 3,
    "git": 2,
    "fix": 4,
    "report": 2,
    "refactor": 2,
    "optimise": 2,
    "explain": 2,
    "plan": 2,
}
"""How many tasks of each kind there are."""

TASKS: list[Task] = [
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
