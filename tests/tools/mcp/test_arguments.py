"""Arguments are checked before the call, and the error says how to call it right."""

import time
from typing import Any

import pytest

from tools.mcp.arguments import fitted, problem, unsound

BOMB = {
    "allOf": [{"$ref": "#/$defs/d0"}],
    "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)} | {"d40": {}},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "count": {"type": "integer", "minimum": 1},
        "deep": {"type": "array", "items": {"$ref": "#/$defs/point"}},
        "color": {"enum": ["red", "blue"]},
        "flag": {"type": ["boolean", "null"]},
    },
    "required": ["path"],
    "additionalProperties": False,
    "$defs": {"point": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}},
}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"path": "a"}, ""),
        ({"path": "a", "count": 2, "deep": [{"x": 1}], "color": "red", "flag": None}, ""),
        ({}, "'path' is a required property. Wanted: path (string, required), count (integer), "),
        ({"path": 3}, "path: 3 is not of type 'string'. Wanted: "),
        ({"path": "a", "count": 0}, "count: 0 is less than the minimum of 1. "),
        ({"path": "a", "deep": [{"x": 1}, {"y": 2}]}, "deep.1: 'x' is a required property. "),
        ({"path": "a", "color": "green"}, "color: 'green' is not one of ['red', 'blue']. "),
        ({"path": "a", "pth": 1}, "('pth' was unexpected). "),
    ],
)
def test_one_line_tells_what_is_wrong_and_what_is_wanted(arguments: dict[str, Any], said: str) -> None:
    found = problem(SCHEMA, arguments)
    assert said in found
    assert bool(found) is bool(said)
    assert "\n" not in found
    assert len(found) < 1200
    if found:
        assert "color (red|blue)" in found


def test_a_long_wrong_value_does_not_fill_the_prompt() -> None:
    assert len(problem(SCHEMA, {"path": ["x" * 100_000]})) < 600


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"count": "3"}, {"count": 3}),
        ({"flag": "True"}, {"flag": True}),
        ({"deep": '[{"x": 1}]'}, {"deep": [{"x": 1}]}),
        ({"path": "3"}, {"path": "3"}),
        ({"count": "three"}, {"count": "three"}),
        ({"color": "1"}, {"color": "1"}),
        ({"other": "1"}, {"other": "1"}),
    ],
)
def test_strings_are_read_as_what_is_wanted(given: dict[str, Any], read: dict[str, Any]) -> None:
    assert fitted(SCHEMA, given) == read


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (SCHEMA, ""),
        ({}, ""),
        ({"type": "objekt"}, "objekt"),
        ({"type": "string"}, "it takes no object"),
        ({"$ref": "#"}, "references lead nowhere"),
        (BOMB, "references lead nowhere"),
        ({"properties": {"a": {"$ref": "#/$defs/absent"}}}, "references lead nowhere"),
        ({"properties": {"a": {"$ref": "http://127.0.0.1:9/a"}}}, "it refers to http://127.0.0.1:9/a"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "it refers to file:///etc/passwd"),
    ],
)
def test_a_schema_that_cannot_be_checked_is_told(schema: dict[str, Any], why: str) -> None:
    found = unsound(schema)
    assert why in found
    assert bool(found) is bool(why)


def test_a_server_s_patterns_are_not_run_over_our_words() -> None:
    evil = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    begun = time.monotonic()
    assert problem(evil, {"a": "a" * 40 + "!"}) == ""
    assert problem({"patternProperties": {"^(a+)+$": {}}, "additionalProperties": True}, {"a" * 40 + "!": 1}) == ""
    assert time.monotonic() - begun < 30
