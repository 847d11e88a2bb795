"""CSV files turned into others: joined, turned about a column, cleaned."""

from pathlib import Path

from benchmarks.tasks.table import Cell, row_problems, rows, table_problems, value, write_table
from benchmarks.tasks.task import Task, dice, write

COUNTRIES = {"C01": "Portugal", "C02": "Spain", "C03": "Portugal", "C04": "France", "C05": "Italy", "C06": "France"}
NAMES = {"C01": "Nora", "C02": "Paco", "C03": "Rui", "C04": "Zoé", "C05": "Gino", "C06": "Luc"}


def orders() -> list[tuple[int, str, int]]:
    """Number, customer and amount in cents; C07 and C09 are nobody's."""
    chance, customers = dice(31), [*COUNTRIES, "C01", "C04", "C07", "C09"]
    return [(1000 + number, chance.choice(customers), chance.randint(900, 260_000)) for number in range(60)]


def write_orders(folder: Path) -> None:
    """Two tables that belong together."""
    body = [f'{number},{customer},"{cents / 100:,.2f}"' for number, customer, cents in orders()]
    write(folder, "orders.csv", "\n".join(["order_id,customer_id,amount", *body]) + "\n")
    people = [f"{customer},{NAMES[customer]},{country}" for customer, country in COUNTRIES.items()]
    write(folder, "customers.csv", "\n".join(["customer_id,name,country", *people]) + "\n")


def revenues(smallest: int = 0) -> list[list[Cell]]:
    """Countries and what they brought, the best first; orders below an amount in cents left out."""
    totals: dict[str, int] = {}
    for _, customer, cents in orders():
        if customer in COUNTRIES and cents >= smallest:
            totals[COUNTRIES[customer]] = totals.get(COUNTRIES[customer], 0) + cents
    return [[country, cents / 100] for country, cents in sorted(totals.items(), key=lambda item: -item[1])]


def write_revenues(folder: Path, found: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "revenue.csv", "country,revenue", found)
    return f"{found[0][0]} brought the most."


PEOPLE = ("Abel", "Berta", "Carla", "Duarte")
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04")


def hours() -> list[tuple[str, str, str, str]]:
    """Person, day, project and hours; Duarte did nothing in February, and a cell may be empty."""
    chance, found = dice(41), []
    for number in range(110):
        person, month = chance.choice(PEOPLE), chance.choice(MONTHS)
        if (person, month) != ("Duarte", "2025-02"):
            amount = "" if number % 17 == 5 else f"{chance.randint(2, 16) / 2:g}"
            found.append((person, f"{month}-{chance.randint(1, 28):02d}", chance.choice(["site", "app"]), amount))
    return found


def write_hours(folder: Path) -> None:
    """The table."""
    write(folder, "hours.csv", "\n".join(["person,date,project,hours", *map(",".join, hours())]) + "\n")


def worked(person: str, month: str) -> float:
    """One cell of the pivot."""
    return sum(float(amount or 0) for who, day, _, amount in hours() if who == person and day.startswith(month))


def pivot_problems(folder: Path, answer: str) -> list[str]:
    """A row for each person, a column for each month; the order is free."""
    header, *body = rows(folder, "pivot.csv", 1 + len(MONTHS)) or [[]]
    if sorted(header[1:]) != list(MONTHS):
        return [f"pivot.csv: the columns are {header}"]
    wanted: list[list[Cell]] = [[person, *(worked(person, month) for month in header[1:])] for person in PEOPLE]
    empty = [f"pivot.csv: no number for {row[0]}" for row in body if not all(map(value, row[1:]))]
    return empty or row_problems("pivot.csv", body, wanted, ordered=False)


def write_pivot(folder: Path, people: tuple[str, ...]) -> str:
    """For these people."""
    body: list[list[Cell]] = [[person, *(worked(person, month) for month in MONTHS)] for person in people]
    write_table(folder, "pivot.csv", "person," + ",".join(MONTHS), body)
    return "pivot.csv is done."


CONTACTS = [
    ("  Ana Reis ", "ana@reis.example", "2025-03-07", "2025-03-07"),
    ("Bo Lind", "", "14/11/2024", "2024-11-14"),
    ("Carl Ott  ", "carl@ott.example", "03/04/2024", "2024-04-03"),
    ("Dina Paz", " dina@paz.example ", "7 Mar 2025", "2025-03-07"),
    ("Eva Lam", "eva@lam.example", "12/01/2023", "2023-01-12"),
    (" Finn Oy", "finn@oy.example", "28 Feb 2024", "2024-02-28"),
    ("Gil Mota", "   ", "2023-08-30", "2023-08-30"),
    ("Hana Ito", "hana@ito.example", "2024-12-01", "2024-12-01"),
    ("Ivo Dias", "ivo@dias.example", "11/10/2022", "2022-10-11"),
    ("Jo Park", "jo@park.example", "1 Sep 2023", "2023-09-01"),
]
CONTACTS_HEADER = "name,email,joined"


def write_contacts(folder: Path) -> None:
    """The table, as three people typed it."""
    write_table(folder, "contacts.csv", CONTACTS_HEADER, [row[:3] for row in CONTACTS])


def clean() -> list[list[Cell]]:
    """The table as it should be."""
    return [[name.strip(), email.strip(), day] for name, email, _, day in CONTACTS if email.strip()]


def contact_problems(folder: Path, answer: str) -> list[str]:
    """The clean table, with its header."""
    header, *body = rows(folder, "contacts_clean.csv", 3) or [[]]
    wrong = [] if header == CONTACTS_HEADER.split(",") else [f"contacts_clean.csv: the columns are {header}"]
    return wrong + row_problems("contacts_clean.csv", body, clean())


def write_clean(folder: Path, month_first: bool) -> str:
    """The clean table, or one where 03/04 is a day in March."""
    swapped = {"2024-04-03": "2024-03-04", "2023-01-12": "2023-12-01", "2022-10-11": "2022-11-10"}
    body = [[name, email, swapped.get(str(day), day) if month_first else day] for name, email, day in clean()]
    write_table(folder, "contacts_clean.csv", CONTACTS_HEADER, body)
    return "contacts_clean.csv is done."


TASKS = [
    Task(
        "revenue-by-country",
        "data",
        "orders.csv has order_id, customer_id and amount (written like 1,250.00), customers.csv has customer_id, name "
        "and country. How much revenue came from each country? Write revenue.csv with the columns country and revenue, "
        "highest revenue first, plain numbers with two decimals. Orders of customers that customers.csv does not know "
        "are left out.",
        write_orders,
        lambda folder, answer: table_problems(folder, "revenue.csv", revenues()),
        lambda folder: write_revenues(folder, revenues()),
        lambda folder: write_revenues(folder, revenues(smallest=100_000)),
    ),
    Task(
        "pivot",
        "data",
        "Make a pivot of hours.csv and save it as pivot.csv: one row per person, one column per month (named like "
        "2025-01), in the cells the sum of the hours. An empty hours cell counts as 0, and where there is nothing at "
        "all write 0.",
        write_hours,
        pivot_problems,
        lambda folder: write_pivot(folder, PEOPLE),
        lambda folder: write_pivot(folder, PEOPLE[:-1]),
    ),
    Task(
        "clean-contacts",
        "data",
        "contacts.csv (name, email, joined) was typed by three people. Please write a clean copy contacts_clean.csv "
        "with the same columns in the same order: blanks around names and addresses removed, rows without an e-mail "
        "address dropped, and every date as YYYY-MM-DD. The dates come as 2025-03-07, as 07/03/2025 (day first) and as "
        "7 Mar 2025.",
        write_contacts,
        contact_problems,
        lambda folder: write_clean(folder, month_first=False),
        lambda folder: write_clean(folder, month_first=True),
    ),
]
