"""Logs of a web server, of a queue, of an application."""

from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.tasks.answer import name_problems, number_problems
from benchmarks.tasks.table import Cell, row_problems, rows, write_table
from benchmarks.tasks.task import Task, dice, write

PATHS = ("/checkout", "/search", "/login", "/images/logo.png", "/help")
START = datetime.fromisoformat("2025-06-03T22:41:07")


def requests() -> list[tuple[str, int, int]]:
    """Path, status and size in bytes; sizes look like statuses."""
    chance, found = dice(71), []
    for _ in range(720):
        path = chance.choice(PATHS)
        bad = 0.45 if path == "/search" else 0.2
        status = chance.choice([500, 502, 503]) if chance.random() < bad else chance.choice([200, 200, 304, 404])
        found.append((path, status, chance.choice([500, 502, 512, 1340, 77])))
    return found


def write_access(folder: Path) -> None:
    """In the combined format."""
    text = []
    for number, (path, status, size) in enumerate(requests()):
        at = START + timedelta(seconds=7 * number)
        address = f"10.0.{number % 4}.{number % 37}"
        text.append(f'{address} - - [{at:%d}/Jun/{at:%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} {size} "-" "x"')
    write(folder, "access.log", "\n".join(text) + "\n")


def failed() -> list[str]:
    """The paths of requests that the server failed."""
    return [path for path, status, _ in requests() if 500 <= status <= 599]


def access_problems(folder: Path, answer: str) -> list[str]:
    """The number of failures, and where most of them were."""
    worst = max(PATHS, key=failed().count)
    return number_problems(answer, len(failed())) + name_problems(answer, worst, PATHS)


def misread() -> int:
    """Lines with a number from 500 to 599 anywhere."""
    return sum(500 <= status <= 599 or 500 <= size <= 599 for _, status, size in requests())


JOBS = {4171: 913, 4172: 340, 4173: 2207, 4174: 7754, 4175: 58, 4176: 1980, 4177: 9405, 4178: 412, 4179: 7390}
"""Seconds that each took."""
ENDS = {4177: "failed", 4179: ""}
"""How those ended that were not finished."""


def write_jobs(folder: Path) -> None:
    """Jobs side by side, over midnight, by time."""
    found = []
    for place, (job, seconds) in enumerate(JOBS.items()):
        begun, worker = START + timedelta(minutes=9 * place), f"worker-{place % 3}"
        found.append((begun, f"{worker} job {job} started"))
        if ENDS.get(job, "finished"):
            found.append((begun + timedelta(seconds=seconds), f"{worker} job {job} {ENDS.get(job, 'finished')}"))
    found += [(START + timedelta(minutes=13 * number), f"queue holds {number} jobs") for number in range(14)]
    write(folder, "jobs.log", "".join(f"{at:%Y-%m-%d %H:%M:%S} {what}\n" for at, what in sorted(found)))


HOURS = {0: 3, 2: 1, 7: 4, 9: 11, 10: 2, 13: 6, 18: 5, 23: 8}
"""Errors by hour."""


def write_server(folder: Path) -> None:
    """Levels among messages that speak of errors."""
    found = []
    for hour in range(24):
        found += [f"2025-04-10 {hour:02d}:{n + 3:02d}:12 INFO  depois de ERROR: nova tentativa {n}" for n in range(3)]
        found += [f"2025-04-10 {hour:02d}:{n + 20:02d}:44 ERROR ligação perdida" for n in range(HOURS.get(hour, 0))]
        found.append(f"2025-04-10 {hour:02d}:58:59 WARN  fila longa")
    write(folder, "servidor.log", "\n".join(found) + "\n")


def hour_problems(folder: Path, answer: str) -> list[str]:
    """Hours with errors, by hour; `09`, `9` and `09:00` are the same hour."""
    found = rows(folder, "erros.csv", 2)
    if found and not found[0][0][:1].isdigit():
        found = found[1:]
    plain = [[row[0].partition(":")[0].removesuffix("h"), *row[1:]] for row in found]
    wanted: list[list[Cell]] = [[float(hour), float(count)] for hour, count in HOURS.items()]
    return row_problems("erros.csv", plain, wanted)


def write_hours(folder: Path, infos: int) -> str:
    """Hours and counts, with so many of another level."""
    counts = {hour: HOURS.get(hour, 0) + infos for hour in range(24)}
    body: list[list[Cell]] = [[f"{hour:02d}", count] for hour, count in counts.items() if count]
    write_table(folder, "erros.csv", "hora,erros", body)
    return "As contagens estão em erros.csv."


TASKS = [
    Task(
        "server-errors",
        "logs",
        "How many requests in access.log (combined log format, as nginx writes it) were answered with a status from "
        "500 to 599, and which path got the most of these? Tell me just the number and the path.",
        write_access,
        access_problems,
        lambda folder: f"{len(failed())} requests failed, most of them to {max(PATHS, key=failed().count)}.",
        lambda folder: f"{misread()} requests failed, most of them to {max(PATHS, key=failed().count)}.",
    ),
    Task(
        "longest-job",
        "logs",
        "Which job in jobs.log ran longest, from started to finished, and for how many seconds? Jobs that failed or "
        "never finished do not count.",
        write_jobs,
        lambda folder, answer: number_problems(answer, 4174, JOBS[4174]),
        lambda folder: f"Job 4174 ran longest, {JOBS[4174]:,} seconds.",
        lambda folder: f"Job 4177 ran longest, {JOBS[4177]:,} seconds.",
    ),
    Task(
        "erros-por-hora",
        "logs",
        "Conta as linhas de nível ERROR em servidor.log por hora e grava o resultado em erros.csv com as colunas hora "
        "e erros, por ordem da hora e só com as horas em que houve erros. Uma linha do log é assim: `2025-04-10 "
        "09:20:44 ERROR ligação perdida`; a terceira palavra é o nível.",
        write_server,
        hour_problems,
        lambda folder: write_hours(folder, 0),
        lambda folder: write_hours(folder, 3),
    ),
]
