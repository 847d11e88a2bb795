"""A tool in one line, which the parser of replies understands when it is used."""

import json

from tools.mcp import relevance
from tools.mcp.own import SCHEMAS
from tools.mcp.signature import cost, fragment, signature
from tools.replies.calls import ToolCall, tool_calls

DRAW = {
    "name": "h_draw",
    "description": "Draw a shape",
    "parameters": {
        "type": "object",
        "properties": {
            "color": {"type": "string", "enum": ["red", "blue"], "description": "Of its\n border"},
            "points": {"type": "array", "items": {"$ref": "#/$defs/point"}},
            "count": {"type": "integer", "minimum": 1, "default": 2},
            "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "odd": True,
        },
        "required": ["color"],
        "$defs": {
            "point": {"type": "object", "properties": {"x": {"type": "number"}, "next": {"$ref": "#/$defs/point"}}}
        },
    },
}


def test_everything_of_a_schema_is_told() -> None:
    text = signature(DRAW)
    assert text.startswith('h_draw(color: "red"|"blue", points?: [{x?: number, next?: {x?: number, ')
    assert "count?: integer >= 1 = 2, name?: string|null, odd?: any) Draw a shape; color: Of its border" in text
    assert "\n" not in text


def test_the_fragment_costs_less_than_schemas_and_its_form_is_understood() -> None:
    text = fragment(SCHEMAS)
    assert sum(map(cost, SCHEMAS)) < sum(map(relevance.cost, SCHEMAS)) * 0.7
    said = 'I will look.\n{"name": "read_file", "arguments": {"path": "a.txt"}}'
    assert tool_calls(said, [schema["name"] for schema in SCHEMAS]) == [ToolCall("read_file", {"path": "a.txt"})]
    assert json.loads(text.partition("with nothing but ")[2].partition(". The")[0].replace("...", ""))["name"] == "TOOL"
