"""Two tables of a class that belong together."""

from pathlib import Path

from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice

STUDENTS = {31: "Vera", 32: "Abel", 33: "Noor", 34: "Bruno", 35: "Tess", 36: "Clara", 37: "Ivo", 38: "Dina"}


def scores() -> list[list[Cell]]:
    """Student, test and points; everybody took part several times."""
    chance = dice(221)
    found: list[list[Cell]] = []
    for test in ("spring", "summer", "autumn", "winter", "final"):
        found += [[number, test, chance.randint(20, 100)] for number in STUDENTS if chance.random() < 0.8]
    return found


def means() -> list[list[Cell]]:
    """Names with the mean of their points, by number."""
    found: list[list[Cell]] = []
    for number, name in STUDENTS.items():
        points = [float(row[2]) for row in scores() if row[0] == number]
        found.append([name, round(sum(points) / len(points), 2)])
    return found


def write_class(folder: Path) -> None:
    """The two tables."""
    write_table(folder, "students.csv", "id,name", list(STUDENTS.items()))
    write_table(folder, "scores.csv", "student_id,test,score", scores())


def write_means(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "averages.csv", "name,average", body)
    return "averages.csv is done."


TASKS = [
    Task(
        "class-averages",
        "data",
        "students.csv has the columns id and name, scores.csv has the columns student_id, test and score. Write "
        "averages.csv with the columns name and average: one row per student with the average of all their scores, "
        "rounded to two decimals, in alphabetical order of the names.",
        write_class,
        lambda folder, answer: table_problems(folder, "averages.csv", sorted(means())),
        lambda folder: write_means(folder, sorted(means())),
        lambda folder: write_means(folder, means()),
    ),
]
