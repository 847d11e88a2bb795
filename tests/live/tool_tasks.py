"""Twelve tasks for tools: time, SQLite, files, and a browser on pages of this machine; each judged from outside."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.live.site import Site
from tests.live.tasks import read, write


@dataclass(frozen=True)
class ToolTask:
    """What is asked (SITE stands for the site's address), for which server, and whether it is done."""

    name: str
    server: str
    text: str
    done: Callable[[Path, str, Site], bool]


def shop(folder: Path) -> None:
    """The folder of every task: a database and some notes."""
    with closing(sqlite3.connect(folder / "shop.db")) as data, data:
        data.executescript(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, price REAL, stock INT);"
            "INSERT INTO products (name, price, stock) VALUES"
            " ('Lamp', 39.9, 4), ('Desk', 189.0, 2), ('Chair', 74.5, 11), ('Shelf', 59.0, 0);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product_id INT, quantity INT);"
            "INSERT INTO orders (product_id, quantity) VALUES (1, 2), (3, 4), (3, 1);"
        )
    write(folder, "notes/monday.txt", "Call the plumber.\nBudget code: ZX-4417\n")
    write(folder, "notes/tuesday.txt", "Buy paint.\n")
    write(folder, "notes/old/plan.md", "# Plan\nalpha\n")


def now(zone: str) -> Callable[[Path, str, Site], bool]:
    """Whether the answer has the time there, of the last four minutes."""

    def told(folder: Path, answer: str, site: Site) -> bool:
        times = [datetime.now(UTC).astimezone(ZoneInfo(zone)) - timedelta(minutes=ago) for ago in range(4)]
        return any(f"{time:%H:%M}" in answer or f"{time:%I:%M}".lstrip("0") in answer for time in times)

    return told


def says(*words: str) -> Callable[[Path, str, Site], bool]:
    """Whether the answer has all these words, numbers as a whole."""
    return lambda folder, answer, site: all(re.search(rf"(?<![\d.]){re.escape(word)}(?!\d)", answer) for word in words)


def inserted(folder: Path, answer: str, site: Site) -> bool:
    """One stool, as it was asked for."""
    with closing(sqlite3.connect(folder / "shop.db")) as data:
        return data.execute("SELECT price, stock FROM products WHERE name = 'Stool'").fetchall() == [(25.5, 7)]


def moved(folder: Path, answer: str, site: Site) -> bool:
    """Tuesday is among the old ones."""
    return read(folder, "notes/old/tuesday.txt") == "Buy paint.\n" and not (folder / "notes/tuesday.txt").exists()


def sent(folder: Path, answer: str, site: Site) -> bool:
    """The form came in, and the ticket is told."""
    return site.sent[-1:] == [{"name": ["Ana"], "message": ["Hello"]}] and "7731" in answer


def saved(folder: Path, answer: str, site: Site) -> bool:
    """The whole menu."""
    text = read(folder, "menu.csv")
    return all(word in text for word in ("Lentil soup", "6.4", "Grilled sardines", "11.9", "Almond cake", "4.2"))


TOOL_TASKS = (
    ToolTask("tokyo", "time", "What time is it now in Tokyo? Use the time server.", now("Asia/Tokyo")),
    ToolTask(
        "lisbon",
        "time",
        "Use the time tools: it is 14:30 in Lisbon (Europe/Lisbon) - what time is it in New York (America/New_York)?",
        lambda folder, answer, site: bool(re.search(r"(?<!\d)0?9:30", answer)),
    ),
    ToolTask(
        "tables",
        "sqlite",
        "Using the sqlite server: which tables does the shop database have, and how many rows has the table products?",
        says("orders", "4"),
    ),
    ToolTask(
        "dearest",
        "sqlite",
        "Use the sqlite tools to find the most expensive product and its price.",
        says("Desk", "189"),
    ),
    ToolTask(
        "insert", "sqlite", "Use the sqlite tools to add a product named 'Stool' with price 25.5 and stock 7.", inserted
    ),
    ToolTask(
        "find",
        "files",
        "Use the files tools: what is the budget code that stands in notes/monday.txt?",
        says("ZX-4417"),
    ),
    ToolTask(
        "write",
        "files",
        "With the files server, make the file notes/wednesday.txt with the text 'Water the plants.'",
        lambda folder, answer, site: "Water the plants" in read(folder, "notes/wednesday.txt"),
    ),
    ToolTask("move", "files", "With the files server, move notes/tuesday.txt to notes/old/tuesday.txt.", moved),
    ToolTask("hours", "browser", "Open SITE/ in the browser and tell me the opening hours.", says("8:30", "17:45")),
    ToolTask("price", "browser", "Open SITE/menu.html and tell me what the grilled sardines cost.", says("11.90")),
    ToolTask(
        "form",
        "browser",
        "Open SITE/contact.html, fill in the form with the name 'Ana' and the message 'Hello', send it, and tell me the ticket number.",
        sent,
    ),
    ToolTask("menu", "browser", "Open SITE/menu.html and save the dishes with their prices to menu.csv.", saved),
)
