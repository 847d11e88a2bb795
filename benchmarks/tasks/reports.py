"""A table and a picture made of the same numbers."""

import re
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.picture import draw_bars, picture_problems
from benchmarks.tasks.table import Cell, row_problems, table_problems, write_table
from benchmarks.tasks.task import Task, dice, lines, write


def turnover() -> list[tuple[str, str, int]]:
    """Day, region and cents of a year's sales."""
    chance = dice(91)
    days = [(month, chance.randint(1, 28)) for month in range(1, 13) for _ in range(chance.randint(4, 9))]
    return [
        (f"2025-{month:02d}-{day:02d}", chance.choice(["north", "south"]), chance.randint(1200, 95_000))
        for month, day in sorted(days)
    ]


def write_turnover(folder: Path) -> None:
    """The table."""
    body: list[list[Cell]] = [[day, region, f"{cents / 100:.2f}"] for day, region, cents in turnover()]
    write_table(folder, "sales_2025.csv", "date,region,amount", body)


def monthly(region: str) -> list[list[Cell]]:
    """The total of each month; of both regions where none is named."""
    totals = dict.fromkeys(sorted({day[:7] for day, _, _ in turnover()}), 0)
    for day, place, cents in turnover():
        totals[day[:7]] += cents if region in ("", place) else 0
    return [[month, cents / 100] for month, cents in totals.items()]


def best(region: str) -> float:
    """The total of the best month."""
    return max(float(total) for _, total in monthly(region))


def monthly_problems(folder: Path, answer: str) -> list[str]:
    """The table, the picture, and the best month's total."""
    problems = table_problems(folder, "monthly.csv", monthly(""))
    return problems + picture_problems(folder, "monthly.png", inked=0.06) + number_problems(answer, best(""))


def write_monthly(folder: Path, region: str) -> str:
    """Both results."""
    write_table(folder, "monthly.csv", "month,total", monthly(region))
    draw_bars(folder, "monthly.png", [float(total) for _, total in monthly(region)])
    return f"The best month had {best(region):.2f}."


STATIONS = {"Harbour": 14.0, "Hill": 9.5, "Airport": 12.2}
FAILED = -999.0


def weather() -> list[tuple[str, str, float]]:
    """Day, station and temperature; sensors fail."""
    chance, found = dice(101), []
    for day in range(1, 61):
        for place, (station, usual) in enumerate(STATIONS.items()):
            degrees = round(usual + chance.gauss(0, 3), 1)
            found.append(
                (
                    f"2025-{3 + day // 31:02d}-{1 + day % 31:02d}",
                    station,
                    FAILED if (day + place) % 19 == 6 else degrees,
                )
            )
    return found


def write_weather(folder: Path) -> None:
    """The table."""
    body: list[list[Cell]] = [[day, station, degrees] for day, station, degrees in weather()]
    write_table(folder, "weather.csv", "date,station,temperature", body)


def measured(coldest: float) -> list[list[Cell]]:
    """For each station mean, minimum and maximum of what is above a temperature."""
    found: list[list[Cell]] = []
    for station in STATIONS:
        degrees = [each for _, place, each in weather() if place == station and each > coldest]
        found.append([station, round(sum(degrees) / len(degrees), 4), min(degrees), max(degrees)])
    return found


def report_problems(folder: Path, answer: str) -> list[str]:
    """The table of the report, and the picture."""
    parts = [
        re.split(r"\s*\|\s*", line.strip().strip("|").strip()) for line in lines(folder, "report.md") if "|" in line
    ]
    found = [[cell.strip("*` ").removesuffix("°C").strip() for cell in row] for row in parts]
    body = [row for row in found if row[0] in STATIONS]
    problems = row_problems("report.md", body, measured(FAILED), ordered=False, tolerance=0.0501)
    heads = " ".join(cell for row in found if row not in body for cell in row).casefold()
    problems += [f"report.md: no column {name}" for name in ("mean", "min", "max") if name not in heads]
    return problems + picture_problems(folder, "temperatures.png", inked=0.03)


def write_report(folder: Path, coldest: float) -> str:
    """Both results."""
    body = [f"| {name} | {mean:.1f} | {low:.1f} | {high:.1f} |" for name, mean, low, high in measured(coldest)]
    head = ["# Weather", "", "| station | mean | minimum | maximum |", "|---|---|---|---|"]
    write(folder, "report.md", "\n".join([*head, *body]) + "\n")
    draw_bars(folder, "temperatures.png", [float(row[1]) for row in measured(FAILED)])
    return "The report is in report.md."


TASKS = [
    Task(
        "monthly-sales",
        "report",
        "Two things from sales_2025.csv (columns date like 2025-03-07, region, amount): 1. monthly.csv with the "
        "columns month (like 2025-03) and total, one row per month in order; 2. monthly.png, a bar chart of these "
        "totals. Then tell me the total of the best month.",
        write_turnover,
        monthly_problems,
        lambda folder: write_monthly(folder, ""),
        lambda folder: write_monthly(folder, "north"),
    ),
    Task(
        "weather-report",
        "report",
        "weather.csv has the columns date, station, temperature; -999 means that the sensor failed, ignore these rows. "
        "First plot the temperatures over time, one line per station, and save the plot as temperatures.png. Then "
        "write report.md with a Markdown table of the columns station, mean, minimum, maximum: one row per station, "
        "values with one decimal.",
        write_weather,
        report_problems,
        lambda folder: write_report(folder, FAILED),
        lambda folder: write_report(folder, FAILED - 1),
    ),
]
