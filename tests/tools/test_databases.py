"""SQLite databases are told by their tables, and read without trust: no content breaks, hangs or runs anything."""

import random
import sqlite3
import struct
import time
from contextlib import closing
from pathlib import Path

import pytest

from tools.databases import LIMIT, MAGIC, Database, database
from tools.survey import survey
from tools.workspace import Workspace

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), day TEXT, cents, note TEXT,
                     euros REAL GENERATED ALWAYS AS (cents / 100.0) VIRTUAL);
CREATE TABLE "odd ""name" (a, b BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE VIEW cheap AS SELECT * FROM orders WHERE cents < 10;
CREATE INDEX by_day ON orders (day);
INSERT INTO customers VALUES (1, 'Ana', 'Porto'), (2, 'Rui', 'Faro'), (3, 'Bo', 'Porto');
INSERT INTO orders (customer_id, day, cents, note) VALUES (1, '2024-05-03', 120, 'x'), (2, '2024-05-04', 'many', NULL);
INSERT INTO "odd ""name" VALUES (1, x'0011');
"""


def made(path: Path, script: str = SCHEMA) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
        connection.commit()
    return path.read_bytes()


def read(data: bytes) -> Database:
    found = database(data, whole=True)
    assert found
    return found


def test_tables_are_shown_with_columns_keys_and_values(tmp_path: Path) -> None:
    made(tmp_path / "shop.db")
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    assert survey(Workspace(tmp_path), 3000, "Who spent most, by shop.db?").splitlines() == [
        "shop.db: 20.5 KB, SQLite database, 3 tables:",
        "  table customers, 3 rows:",
        "    id INTEGER, primary key, e.g. 1, 2",
        '    name TEXT, e.g. "Ana", "Rui"',
        '    city TEXT, values "Porto", "Faro"',
        "  table orders, 2 rows:",
        "    id INTEGER, primary key, e.g. 1, 2",
        "    customer_id INTEGER, refers to customers.id, e.g. 1, 2",
        '    day TEXT, date YYYY-MM-DD, e.g. "2024-05-03", "2024-05-04"',
        '    cents, some are text, e.g. 120, "many"',
        '    note TEXT, some NULL, values "x"',
        '  table odd "name, 1 row:',
        "    a, part of the primary key, e.g. 1",
        "    b BLOB, part of the primary key, e.g. 2 bytes",
        "  also: cheap (view)",
        "Other files, to be left alone unless the task needs them:",
        "  other.txt (1 byte)",
    ]


@pytest.mark.parametrize("task", ["How many customers are there?", "What is in the database?", "Lista a base de dados"])
def test_a_database_is_found_by_its_tables_and_kind(tmp_path: Path, task: str) -> None:
    made(tmp_path / "x.sqlite3")
    (tmp_path / "a.csv").write_text("u,v\n1,2\n", encoding="utf-8")
    assert survey(Workspace(tmp_path), 3000, task).startswith("x.sqlite3: 20.5 KB, SQLite database, 3 tables")


def test_a_database_of_any_name_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    made(tmp_path / "History")
    (tmp_path / "a.db").write_bytes(b"no database")
    text = survey(Workspace(tmp_path), 3000, "look at History and a.db")
    assert "History: 20.5 KB, SQLite database" in text and "a.db: 11 bytes, all of it:" in text


def test_many_tables_stay_within_the_room(tmp_path: Path) -> None:
    made(tmp_path / "a.db", "".join(f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY, label_{n} TEXT);" for n in range(60)))
    for budget in (200, 1000, 2500, 4000, 20_000):
        text = survey(Workspace(tmp_path), budget, "read a.db")
        assert len(text) <= budget and text.startswith("a.db: ") and "60 tables" in text
    assert "    label_59 TEXT" in survey(Workspace(tmp_path), 20_000, "read a.db")
    assert "  table t59, 0 rows: id INTEGER, label_59 TEXT" in survey(Workspace(tmp_path), 4000, "read a.db")
    assert "  table t59: id, label_59" in survey(Workspace(tmp_path), 2500, "read a.db")


def test_a_log_beside_the_database_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO customers VALUES (4, 'new', 'new')")
        connection.commit()
        text = survey(Workspace(tmp_path), 3000, "read a.db")
    assert "table customers, 3 rows" in text and "the newest changes lie in a.db-wal" in text
    assert "a.db-wal:" not in survey(Workspace(tmp_path), 3000, "read a.db")


def test_a_large_database_is_read_from_its_beginning(tmp_path: Path) -> None:
    rows = (
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO big SELECT i, zeroblob(2000)"
    )
    data = made(tmp_path / "a.db", f"CREATE TABLE big (id INTEGER PRIMARY KEY, rest BLOB); {rows} FROM n;")
    assert len(data) > LIMIT
    start = time.process_time()
    text = survey(Workspace(tmp_path), 3000, "read a.db")
    assert time.process_time() - start < 3
    assert "only its beginning is read" in text and "id INTEGER, primary key, e.g. 1, 2" in text


def test_nothing_that_a_schema_defines_is_run(tmp_path: Path) -> None:
    endless = "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    made(tmp_path / "a.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE TABLE copy (a);")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_schema SET type = 'view', rootpage = 0, sql = ? WHERE name = 'copy'",
            (f"CREATE VIEW copy AS {endless}",),
        )
        connection.commit()
    start = time.monotonic()
    found = read((tmp_path / "a.db").read_bytes())
    assert time.monotonic() - start < 10
    assert [(each.name, each.kind, each.rows) for each in found.relations] == [
        ("t", "table", 1),
        ("copy", "view", None),
    ]


def test_pages_that_lead_back_to_each_other_cost_a_bounded_time(tmp_path: Path) -> None:
    """Twenty levels of inner pages, each with hundreds of ways to the next: a plain count would take years."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size=4096")
        connection.executescript("CREATE TABLE t (a); CREATE TABLE filler (a);")
        connection.execute("INSERT INTO filler VALUES (zeroblob(200000))")
        connection.commit()
    image = bytearray(path.read_bytes())
    for page in range(2, 20):
        cells = 300
        body = bytearray(4096)
        struct.pack_into(">BHHHBI", body, 0, 5, 0, cells, 4096 - cells * 5, 0, page + 1)
        for cell in range(cells):
            at = 4096 - (cell + 1) * 5
            struct.pack_into(">H", body, 12 + cell * 2, at)
            struct.pack_into(">IB", body, at, page + 1, 1)
        image[(page - 1) * 4096 : page * 4096] = body
    leaf = struct.pack(">BHHHBH", 13, 0, 1, 4092, 0, 4092).ljust(4092, b"\0") + bytes([2, 1, 2, 0])
    image[19 * 4096 : 20 * 4096] = leaf
    start = time.monotonic()
    table = read(bytes(image)).relations[0]
    assert time.monotonic() - start < 60
    assert (table.name, table.rows) == ("t", None)


@pytest.mark.parametrize("seed", range(6))
def test_broken_databases_never_raise_nor_hang(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    good = made(tmp_path / "a.db", SCHEMA + "INSERT INTO customers (name) VALUES (zeroblob(9000));")
    start, read_anyway = time.monotonic(), 0
    for _ in range(100):
        data = bytearray(good)
        for _ in range(chance.choice([1, 3, 30, 300])):
            page = chance.choice([0, chance.randrange(len(data) // 4096)]) * 4096
            spot = page + chance.choice([chance.randrange(100), chance.randrange(4096)])
            data[spot] = chance.choice([0, 255, 1, 5, 13, chance.randrange(256)])
        data[:16] = MAGIC
        cut = bytes(data[: chance.choice([len(data), chance.randrange(16, len(data))])])
        (tmp_path / "b.db").write_bytes(cut)
        read_anyway += database(cut, whole=chance.random() < 0.8) is not None
        text = survey(Workspace(tmp_path), 2000, "read b.db")
        assert text.startswith("b.db: ") and all(char.isprintable() or char in "\n\t" for char in text)
    assert time.monotonic() - start < 300 and read_anyway > 10
