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
MEANS = re.compile(r"\b(?:average|mean|avg|m[ée]dia)s?\b", re.I)
KEY = re.compile(r"(?:^|_)id$|Id$", re.I)
DOWN = re.compile(r"\b(?:highest|largest|biggest|most|top|descend\w*|decrescente|maior\w*|mais)\b", re.I)
KINDS = ("csv", "json", "png")
"""Endings of files that are made, for which idioms have a name."""


@cache
def _entries(name: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name(f"{name}s.toml").read_text(encoding="utf-8")
    return [*tomllib.loads(text)[name]]


def idioms(task: str, expects: Expectation) -> list[str]:
    """The ways that work which `task` calls for, in the language that is expected, as many as there is room for."""
    made = {kind: next((name for name in expects.creates if suffix(name) == f".{kind}"), "") for kind in KINDS}
    names = stands(task, expects, made)
    spoken = re.sub(rf"(?<![\w.]){re.escape(expects.place)}(?![\w.])", " ", task) if expects.place else task
    found: list[str] = []
    groups: set[str] = set()
    for entry in _entries("idiom"):
        room = len(found) < MOST and len(entry["text"]) + sum(map(len, found)) <= ROOM
        fits = entry.get("group") not in groups and _fits(entry, expects, made)
        if room and fits and re.search(entry["when"], spoken, re.I):
            found.append(Template(entry["text"]).safe_substitute(names))
            if entry.get("alone"):
                break
            groups |= {entry["group"]} if "group" in entry else set()
    return found


def stands(task: str, expects: Expectation, made: dict[str, str]) -> dict[str, str]:
    """What stands in the idioms for the names that are written with a dollar."""
    how = "mean" if MEANS.search(task) else "sum"
    found = {"folder": expects.place or ".", "file": next(iter(expects.reads), "x"), "how": how}
    found |= {kind: name or f"x.{kind}" for kind, name in made.items()} | columns(task, expects)
    found |= {"second": (*expects.reads, "x", "x")[1], "join": expects.join or 'on="key"'}
    found["sort"] = f'.sort_values("{found["value"]}", ascending=False)' if DOWN.search(task) else ""
    found["table"] = "both" if expects.join else "df"
    told = dict(expects.headings).get(made["csv"], ())
    plain = (found["word"], how) if expects.columns else ("name", "count")
    for name, names in {"columns": plain, "months": ("month", how)}.items():
        found[name] = ", ".join(f'"{each}"' for each in (told if len(told) == 2 else names))
    return found


def columns(task: str, expects: Expectation) -> dict[str, str]:
    """Names of columns for the idioms: those of the table that is read which the task speaks of."""
    spoken = [column for column in expects.columns if re.search(rf"\b{re.escape(column[0])}", task, re.I)]
    numbers = [name for name, kind in spoken if kind.startswith(("integer", "number")) and not KEY.search(name)]
    numbers += ["a", "b"]
    words = [*(name for name, kind in spoken if kind.startswith("text")), "g"]
    dates = [*(name for name, kind in [*spoken, *expects.columns] if kind.startswith("date")), "date"]
    value = "total" if expects.products else numbers[0]
    return {"number": numbers[0], "other": numbers[1], "word": words[0], "date": dates[0], "value": value}


def _fits(entry: dict[str, Any], expects: Expectation, made: dict[str, str]) -> bool:
    """Whether an idiom is for what the task reads and makes, whatever its words."""
    read = sum(suffix(name) in TABLES - NESTED for name in expects.reads)
    tables = read > 0
    return (
        entry["language"] == expects.language
        and entry.get("file", False) == bool(expects.file)
        and not (entry.get("unnamed") and (expects.reads or not expects.folder))
        and entry.get("tables", tables) == tables
        and read >= 2 * entry.get("two", False)
        and bool(made.get(entry.get("makes", ""), True))
    )


def hint(output: str) -> str:
    """What the error at the end of `output` means and what to do instead; empty where that is not known."""
    end = "\n".join(output.strip().splitlines()[-4:])
    return next((str(entry["text"]) for entry in _entries("hint") if re.search(entry["error"], end)), "")
