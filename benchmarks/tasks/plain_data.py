"""Plain questions to one table: a mean, a filter, a sum for each, a new column."""

from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.table import Cell, row_problems, rows, table_problems, write_table
from benchmarks.tasks.task import Task, dice


def reviews() -> list[list[Cell]]:
    """Day, product and stars."""
    chance = dice(211)
    return [
        [f"2025-{1 + n // 20:02d}-{1 + n % 20:02d}", chance.choice(["lamp", "desk", "chair"]), chance.randint(1, 5)]
        for n in range(90)
    ]


def mean_stars(*products: str) -> float:
    """Of these products."""
    stars = [float(count) for _, product, count in reviews() if product in products]
    return sum(stars) / len(stars)


CITIES = ["Porto", "Braga", "Lisboa", "Porto", "Faro"]
PEOPLE = "Abel Bia Caio Dulce Edu Flor Guga Hélio Isa Jaime Lara Mara Nuno Olga Paulo Quim Rosa Sara Tito Vera".split()
MEMBERS_HEADER = "name,city,age,since"


def members() -> list[list[Cell]]:
    """Name, city, age and year of joining; some are just eighteen."""
    chance = dice(212)
    return [
        [name, CITIES[place % len(CITIES)], 18 if place % 7 == 3 else chance.randint(11, 60), 2010 + place % 14]
        for place, name in enumerate(PEOPLE)
    ]


def adults(youngest: int) -> list[list[Cell]]:
    """Those of Porto."""
    return [row for row in members() if row[1] == "Porto" and float(row[2]) >= youngest]


def adult_problems(folder: Path, answer: str) -> list[str]:
    """The rows with their header."""
    header, *body = rows(folder, "porto_adults.csv", 4) or [[]]
    wrong = [] if header == MEMBERS_HEADER.split(",") else [f"porto_adults.csv: the columns are {header}"]
    return wrong + row_problems("porto_adults.csv", body, adults(18), ordered=False)


def write_adults(folder: Path, youngest: int) -> str:
    """The result."""
    write_table(folder, "porto_adults.csv", MEMBERS_HEADER, adults(youngest))
    return f"{len(adults(youngest))} members are in porto_adults.csv."


SHOPS = ("Aveiro", "Braga", "Coimbra", "Évora")


def sold() -> list[tuple[str, str, str, int]]:
    """Day, shop, product and cents."""
    chance = dice(213)
    return [
        (
            f"2025-04-{1 + number % 30:02d}",
            chance.choice(SHOPS),
            chance.choice(["pão", "leite", "queijo"]),
            chance.randint(90, 4000),
        )
        for number in range(80)
    ]


def write_sold(folder: Path) -> None:
    """The table, with semicolons."""
    body: list[list[Cell]] = [[f"{day};{shop};{product};{cents / 100:.2f}"] for day, shop, product, cents in sold()]
    write_table(folder, "vendas.csv", "data;loja;produto;valor", body)


def totals() -> list[list[Cell]]:
    """Shops with their totals, by the alphabet."""
    return [[shop, sum(cents for _, place, _, cents in sold() if place == shop) / 100] for shop in SHOPS]


def ranked() -> list[list[Cell]]:
    """The highest total first."""
    return sorted(totals(), key=lambda row: -float(row[1]))


def write_totals(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "totais.csv", "loja,total", body)
    return "Os totais estão em totais.csv."


ITEMS: list[tuple[str, int, float]] = [
    ("hinge", 12, 1.35),
    ("plank", 7, 8.9),
    ("screws", 250, 0.04),
    ("varnish", 2, 17.25),
    ("brush", 3, 4.6),
    ("sandpaper", 15, 0.79),
    ("handle", 6, 5.15),
    ("lock", 1, 32.5),
]


def invoice(last: int = len(ITEMS)) -> list[list[Cell]]:
    """The items; those after so many have the unit price as their total."""
    return [
        [item, quantity, price, round(quantity * price, 2) if place < last else price]
        for place, (item, quantity, price) in enumerate(ITEMS)
    ]


def write_invoice(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "invoice_total.csv", "item,quantity,unit_price,total", body)
    return "invoice_total.csv has the totals."


TASKS = [
    Task(
        "average-stars",
        "data",
        "reviews.csv has the columns date, product, stars. What is the average number of stars of the product lamp? "
        "Print it with two decimals.",
        lambda folder: write_table(folder, "reviews.csv", "date,product,stars", reviews()),
        lambda folder, answer: number_problems(answer, mean_stars("lamp")),
        lambda folder: f"The lamp has {mean_stars('lamp'):.2f} stars on average.",
        lambda folder: f"The average is {mean_stars('lamp', 'desk', 'chair'):.2f} stars.",
    ),
    Task(
        "members-porto",
        "data",
        "members.csv has the columns name, city, age, since. Write a file porto_adults.csv with the same header and "
        "only those rows where the city is Porto and the age is 18 or more.",
        lambda folder: write_table(folder, "members.csv", MEMBERS_HEADER, members()),
        adult_problems,
        lambda folder: write_adults(folder, 18),
        lambda folder: write_adults(folder, 19),
    ),
    Task(
        "vendas-por-loja",
        "data",
        "O ficheiro vendas.csv tem as colunas data, loja, produto e valor, separadas por ponto e vírgula; os valores "
        "têm ponto decimal (12.50). Calcula o total de cada loja e grava totais.csv com as colunas loja e total, da "
        "loja com o maior total para a que tem o menor.",
        write_sold,
        lambda folder, answer: table_problems(folder, "totais.csv", ranked()),
        lambda folder: write_totals(folder, ranked()),
        lambda folder: write_totals(folder, totals()),
    ),
    Task(
        "invoice-totals",
        "data",
        "invoice.csv has the columns item, quantity, unit_price. Make a copy invoice_total.csv with one more column "
        "total at the end: quantity times unit_price, rounded to two decimals. Keep the order of the rows.",
        lambda folder: write_table(folder, "invoice.csv", "item,quantity,unit_price", ITEMS),
        lambda folder, answer: table_problems(folder, "invoice_total.csv", invoice()),
        lambda folder: write_invoice(folder, invoice()),
        lambda folder: write_invoice(folder, invoice(last=1)),
    ),
]
