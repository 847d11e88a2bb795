"""Which tables of a database belong together."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agents.checks import expected
from agents.knowledge import idioms
from agents.relations import joins
from tools.databases import database
from tools.workspace import Workspace


def made(place: Path, *schema: str) -> Path:
    """A database of these tables, each with a row of nothing."""
    with closing(sqlite3.connect(place)) as connection, connection:
        for each in schema:
            connection.execute(f"CREATE TABLE {each}")
    return place


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (
            ["customers (id INTEGER PRIMARY KEY, name)", "orders (id, customer_id, cents)"],
            ["orders.customer_id = customers.id"],
        ),
        (["cliente (id INTEGER PRIMARY KEY)", "pedidos (n, id_cliente)"], ["pedidos.id_cliente = cliente.id"]),
        (["City (cityId INTEGER PRIMARY KEY)", "shop (n, cityId)"], ["shop.cityId = City.cityId"]),
        (["cities (id INTEGER PRIMARY KEY)", "shops (n, city_id)"], ["shops.city_id = cities.id"]),
        (["book (isbn TEXT PRIMARY KEY, title)", "loan (id, isbn)"], ["loan.isbn = book.isbn"]),
        (["a (key INTEGER PRIMARY KEY)", "b (x REFERENCES a (key))"], ["b.x = a.key"]),
        (
            ["p (id INTEGER PRIMARY KEY)", "c (id INTEGER PRIMARY KEY, p_id)", "d (c_id)"],
            ["c.p_id = p.id", "d.c_id = c.id"],
        ),
    ],
)
def test_tables_belong_together_by_their_keys(tmp_path: Path, schema: list[str], told: list[str]) -> None:
    found = database(made(tmp_path / "a.db", *schema).read_bytes(), whole=True)
    assert found and [each.partition(" ON ")[2] for each in joins(found)] == told
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for each in joins(found):
            connection.execute(f"SELECT * FROM {each}")


def test_a_table_alone_is_told_and_a_name_that_could_be_more_is_not(tmp_path: Path) -> None:
    for number, (schema, told) in enumerate({"notes (id, text)": ["notes"], '"a; DROP TABLE b" (id)': []}.items()):
        found = database(made(tmp_path / f"{number}.db", schema).read_bytes(), whole=True)
        assert found and joins(found) == told


def test_what_reads_a_database_is_shown_how_with_its_tables(tmp_path: Path) -> None:
    made(tmp_path / "shop.db", "customers (id INTEGER PRIMARY KEY, name)", "orders (id, customer_id, cents)")
    for task in (
        "Who spent most? See shop.db",
        "List the customers of the database by name",
        "Raise all cents of shop.db",
    ):
        ways = "".join(idioms(task, expected(task, Workspace(tmp_path))))
        assert 'sqlite3.connect("shop.db")' in ways and "FROM customers JOIN orders ON orders.customer_id" in ways
    task = "Write the first ten primes to primes.txt"
    assert "sqlite3" not in "".join(idioms(task, expected(task, Workspace(tmp_path))))
