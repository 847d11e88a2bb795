"""JSON is told as it is nested: what objects hold, what lists hold, which keys are data."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.survey import survey
from tools.workspace import Workspace


def lines(root: Path, text: str, name: str = "a.json") -> list[str]:
    (root / name).write_text(text, encoding="utf-8")
    return survey(Workspace(root), 4000, f"read {name}").splitlines()


def told(root: Path, value: Any) -> list[str]:
    first, *rest = lines(root, json.dumps(value))
    return [first.partition(", ")[2], *rest]


def test_objects_and_lists_are_told_with_types_and_examples(tmp_path: Path) -> None:
    items = [{"sku": "A-1", "quantity": 3, "price": 9.5}, {"sku": "B-2", "quantity": 4, "price": "4.20"}]
    warehouses = [{"city": "Porto", "items": items}, {"city": "Braga", "items": items[:1]}]
    assert told(tmp_path, {"currency": "EUR", "warehouses": warehouses}) == [
        "one JSON object; keys:",
        '  currency: text, e.g. "EUR"',
        "  warehouses: list of 2 objects, each with:",
        '    city: text, e.g. "Porto", "Braga"',
        "    items: list of 1 to 2 objects, each with:",
        '      sku: text, e.g. "A-1", "B-2"',
        "      quantity: integer, e.g. 3, 4",
        '      price: number, some are text that float() reads, e.g. 9.5, "4.20"',
    ]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ([{"a": 1}, {"a": None}], ["2 rows, JSON list of objects; columns:", "  a: integer, 1 missing, e.g. 1"]),
        ([{"a": 1}, {"b": True}], ["a: integer, 1 missing, e.g. 1", "b: boolean, 1 missing, e.g. true"]),
        ({"a": None, "b": [], "c": {}}, ["a: null", "b: empty list", "c: object"]),
        ({"a": ["x", "y"], "b": [1, 2, 3]}, ['a: list of 2, each text, e.g. "x", "y"', "b: list of 3, each integer"]),
        ({"a": {"b": {"c": {"d": 1}}}}, ["a: object with:", "b: object with:", "c: object with d"]),
        ({"a": "12"}, ['a: text that holds: integer, e.g. "12"']),
        ({"a": "2024-05-01"}, ['a: text that holds: date YYYY-MM-DD, e.g. "2024-05-01"']),
        ({"a": "none", "b": ""}, ['a: text, e.g. "none"', 'b: text, e.g. ""']),
        ([{"a": 1}, {"a": [1]}], ["a: integer or list, e.g. 1"]),
        ([{"a": 1}, {"a": "x"}], ['a: integer, some are text, e.g. 1, "x"']),
        ([{"a": True}, {"a": "yes"}], ['a: boolean or text, e.g. true, "yes"']),
        ([1, 2, 3], ["3 rows, JSON list; columns:", "  each: integer, e.g. 1, 2"]),
        ([[1, 2], [3, 4]], ["each: list of 2, each integer, e.g. 1, 2"]),
        ({"a": [[{"x": 1}]]}, ["a: list of 1, each list of 1 object, each with:", "x: integer, e.g. 1"]),
        ([{f"c{n}": "x" for n in range(50)}] * 3, ["3 rows", '  c0: text, e.g. "x"', '  c39: text, e.g. "x"']),
        ({"a": 'say "x"\ny'}, ['a: text, e.g. "say \\"x\\"\\ny"']),
    ],
)
def test_forms_of_json(tmp_path: Path, value: Any, wanted: list[str]) -> None:
    text = "\n".join(told(tmp_path, value))
    assert [line for line in wanted if line not in text] == []


def test_keys_that_are_data_are_said_to_be(tmp_path: Path) -> None:
    people = {f"user{n}": {"age": n, "city": "Porto"} for n in range(45)}
    assert told(tmp_path, people) == [
        "one JSON object; keys:",
        '  45 keys that are data, such as "user0", "user1"; each: object with:',
        "    age: integer, e.g. 0, 1",
        '    city: text, always the same, e.g. "Porto"',
    ]
    assert told(tmp_path, {"stock": {f"A-{n}": n for n in range(45)}})[1:] == [
        "  stock: object with:",
        '    45 keys that are data, such as "A-0", "A-1"; each: integer, e.g. 0, 1',
    ]
    assert told(tmp_path, {"host": "a", "port": "b", "user": "c", "path": "d"})[1] == '  host: text, e.g. "a"'


def test_lines_of_json_with_some_that_are_none(tmp_path: Path) -> None:
    good = "".join(f'{{"id": {n}, "user": {{"name": "u{n}"}}}}\n' for n in range(10))
    assert lines(tmp_path, good + '{"id": \nnonsense\n[1]\n\n', "a.jsonl") == [
        "a.jsonl: 362 bytes, 10 rows, one JSON object a line, 3 lines are no JSON objects: skip them; columns:",
        "  id: integer, e.g. 0, 1",
        "  user: object with:",
        '    name: text, e.g. "u0", "u1"',
    ]
    assert "1 line is no JSON object: skip it" in lines(tmp_path, good + "x\n", "a.ndjson")[0]
    assert "10 rows, one JSON object a line; columns:" in lines(tmp_path, good, "b.json")[0]
    assert "begins" in lines(tmp_path, 'x\ny\nz\n{"a": 1}\n' * 5, "b.jsonl")[0]


def test_many_keys_stay_within_the_room(tmp_path: Path) -> None:
    value = {f"key {n}": {"a": n, f"b{n}": {"c": [{"d": 1}]}} for n in range(300)}
    (tmp_path / "a.json").write_text(json.dumps(value), encoding="utf-8")
    for budget in (100, 500, 3000):
        assert len(survey(Workspace(tmp_path), budget, "read a.json")) <= budget
