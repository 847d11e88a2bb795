"""What a small model is told that it often gets wrong: ways that work for a task, and what an error means."""

import re
import tomllib
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from agents.expectation import NESTED, TABLES, Expectation, suffix

ROOM = 1200
"""Characters of idioms that a prompt is given."""
MOST = 3


@cache
def _entries(name: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name(f"{name}s.toml").read_text(encoding="utf-8")
    return [*tomllib.loads(text)[name]]


def idioms(task: str, expects: Expectation) -> list[str]:
    """The ways that work which `task` calls for, in the language that is expected, as many as there is room for."""
    new = next(iter(expects.creates), "")
    tables = any(suffix(name) in TABLES - NESTED for name in expects.reads)
    names = {"folder": expects.place or ".", "file": next(iter(expects.reads), "x"), "new": new or "x"}
    found: list[str] = []
    for entry in _entries("idiom"):
        fits = entry["language"] == expects.language and entry.get("file", False) == bool(expects.file)
        if (
            not fits
            or (entry.get("unnamed") and expects.reads)
            or entry.get("tables", tables) != tables
            or not re.search(entry["when"], task, re.I)
        ):
            continue
        if len(found) < MOST and len(entry["text"]) + sum(map(len, found)) <= ROOM:
            found.append(Template(entry["text"]).safe_substitute(names))
    return found


def hint(output: str) -> str:
    """What the error at the end of `output` means and what to do instead; empty where that is not known."""
    end = "\n".join(output.strip().splitlines()[-4:])
    return next((str(entry["text"]) for entry in _entries("hint") if re.search(entry["error"], end)), "")
