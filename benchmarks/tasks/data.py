"""Questions to CSV files as they come: cells are missing, amounts have commas, fields have quotes."""

import csv
import io
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, dice, lines, read, write

MISSING = ("", "n/a")


def sales() -> list[tuple[str, str, str, str]]:
    """Day, product, quantity and price; some rows lack one of the two."""
    chance, found = dice(11), []
    for number in range(140):
        product = chance.choice(["kettle", "lamp", "rug", "mirror"])
        quantity, price = str(chance.randint(1, 9)), f"{chance.randint(399, 8999) / 100:.2f}"
        if number % 15 == 4:
            quantity = MISSING[number % 2]
        if number % 23 == 7:
            price = MISSING[number % 2]
        found.append((f"2025-{1 + number // 28:02d}-{1 + number % 28:02d}", product, quantity, price))
    return found


def revenue(by_default: int) -> float:
    """Quantity times price, with a number for a missing quantity, and for a missing price."""
    amounts = [
        (by_default if quantity in MISSING else int(quantity)) * (by_default if price in MISSING else float(price))
        for _, _, quantity, price in sales()
    ]
    return round(sum(amounts), 2)


def write_sales(folder: Path) -> None:
    """The table."""
    write(folder, "sales.csv", "\n".join(["date,product,quantity,unit_price", *map(",".join, sales())]) + "\n")


CATEGORIES = ["Transportes", "transportes", "TRANSPORTES", "Alimentação", "Casa", "casa", "Lazer"]


def expenses() -> list[tuple[str, str, int]]:
    """Day, category and cents of what was spent in three years."""
    chance = dice(23)
    return [
        (
            f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{chance.choice([2024, 2025, 2025, 2026])}",
            chance.choice(CATEGORIES),
            chance.choice([chance.randint(150, 9900), chance.randint(100_000, 289_999)]),
        )
        for _ in range(90)
    ]


def euros(cents: int) -> str:
    """As it is written in Portugal: 1.234,56."""
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02d}"


def write_expenses(folder: Path) -> None:
    """The table, by order of entry."""
    body = [
        f"{day};compra {place};{category};{euros(cents)}" for place, (day, category, cents) in enumerate(expenses())
    ]
    write(folder, "despesas.csv", "\n".join(["data;descricao;categoria;valor", *body]) + "\n")


def spent(category: str) -> float:
    """On transport in 2025, where the category is written so, or in any case."""
    chosen = [
        cents
        for day, written, cents in expenses()
        if day.endswith("2025") and category in {written, written.casefold()}
    ]
    return sum(chosen) / 100


BOOKS = [
    ("The Long Way, Again", "Maria Sousa", 412, 2003),
    ("Salt", "Jon Reed", 210, 1999),
    ('A Word for "Home"', "Ines Prado", 640, 2011),
    ("Rivers, Roads; Rails", "P. Lund", 388, 1987),
    ("Winter Bread", "Tom Okafor", 401, 2019),
    ("Four Hundred", "Ana Vidal", 400, 2020),
    ("Glass, Sand, Fire", "Lea Brandt", 733, 1978),
    ("Small Machines", "R. Ito", 156, 2015),
    ("O Mar; e a Serra", "Rui Faria", 455, 2008),
    ("Nine Letters", "E. Marsh", 399, 1992),
    ("Notes on Maps, 2nd edition", "K. Olsen", 520, 2001),
]


def write_books(folder: Path) -> None:
    """The table, with quotes where they are needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("title", "author", "pages", "year"), *BOOKS])
    write(folder, "books.csv", text.getvalue())


def book_problems(folder: Path, answer: str) -> list[str]:
    """The titles of the thick ones."""
    wanted = [title for title, _, pages, _ in BOOKS if pages > 400]
    return [] if lines(folder, "thick.txt") == wanted else [f"thick.txt: {lines(folder, 'thick.txt')}"]


def thick(folder: Path) -> str:
    """By the rules of CSV."""
    found = [row["title"] for row in csv.DictReader(read(folder, "books.csv").splitlines()) if int(row["pages"]) > 400]
    write(folder, "thick.txt", "\n".join(found))
    return f"{len(found)} books have more than 400 pages."


def thick_by_commas(folder: Path) -> str:
    """As if a comma were always a separator."""
    rows = [line.split(",") for line in read(folder, "books.csv").splitlines()[1:]]
    write(folder, "thick.txt", "\n".join(row[0].strip('"') for row in rows if int(row[-2]) > 400))
    return "The titles are in thick.txt."


TASKS = [
    Task(
        "sales",
        "data",
        "What is the total revenue in sales.csv (columns date, product, quantity, unit_price), i.e. the sum of "
        "quantity times unit_price? In some rows one of the two is empty or n/a: leave these rows out. Two decimals, "
        "please.",
        write_sales,
        lambda folder, answer: number_problems(answer, revenue(0)),
        lambda folder: f"The total revenue is {revenue(0):,.2f}.",
        lambda folder: f"The total revenue is {revenue(1):,.2f}.",
    ),
    Task(
        "despesas",
        "data",
        "Quanto gastei em transportes em 2025? As despesas estão em despesas.csv: o separador é o ponto e vírgula, as "
        "datas são dd/mm/aaaa, os valores têm a forma 1.234,56 e a categoria (Transportes) aparece ora com maiúsculas, "
        "ora com minúsculas. Responde só com o total, em euros com duas casas decimais.",
        write_expenses,
        lambda folder, answer: number_problems(answer, spent("transportes")),
        lambda folder: f"{euros(round(100 * spent('transportes')))} €",
        lambda folder: f"{euros(round(100 * spent('Transportes')))} €",
    ),
    Task(
        "thick-books",
        "data",
        "Write the titles of all books in books.csv with more than 400 pages to thick.txt, one per line, in the order "
        "of the file. The columns are title, author, pages, year; some titles contain commas or quotes.",
        write_books,
        book_problems,
        thick,
        thick_by_commas,
    ),
]
