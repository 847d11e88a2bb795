"""Logs: lines counted by level, and by address."""

from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice, write

START = datetime.fromisoformat("2025-05-02T08:15:30")
LEVELS = {"INFO": 61, "WARNING": 17, "ERROR": 8, "DEBUG": 34}
SAID = ["cache is full", "user signed in", "disk at 71 %", "backup took 12 s"]


def write_app(folder: Path) -> None:
    """The log of an application."""
    chance = dice(241)
    levels = [level for level, count in LEVELS.items() for _ in range(count)]
    chance.shuffle(levels)
    found = [f"{START + timedelta(seconds=41 * n)} {level} {chance.choice(SAID)}" for n, level in enumerate(levels)]
    write(folder, "app.log", "\n".join(found) + "\n")


def levels(*left_out: str) -> list[list[Cell]]:
    """Levels with their counts."""
    return [[level, count] for level, count in LEVELS.items() if level not in left_out]


def write_levels(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "levels.csv", "level,count", body)
    return "levels.csv has the counts."


ADDRESSES = {"10.0.0.7": 31, "10.0.0.15": 12, "192.168.1.20": 44, "192.168.1.3": 9, "172.16.4.4": 25, "10.0.3.1": 17}


def write_visits(folder: Path) -> None:
    """The log of a web server."""
    chance, found = dice(242), []
    addresses = [address for address, count in ADDRESSES.items() for _ in range(count)]
    chance.shuffle(addresses)
    for number, address in enumerate(addresses):
        at = START + timedelta(seconds=97 * number)
        path, size = chance.choice(["/", "/loja", "/ajuda"]), chance.randint(200, 9000)
        found.append(f'{address} - - [{at:%d}/May/{at:%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" 200 {size}')
    write(folder, "acessos.log", "\n".join(found) + "\n")


def visitors(*, most_first: bool) -> list[list[Cell]]:
    """Three addresses with their counts."""
    found = sorted(ADDRESSES.items(), key=lambda item: item[1], reverse=most_first)
    return [[address, count] for address, count in found[:3]]


def write_visitors(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "top_ips.csv", "ip,pedidos", body)
    return "Os três endereços estão em top_ips.csv."


TASKS = [
    Task(
        "log-levels",
        "logs",
        "A line of app.log looks like this: `2025-05-02 10:15:30 WARNING cache is full`. The third word is the level. "
        "Count the lines of each level and save the counts as levels.csv with the columns level and count.",
        write_app,
        lambda folder, answer: table_problems(folder, "levels.csv", levels(), ordered=False),
        lambda folder: write_levels(folder, levels()),
        lambda folder: write_levels(folder, levels("DEBUG")),
    ),
    Task(
        "acessos-por-ip",
        "logs",
        "Cada linha de acessos.log começa com um endereço IP, seguido de um espaço, por exemplo: 10.0.0.7 - - "
        '[02/May/2025:08:15:30 +0000] "GET /loja HTTP/1.1" 200 512. Quais são os três endereços IP com mais linhas? '
        "Grava top_ips.csv com as colunas ip e pedidos, primeiro o que tem mais.",
        write_visits,
        lambda folder, answer: table_problems(folder, "top_ips.csv", visitors(most_first=True)),
        lambda folder: write_visitors(folder, visitors(most_first=True)),
        lambda folder: write_visitors(folder, visitors(most_first=False)),
    ),
]
