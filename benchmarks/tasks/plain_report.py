"""Answers of a survey, counted and drawn."""

from pathlib import Path

from benchmarks.tasks.picture import draw_bars, picture_problems
from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice

ANSWERS = {"bus": 27, "car": 19, "bike": 14, "train": 9, "walk": 6}


def survey() -> list[list[Cell]]:
    """Number and means of transport of everybody who answered."""
    answers = [answer for answer, count in ANSWERS.items() for _ in range(count)]
    dice(271).shuffle(answers)
    return [[f"P{number:03d}", answer] for number, answer in enumerate(answers, 1)]


def counted(people: list[list[Cell]]) -> list[list[Cell]]:
    """The commonest answer first."""
    answers = [answer for _, answer in people]
    return [[answer, answers.count(answer)] for answer in ANSWERS]


def survey_problems(folder: Path, answer: str) -> list[str]:
    """The table and the picture."""
    problems = table_problems(folder, "transport.csv", counted(survey()))
    return problems + picture_problems(folder, "transport.png", inked=0.03)


def write_survey(folder: Path, people: list[list[Cell]]) -> str:
    """Both results, for these people."""
    write_table(folder, "transport.csv", "transport,count", counted(people))
    draw_bars(folder, "transport.png", [float(count) for _, count in counted(people)])
    return "The counts are in transport.csv and transport.png."


TASKS = [
    Task(
        "survey",
        "report",
        "survey.csv has the columns person and transport (bus, car, bike, ...). Do two things: 1. count how often each "
        "transport occurs and save this as transport.csv with the columns transport and count, the most frequent "
        "first; 2. draw a bar chart of these counts and save it as transport.png.",
        lambda folder: write_table(folder, "survey.csv", "person,transport", survey()),
        survey_problems,
        lambda folder: write_survey(folder, survey()),
        lambda folder: write_survey(folder, survey()[1:]),
    ),
]
