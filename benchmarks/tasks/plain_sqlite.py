"""Databases: a count, a sum for each, a table made of a file."""

from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.sqlite import Row, ask, create
from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice

CLIENTS = "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, city TEXT, email TEXT);"


def clients() -> list[Row]:
    """Number, name, city and address; the cities are written in one way."""
    chance = dice(251)
    cities = [chance.choice(["Lisbon", "Porto", "Lisbon", "Braga", "Faro"]) for _ in range(70)]
    return [(n, f"Client {n}", city, f"c{n}@mail.example") for n, city in enumerate(cities, 1)]


def living(*cities: str) -> int:
    """How many live there."""
    return sum(row[2] in cities for row in clients())


SCHOOL = """
CREATE TABLE teachers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE courses (id INTEGER PRIMARY KEY, title TEXT, teacher_id INTEGER, hours INTEGER);
"""
TEACHERS: list[Row] = [(1, "Salgado"), (2, "Brandt"), (3, "Moreau"), (4, "Aziz")]
COURSES: list[Row] = [
    (1, "Algebra", 2, 48),
    (2, "Botany", 1, 30),
    (3, "Chemistry", 3, 42),
    (4, "Drawing", 4, 16),
    (5, "Economics", 2, 24),
    (6, "French", 3, 60),
    (7, "Geometry", 2, 20),
    (8, "History", 4, 36),
    (9, "Zoology", 1, 28),
]
HOURS = """
SELECT name, {total} FROM teachers JOIN courses ON courses.teacher_id = teachers.id GROUP BY name ORDER BY name
"""


def taught() -> list[list[Cell]]:
    """Teachers with their hours, by name."""
    found: dict[str, int] = {}
    for number, name in TEACHERS:
        found[str(name)] = sum(int(str(row[3])) for row in COURSES if row[2] == number)
    return [[name, hours] for name, hours in sorted(found.items())]


def write_taught(folder: Path, total: str) -> str:
    """The result, with such a column."""
    body = [list(map(str, row)) for row in ask(folder, "school.db", HOURS.format(total=total))]
    write_table(folder, "hours.csv", "name,hours", body)
    return "hours.csv is done."


BOOKS: list[tuple[str, str, int]] = [
    ("Os Maias", "Eça de Queirós", 1888),
    ("Mensagem", "Fernando Pessoa", 1934),
    ("Memorial do Convento", "José Saramago", 1982),
    ("Amor de Perdição", "Camilo Castelo Branco", 1862),
    ("Os Lusíadas", "Luís de Camões", 1572),
    ("A Sibila", "Agustina Bessa-Luís", 1954),
    ("Sinais de Fogo", "Jorge de Sena", 1979),
    ("Livro Sexto", "Sophia de Mello Breyner", 1962),
]
BOOK_TABLE = "CREATE TABLE livros (titulo TEXT, autor TEXT, ano INTEGER);"


def book_problems(folder: Path, answer: str) -> list[str]:
    """The rows of the new table, in any order."""
    found = ask(folder, "livros.db", "SELECT titulo, autor, ano FROM livros")
    missing = [f"livros.db: no {book}" for book in BOOKS if book not in found]
    return missing + [f"livros.db: {len(found)} rows"] * (len(found) != len(BOOKS))


def load_books(folder: Path, *more: Row) -> str:
    """The table made, with other rows in front."""
    create(folder, "livros.db", BOOK_TABLE, {"livros": [*more, *BOOKS]})
    return "A tabela livros está em livros.db."


TASKS = [
    Task(
        "clients-lisbon",
        "sqlite",
        "clients.db is an SQLite database with the table clients (id, name, city, email). How many clients live in "
        "the city Lisbon?",
        lambda folder: create(folder, "clients.db", CLIENTS, {"clients": clients()}),
        lambda folder, answer: number_problems(answer, living("Lisbon")),
        lambda folder: f"{living('Lisbon')} clients live in Lisbon.",
        lambda folder: f"{living('Lisbon', 'Porto', 'Braga', 'Faro')} clients live in Lisbon.",
    ),
    Task(
        "teacher-hours",
        "sqlite",
        "school.db is an SQLite database with the tables teachers (id, name) and courses (id, title, teacher_id, "
        "hours). Write hours.csv with the columns name and hours: for each teacher the sum of the hours of their "
        "courses, sorted by name.",
        lambda folder: create(folder, "school.db", SCHOOL, {"teachers": TEACHERS, "courses": COURSES}),
        lambda folder, answer: table_problems(folder, "hours.csv", taught()),
        lambda folder: write_taught(folder, "SUM(hours)"),
        lambda folder: write_taught(folder, "COUNT(*)"),
    ),
    Task(
        "livros-db",
        "sqlite",
        "O ficheiro livros.csv tem as colunas titulo, autor e ano (a primeira linha é o cabeçalho). Cria a base de "
        "dados SQLite livros.db com uma tabela livros (titulo TEXT, autor TEXT, ano INTEGER) e insere nela todas as "
        "linhas do ficheiro.",
        lambda folder: write_table(folder, "livros.csv", "titulo,autor,ano", BOOKS),
        book_problems,
        load_books,
        lambda folder: load_books(folder, ("titulo", "autor", "ano")),
    ),
]
