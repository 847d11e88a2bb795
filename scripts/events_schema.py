#!/usr/bin/env python3
"""Write docs/events.schema.json: the lines that `commander --json` prints, from the classes in tools/events.py.

uv run python scripts/events_schema.py
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tools.events import Event, State

PLACE = Path(__file__).resolve().parent.parent / "docs" / "events.schema.json"
JOURNALLED = {State}
"""Never printed."""


def main() -> int:
    """Write it."""
    PLACE.write_text(text(), encoding="utf-8", newline="\n")
    print(f"wrote {PLACE}")
    return 0


def text() -> str:
    """What the file is to hold."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """A line is one of these; a later version may have more of them, and more fields in each."""
    kinds = {each.kind: event(each) for each in Event.__subclasses__() if each not in JOURNALLED}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of commander --json",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds],
        "$defs": kinds,
    }


def event(kind: type[Event]) -> dict[str, Any]:
    """One kind; every field is always there, those with a default too."""
    made = TypeAdapter(kind).json_schema(mode="serialization")
    fields = {"kind": {"const": kind.kind}} | {name: plain(field) for name, field in made["properties"].items()}
    return {"description": made["description"], "type": "object", "properties": fields, "required": [*fields]}


def plain(field: dict[str, Any]) -> dict[str, Any]:
    """The field without its title, which only repeats its name, and without a default, which no line leaves out."""
    return {key: value for key, value in field.items() if key not in {"title", "default"}}


if __name__ == "__main__":
    sys.exit(main())
