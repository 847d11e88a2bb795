"""What a model is shown of a folder: right about tables, sparing with what the task does not need, never too long."""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.survey import survey
from tools.workspace import Workspace

BUDGET = 3000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def shown(root: Path, task: str = "", budget: int = BUDGET) -> str:
    text = survey(Workspace(root), budget, task)
    assert len(text) <= budget
    return text


def lines(root: Path, task: str = "") -> list[str]:
    return [line.strip() for line in shown(root, task).splitlines()]


def test_a_table_is_told_by_its_columns(root: Path) -> None:
    rows = [
        f"2024-01-{day:02},{day * 1.5 if day % 5 else ''},0{day:02},{'NS'[day % 2]},name {day}" for day in range(1, 21)
    ]
    (root / "sales.csv").write_text("date,price,zip,region,who\n" + "\n".join(rows), encoding="utf-8")
    assert lines(root, "sum up sales.csv") == [
        "sales.csv: 595 bytes, 20 rows; columns:",
        "date: date YYYY-MM-DD, e.g. 2024-01-01, 2024-01-02",
        "price: number, 4 missing, e.g. 1.5, 3.0",
        "zip: digits with leading zeros, e.g. 001, 002",
        'region: text, one of 2, e.g. "S", "N"',
        'who: text, e.g. "name 1", "name 2"',
        'read it with: df = pd.read_csv("sales.csv", dtype={"zip": str})',
    ]


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        (
            "a.csv",
            b"\xef\xbb\xbfid,x\n1,2\n",
            "a.csv: 12 bytes, 1 row, encoding utf-8-sig; columns:\n  id: integer, e.g. 1\n",
        ),
        ("a.csv", "id;preço\n1;3,14\n".encode("latin-1"), "1 row, separator ';', encoding latin-1"),
        ("a.csv", "id;preço\n1;1.234,50\n".encode(), "preço: number with decimal comma, e.g. 1.234,50"),
        ("a.csv", "id,x\n1,“q”\n".encode("cp1252"), "encoding cp1252"),
        ("a.tsv", "id\tx\n1\ta,b\n".encode("utf-16"), "1 row, separator tab, encoding utf-16"),
        ("a.csv", b"id|x\n1|a;b,c\n2|d\n", "2 rows, separator '|'"),
        (
            "a.csv",
            b'id,text\r\n1,"a\r\nb,c"\r\n2,"d ""e"""\r\n',
            "2 rows; columns:\n  id: integer, e.g. 1, 2\n  text: text",
        ),
        ("a.csv", b"1,2.5\n3,4\n", "2 rows, no header row; columns:\n  column 1: integer, e.g. 1, 3"),
        ("a.csv", b"name,2019,2020\nx,1.5,2\n", "1 row; columns:\n  name: text"),
        ("a.csv", b" a ,b\n1,2\n", '" a ": integer'),
        ("a.csv", b"a,b\n1,2\n1\n1,2,3\n", "2 rows with another number of fields"),
        ("a.csv", b"a\n" + b"5\n" * 9 + b"n/a\noops\n", 'a: mostly integer, 1 missing, e.g. "5", "oops"'),
        ("a.csv", b"word\nx\ny\n", "2 rows; columns:\n  word: text"),
        ("a.csv", b"a\n$1,200\n$5\n", "a: amount of money"),
        ("a.csv", b"a\n\n\n", "0 rows; columns:\n  a: empty"),
        (
            "a.json",
            b'[{"a": 1, "b": {"c": 2}}, {"a": 2.5, "d": true}]',
            "2 rows, JSON list of objects; columns:\n  a: number",
        ),
        ("a.json", b'{"items": [{"x": 1}], "n": 2}', "items: list of 1 object, each with:\n    x: integer"),
        ("a.jsonl", b'{"a": 1}\n{"a": null}\n', "2 rows, one JSON object a line; columns:\n  a: integer, 1 missing"),
        ("a.json", b'{"a": ', 'a.json: 6 bytes, all of it:\n  | {"a": '),
        ("a.py", b"x = 1\n", "a.py:\n```python\nx = 1\n```"),
        ("a.bin", bytes(range(256)), "a.bin: 256 bytes, not text"),
        ("a.txt", b"", "a.txt: 0 bytes, empty"),
        ("a.txt", b"\x1b[31mred\x07\n", "  | \\x1b[31mred\\x07"),
    ],
)
def test_forms_that_models_trip_over_are_told(root: Path, name: str, data: bytes, wanted: str) -> None:
    (root / name).write_bytes(data)
    assert wanted in shown(root, f"read {name}")


def fill(root: Path) -> None:
    (root / "sales.csv").write_text("region,amount\nnorth,1\n", encoding="utf-8")
    (root / "users.json").write_text(json.dumps([{"login": "secretive", "age": 3}]), encoding="utf-8")
    (root / "access.log").write_text("GET /a\n" * 50, encoding="utf-8")
    (root / "fix_me.py").write_text("def f():\n    return 1\n", encoding="utf-8")
    (root / "data").mkdir()
    (root / "data" / "deep.csv").write_text("x,y\n1,2\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("task", "detailed"),
    [
        ("Sum the amounts in sales.csv", {"sales.csv"}),
        ("Convert users.json to a CSV file", {"users.json"}),
        ("look at data/deep.csv", {"data/deep.csv"}),
        ("Fix the bug in fix_me.py so that it returns 2.", {"fix_me.py"}),
        ("what do the sales look like?", {"sales.csv"}),
        ("count the access logs", {"access.log"}),
        ("list every login", {"users.json"}),
        ("total amount per region", {"sales.csv"}),
        ("fix the bug in the program", {"fix_me.py"}),
        ("how many rows do the csv tables have?", {"sales.csv", "data/deep.csv"}),
        ("Quantas linhas tem a tabela?", {"sales.csv", "data/deep.csv"}),
        ("describe the files here", {"sales.csv", "users.json", "access.log", "fix_me.py", "data/deep.csv"}),
        ("Que ficheiros tenho?", {"sales.csv", "users.json", "access.log", "fix_me.py", "data/deep.csv"}),
        ("Compute the sum of the first 100 primes", set()),
        ("Write mysales.csv.bak", set()),
        ("Write the first 20 primes to primes.csv, one per line", set()),
        ("Save the first 20 primes in a CSV file", set()),
        ("Compute e and write it as JSON", set()),
        ("Write a Python script that prints the date", set()),
        ("Write me a function that reverses a string", set()),
        ("Create a folder named x", set()),
        ("Escreve um programa que soma dois números", set()),
        ("Calcula os primos e guarda-os num ficheiro", set()),
        ("", {"sales.csv", "users.json", "access.log", "fix_me.py", "data/deep.csv"}),
    ],
)
def test_only_what_the_task_is_about_is_shown_in_detail(root: Path, task: str, detailed: set[str]) -> None:
    fill(root)
    text = shown(root, task)
    paths = {"sales.csv", "users.json", "access.log", "fix_me.py", "data/deep.csv"}
    assert {path for path in paths if f"{path}: " in text or f"{path}:\n" in text} == detailed
    assert {path for path in paths if f"  {path} (" in text} == paths - detailed


def test_a_pure_computation_sees_no_content(root: Path) -> None:
    fill(root)
    assert "secretive" not in shown(root, "Compute the 30th Fibonacci number")


def test_the_rest_of_the_folder_is_named(root: Path) -> None:
    (root / "empty").mkdir()
    (root / "photos").mkdir()
    for number in range(20):
        (root / "photos" / f"{number}.jpg").write_bytes(b"\0")
    assert lines(root) == ["Files:", "empty (empty folder)", "photos/: 20 files"]
    assert shown(root / "empty") == "The folder is empty."


def folders(root: Path) -> None:
    fill(root)
    for place in ("downloads", "downloads/old", "notes", "data/raw"):
        (root / place).mkdir(parents=True)
    for name in ("Scan.PDF", "b.txt", "c.csv", "old/d.jpg"):
        (root / "downloads" / name).write_bytes(b"abc")
    for name in ("may.md", "june.md", "plan.txt"):
        (root / "notes" / name).write_text(f"about {name}", encoding="utf-8")


def test_the_folder_of_a_task_is_shown_as_a_tree(root: Path) -> None:
    folders(root)
    assert shown(root, "Tidy up the folder downloads so that Scan.PDF ends up in pdf/Scan.PDF").splitlines() == [
        "The folder downloads: 4 files:",
        "  downloads/Scan.PDF (3 bytes)",
        "  downloads/b.txt (3 bytes)",
        "  downloads/c.csv (3 bytes)",
        "  downloads/old/d.jpg (3 bytes)",
        "Other files, to be left alone unless the task needs them:",
        "  access.log (350 bytes)",
        "  data/deep.csv (8 bytes)",
        "  data/raw (empty folder)",
        "  fix_me.py (22 bytes)",
        "  notes/june.md (13 bytes)",
        "  notes/may.md (12 bytes)",
        "  notes/plan.txt (14 bytes)",
        "  sales.csv (22 bytes)",
        "  users.json (34 bytes)",
    ]


def test_contents_of_a_folder_are_shown_where_the_task_is_about_them(root: Path) -> None:
    folders(root)
    text = shown(root, "Replace 'about' by 'on' in all .md files of the folder notes")
    assert "The folder notes: 3 files:" in text
    assert "notes/may.md: 12 bytes, all of it:\n  | about may.md" in text
    assert "notes/plan.txt: " not in text and "users.json: " not in text


def test_a_file_that_is_named_beside_a_folder_is_shown_with_it(root: Path) -> None:
    folders(root)
    text = shown(root, "Copy what sales.csv lists into the folder downloads")
    assert text.startswith("The folder downloads: 4 files:") and "\nsales.csv: 22 bytes, 1 row; columns:" in text
    assert "downloads/c.csv: " not in text


@pytest.mark.parametrize("place", ["data/raw", "the empty folder raw"])
def test_an_empty_folder_is_said_to_be(root: Path, place: str) -> None:
    folders(root)
    assert shown(root, f"What is in {place}?").startswith("The folder data/raw: empty folder\n")


def test_many_files_of_a_folder_are_named_as_far_as_there_is_room(root: Path) -> None:
    for number in range(400):
        place = root / "fotos" / f"{number // 100}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"img_{number:03}.jpg").write_bytes(b"abc")
    text = shown(root, "Na pasta fotos há ficheiros repetidos")
    assert text.splitlines()[0] == "The folder fotos: 400 files (400 .jpg):"
    for folder in range(4):
        assert f"  fotos/{folder}/: 100 files: img_{folder}00.jpg (3 bytes), img_{folder}01.jpg (3 bytes), " in text
    assert text.count("img_") > 60 and " more\n" in text
    for budget in (100, 200, 500, 1000):
        assert shown(root, "Na pasta fotos há ficheiros repetidos", budget)


def test_two_thousand_files_are_looked_at_in_no_time(root: Path) -> None:
    for number in range(2000):
        place = root / f"d{number % 40}"
        place.mkdir(exist_ok=True)
        (place / f"f{number}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for task in ("", "count the files in the folder d3", "what columns do the tables have?", "sum d1/f1.csv"):
        start = time.process_time()
        shown(root, task)
        assert time.process_time() - start < 1


def test_large_tables_are_estimated_in_no_time(root: Path) -> None:
    with (root / "big.csv").open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        for _ in range(100):
            file.write("12345,hello world\n" * 5000)
    start = time.process_time()
    (found,) = [line for line in lines(root, "big.csv") if line.startswith("big.csv")]
    assert time.process_time() - start < 1
    count = int(found.partition("about ")[2].partition(" rows")[0].replace(",", ""))
    assert abs(count - 500_000) < 5_000


def test_a_named_file_keeps_its_place_in_a_small_budget(root: Path) -> None:
    for number in range(200):
        (root / f"other_{number}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (root / "z.csv").write_text(
        ",".join(f"column_{n}" for n in range(300)) + "\n" + ",".join("1" * 300), encoding="utf-8"
    )
    for budget in (0, 10, 100, 300, 1000, 3000):
        text = shown(root, "sum up z.csv", budget)
        assert budget < 100 or text.startswith("z.csv: ")
    assert "and " in text.splitlines()[-1]


def test_too_many_files_are_said_to_be(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (root / f"{number}").touch()
    monkeypatch.setattr("tools.survey._MOST", 10)
    assert lines(root) == ["Files:", ". (folder, too large to list)"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and FIFOs of POSIX")
def test_nothing_is_shown_through_links(root: Path) -> None:
    (root / "outside").write_text("id,secret\n1,2\n", encoding="utf-8")
    inside = root / "inside"
    inside.mkdir()
    (inside / "a.csv").symlink_to("../outside")
    os.mkfifo(inside / "b.csv")
    assert lines(inside, "sum a.csv and b.csv") == ["Files:", "a.csv (link)", "b.csv (not a file)"]


def noise(chance: random.Random) -> bytes:
    pieces = [
        b",",
        b";",
        b"\n",
        b"\r",
        b'"',
        b"\0",
        b"a",
        b"1",
        b"{",
        b"}",
        b"[",
        b"\xff",
        b"\xfe",
        b"\xef\xbb\xbf",
        b"\xc3\xa9",
        b" ",
    ]
    return b"".join(chance.choices(pieces, k=chance.randrange(60)))


MAKERS: list[Callable[[random.Random], bytes]] = [
    noise,
    lambda chance: chance.randbytes(200),
    lambda chance: b"[" * 100_000,
    lambda chance: b'{"a":' * 50_000,
    lambda chance: b"a," * 100_000,
    lambda chance: b'"' + b"x" * 300_000,
    lambda chance: b"9" * 10_000,
    lambda chance: json.dumps([{"a" * 500: "b" * 500, "": 1}, {"c": [{}]}]).encode(),
]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".txt", ".log", ".py", ".db", ""])
def test_no_content_breaks_it(root: Path, suffix: str) -> None:
    chance = random.Random(suffix)
    for number in range(60):
        maker = MAKERS[number % len(MAKERS)] if number < 2 * len(MAKERS) else noise
        (root / f"a{suffix}").write_bytes(maker(chance))
        text = shown(root, f"a{suffix}", 1500)
        assert all(char.isprintable() or char in "\n\t" for char in text)


@pytest.mark.parametrize(
    ("line", "lines"),
    [('10.0.0.7 - - [02/May/2025:08:15:30 +0000] "GET / HTTP/1.1" 200 512', 4), ("short", 12), ("x" * 150, 6)],
)
def test_of_a_text_no_more_is_shown_than_tells_what_it_is_like(root: Path, line: str, lines: int) -> None:
    (root / "a.log").write_text(f"{line}\n" * 99, encoding="utf-8")
    assert shown(root, "read a.log").count("  | ") == lines
