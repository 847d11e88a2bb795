"""Databases: a ranking, those who are missing, a change."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice, lines, write

Row = tuple[str | int | float | None, ...]


Tables = dict[str, Sequence[Row]]


def fill(database: sqlite3.Connection, schema: str, tables: Tables) -> None:
    """The tables with their rows."""
    database.executescript(schema)
    for table, body in tables.items():
        marks = ", ".join("?" * len(body[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", body)  # noqa: S608  # names of our own


def create(folder: Path, name: str, schema: str, tables: Tables) -> None:
    """A database."""
    with closing(sqlite3.connect(folder / name)) as database, database:
        fill(database, schema, tables)


def ask(folder: Path, name: str, statement: str) -> list[Row]:
    """The rows of an answer; what the statement changes is kept."""
    with closing(sqlite3.connect(folder / name)) as database, database:
        return database.execute(statement).fetchall()


CUSTOMERS = ["Adega Norte", "Bolo & Filhos", "Casa Lima", "Dois Rios", "Estrela", "Forno Velho"]
SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount_cents INTEGER, status TEXT);
"""
TOP = """
SELECT name, SUM(amount_cents) / 100.0 AS total FROM orders JOIN customers ON customers.id = customer_id
{where} GROUP BY name ORDER BY total DESC LIMIT 3
"""
PAID = "WHERE status <> 'cancelled'"


def shop() -> Tables:
    """Customers and orders; the largest orders are cancelled."""
    chance = dice(81)
    body = [(number, chance.randint(1, 6), chance.randint(500, 90_000), "paid") for number in range(1, 90)]
    body += [(number, 2 + number % 4, chance.randint(200_000, 900_000), "cancelled") for number in range(90, 99)]
    people = [(number, name, "Porto" if number % 2 else "Faro") for number, name in enumerate(CUSTOMERS, 1)]
    return {"customers": people, "orders": body}


def top(where: str) -> list[list[Cell]]:
    """The three customers with the largest totals of such orders."""
    with closing(sqlite3.connect(":memory:")) as database:
        fill(database, SHOP, shop())
        return [[name, float(total)] for name, total in database.execute(TOP.format(where=where))]


def write_top(folder: Path, where: str) -> str:
    """The result."""
    write_table(folder, "top.csv", "name,total", top(where))
    return f"{top(where)[0][0]} spent most."


MEMBERS = "Abreu Brito Castro Dias Esteves Faria Gomes Horta Iria Jardim Lemos Matos Neves Otero".split()
LIBRARY = """
CREATE TABLE members (number INTEGER PRIMARY KEY, surname TEXT NOT NULL, since TEXT);
CREATE TABLE books (isbn TEXT PRIMARY KEY, title TEXT);
CREATE TABLE loans (id INTEGER PRIMARY KEY, member INTEGER, isbn TEXT, day TEXT);
"""
INACTIVE = {"Castro", "Gomes", "Iria", "Otero"}


def library(folder: Path) -> None:
    """Members, some of whom never borrowed; some loans are nobody's."""
    active = [number for number, name in enumerate(MEMBERS, 700) if name not in INACTIVE]
    loans: list[Row] = [
        (number, None if number % 9 == 4 else active[number % len(active)], f"978-{number % 7}", "2025-02-11")
        for number in range(1, 60)
    ]
    members = [(number, name, f"20{number % 20 + 10}-01-01") for number, name in enumerate(MEMBERS, 700)]
    books = [(f"978-{number}", f"Volume {number}") for number in range(7)]
    create(folder, "library.db", LIBRARY, {"members": members, "books": books, "loans": loans})


def inactive_problems(folder: Path, answer: str) -> list[str]:
    """Their names by the alphabet."""
    found = [line.strip() for line in lines(folder, "inactive.txt")]
    return [] if found == sorted(INACTIVE) else [f"inactive.txt: {found}"]


def write_inactive(folder: Path, names: Iterable[str]) -> str:
    """The result."""
    write(folder, "inactive.txt", "\n".join(names))
    return "inactive.txt has the names."


PRODUCTS: list[Row] = [
    (1, "Assam", "tea", 4.5, 12),
    (2, "Sencha", "tea", 6.2, 0),
    (3, "Espresso", "coffee", 7.9, 30),
    (4, "Lungo", "coffee", 7.5, 0),
    (5, "Peppermint", "herbs", 3.4, 8),
    (6, "Earl Grey", "tea", 5.1, 3),
    (7, "Teapot", "pots", 24.0, 2),
    (8, "Sage", "herbs", 2.9, 0),
    (9, "Oolong", "tea", 8.3, 1),
]
STOCK = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, category TEXT, price REAL, stock INTEGER);"
RAISE = "UPDATE products SET price = ROUND(price * 1.1, 2) WHERE category = 'tea'"


def stock_problems(folder: Path, answer: str) -> list[str]:
    """Tea is dearer, the empty shelves are gone, all else is as it was."""
    wanted = {
        row[0]: (*row[1:3], round(float(str(row[3])) * (1.1 if row[2] == "tea" else 1), 2), row[4])
        for row in PRODUCTS
        if row[4]
    }
    found = {
        row[0]: (*row[1:3], round(float(str(row[3])), 4), row[4])
        for row in ask(folder, "stock.db", "SELECT id, name, category, price, stock FROM products")
    }
    keys = sorted(map(str, found.keys() ^ wanted.keys()))
    changed = [f"stock.db: {found[key]}" for key in found.keys() & wanted.keys() if found[key] != wanted[key]]
    return [f"stock.db: products {keys} are there, or not"] * bool(keys) + sorted(changed)


def change_stock(folder: Path, *statements: str) -> str:
    """The statements, done."""
    for statement in statements:
        ask(folder, "stock.db", statement)
    return "stock.db is up to date."


TASKS = [
    Task(
        "top-customers",
        "sqlite",
        "shop.db is an SQLite database with the tables customers (id, name, city) and orders (id, customer_id, "
        "amount_cents, status). Which three customers spent the most? Orders with the status 'cancelled' do not count. "
        "Save it as top.csv: name,total with the total in euros, most first.",
        lambda folder: create(folder, "shop.db", SHOP, shop()),
        lambda folder, answer: table_problems(folder, "top.csv", top(PAID)),
        lambda folder: write_top(folder, PAID),
        lambda folder: write_top(folder, ""),
    ),
    Task(
        "inactive-members",
        "sqlite",
        "library.db is the SQLite database of our library. Find the members who have never borrowed a book and write "
        "their surnames to inactive.txt, one per line, in alphabetical order.",
        library,
        inactive_problems,
        lambda folder: write_inactive(folder, sorted(INACTIVE)),
        lambda folder: write_inactive(folder, []),
    ),
    Task(
        "raise-prices",
        "sqlite",
        "In the SQLite database stock.db there is a table products (id, name, category, price, stock). Raise the price "
        "of everything in the category tea by 10 %, rounded to two decimals, and delete all products with stock 0.",
        lambda folder: create(folder, "stock.db", STOCK, {"products": PRODUCTS}),
        stock_problems,
        lambda folder: change_stock(folder, RAISE, "DELETE FROM products WHERE stock = 0"),
        lambda folder: change_stock(folder, RAISE, "DELETE FROM products WHERE category = 'tea' AND stock = 0"),
    ),
]
