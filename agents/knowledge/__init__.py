"""What a small model is told that it often gets wrong: ways that work for a task, and what an error means."""

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from agents.expectation import NESTED, TABLES, Expectation, suffix
from agents.ordering import KEEPS, asked
from agents.weights import Weights, chances, weights, with_sentences, words
from agents.wording import LOWERED

ROOM = 1200
"""Characters of idioms that a prompt is given."""
MOST = 3
LIKELY = 0.18
"""From which likelihood on a way is shown."""
MEANS = re.compile(r"\b(?:average|mean|avg|m[ée]dia)s?\b", re.I)
EACH = r"(?:each|every|per|by|cada|por)"
KEY = re.compile(r"(?:^|_)id$|Id$", re.I)
OLDEST = re.compile(
    r"\b(?:oldest|earliest|first commit) (?:\w+ )?first\b|\boldest (?:one )?to\b|"
    r"\bchronolog\w+|\bfrom the (?:first|oldest)\b|"
    r"\bmais (?:antig|velh)\w+ (?:para|pro|ao?|primeiro|em primeiro)\b|\bcronol[óo]g\w+",
    re.I,
)
DOWN = re.compile(r"\b(?:highest|largest|biggest|most|top|descend\w*|decrescente|maior\w*|mais)\b", re.I)
SORTED = re.compile(r"\b(?:sort\w*|alphabetical\w*|order(?:ed)?|orden\w+|ordem|alfab[ée]tic\w+)\b", re.I)
_DEFINED = re.compile(
    r"\b(?:functions?|methods?|class|fun[çc][ãa]o|m[ée]todo|classe) [`'\"]?"
    r"(?!(?:that|which|to|in|of|was|were|is|called|named|from|que|de|para|chamad[oa]|foi)\b)([A-Za-z_]\w+)",
    re.I,
)
_QUOTED = re.compile(r"(?<!\w)(?:'([^'\n]{2,80})'|\"([^\"\n]{2,80})\"|`([^`\n]{2,80})`|«([^»\n]{2,80})»)(?!\w)")
_IDENTIFIER = re.compile(r"(?<![\w./-])((?:[A-Za-z]+_\w+|--[\w-]+))(?![\w/]|\.\w)")
_LOADS = "df = pd.read_csv("
KINDS = ("csv", "json", "png", "txt", "md", "zip", "db")
"""Endings of files that are made, for which idioms have a name."""


@cache
def entries(name: str) -> list[dict[str, Any]]:
    """What is known of this kind: `idiom` or `hint`."""
    text = Path(__file__).with_name(f"{name}s.toml").read_text(encoding="utf-8")
    return [*tomllib.loads(text)[name]]


def idioms(task: str, expects: Expectation) -> list[str]:
    """The ways that work which `task` calls for, in the language that is expected, as many as there is room for."""
    known = {entry["name"]: entry for entry in entries("idiom") if _fits(entry, expects)}
    wished = [] if expects.shared else likely(fitting(expects), features(task, expects), weights("ways"))
    shown: list[str] = []
    given = [name for name, entry in known.items() if entry.get("database") or entry.get("shared")]
    for name in [*given, *wished, *(name for name, entry in known.items() if entry.get("always"))]:
        if len(shown) < MOST and sum(len(known[each]["text"]) for each in [*shown, name]) <= ROOM:
            shown.append(name)
    stand = stands(task, expects) | _together([known[name] for name in shown])
    return [Template(entry["text"]).safe_substitute(stand) for name, entry in known.items() if name in shown]


def _together(shown: Sequence[dict[str, Any]]) -> dict[str, str]:
    """How ways that are shown one after the other go on with what the others have made."""
    named = {entry["name"] for entry in shown}
    found = {"items": "hours"} if "log-lines" in named else {}
    if any(_LOADS in entry["text"] for entry in shown):
        found["load"] = ""
    if named & {"sum-months", "sum-groups"}:
        found["sums"] = "groups.set_index(groups.columns[0])[groups.columns[1]]"
    return found


def names() -> list[str]:
    """The ways among which is chosen by a task's words."""
    return [entry["name"] for entry in entries("idiom") if _is_learned(entry)]


def fitting(expects: Expectation) -> list[str]:
    """Those of them that can be of use for what is expected, whatever the words."""
    return [entry["name"] for entry in entries("idiom") if _fits(entry, expects) and _is_learned(entry)]


def _is_learned(entry: dict[str, Any]) -> bool:
    return not (entry.get("always") or entry.get("database") or entry.get("shared"))


def likely(among: Collection[str], found: Sequence[set[str]], known: Weights) -> list[str]:
    """Those `among` the ways that are worth to be shown, the likeliest first, by the `features` that were found."""
    chance = chances(found, known)
    least = max(LIKELY, max((chance[name] for name in among), default=0.0) / 2)
    return sorted((name for name in among if chance[name] >= least), key=lambda name: -chance[name])[:MOST]


def features(task: str, expects: Expectation) -> list[set[str]]:
    """The words of the task, and of each of its sentences, each with what the task reads, makes and wants."""
    spoken = re.sub(rf"(?<![\w.]){re.escape(expects.place)}(?![\w.])", " ", task) if expects.place else task
    ends = {f"reads {suffix(name)}" for name in expects.reads} | {f"makes {suffix(name)}" for name in expects.creates}
    wants = {"answer": expects.answer, "deletes": expects.deletes, "moves": expects.moves, "git": expects.git}
    wants |= {
        "folder": expects.folder and not expects.reads,
        "alters": bool(expects.alters),
        "file": bool(expects.file),
    }
    shape = {f"wants {name}" for name, wanted in wants.items() if wanted} | {f"reads {min(3, len(expects.reads))}"}
    shape |= ends | {f"language {expects.language}"}
    return [words(text) | shape for text in with_sentences(spoken)]


def stands(task: str, expects: Expectation) -> dict[str, str]:
    """What stands in the idioms for the names that are written with a dollar."""
    made = _made(expects)
    how = "mean" if MEANS.search(task) else "sum"
    found = {"folder": expects.place or ".", "file": next(iter(expects.reads), "x"), "how": how}
    found |= {kind: name or f"x.{kind}" for kind, name in made.items()} | columns(task, expects)
    counted = expects.columns and found["value"] == "a"  # of no number the task speaks
    found["bars"] = (
        f'["{found["word"]}"].value_counts()' if counted else f'.groupby("{found["word"]}")["{found["value"]}"].{how}()'
    )
    found["height"] = "count" if counted else found["value"]
    found |= {"load": f'{_LOADS}"{found["file"]}")\n', "sums": f'pd.read_csv("{found["file"]}"){found["bars"]}'}
    found["age"], found["reverse"] = ("oldest", '"--reverse", ') if OLDEST.search(task) else ("newest", "")
    found |= {"base": expects.database, "shared": expects.shared}
    found["tables"] = next(iter(expects.related), "")
    belong = f"; these of its tables belong together: {', '.join(expects.related)}"
    found["related"] = belong if " JOIN " in found["tables"] else ""
    found["searched"] = searched(task)
    found["out"] = next(iter(expects.creates), found["file"])
    found |= {"second": (*expects.reads, "x", "x")[1], "join": expects.join or 'on="key"'}
    found["sort"] = f'.sort_values("{found["value"]}", ascending=False)' if DOWN.search(task) else ""
    found["table"] = "both" if expects.join else "df"
    told = dict(expects.headings).get(made["csv"], ())
    found |= _orders(task, told)
    plain = (found["word"], how) if expects.columns else ("name", "count")
    for name, names in {"columns": plain, "months": ("month", how)}.items():
        found[name] = ", ".join(f'"{each}"' for each in (told if len(told) == 2 else names))
    return found


def searched(task: str) -> str:
    """How git's log looks for what the task names: the definition of a function or class, or a text."""
    if defined := _DEFINED.search(task):
        return f'"-G", r"(def|function|class) {defined[1]}\\b"'
    named = _QUOTED.search(task) or _IDENTIFIER.search(task)
    text = next(filter(None, named.groups())) if named else "some text"
    return f'"-S", {text!r}' if '"' in text else f'"-S", "{text}"'


def _orders(task: str, headings: Sequence[str]) -> dict[str, str]:
    """How counts and lines come, for the idioms: by their own names where the task orders them so."""
    named = len(headings) == 2 and asked(task, headings) == (0, False)
    kept = not SORTED.search(task) or KEEPS.search(task)
    every = "line for line in lines if line"
    return {
        "items": "items",
        "ranked": "sorted(counts.items())" if named else "counts.most_common()",
        "lower": ".lower()" if LOWERED.search(task) else "",
        "unique": f"list(dict.fromkeys({every}))" if kept else f"sorted({{{every}}}, key=str.casefold)",
    }


def columns(task: str, expects: Expectation) -> dict[str, str]:
    """Names of columns for the idioms: those of the table that is read which the task speaks of."""
    spoken = [column for column in expects.columns if re.search(rf"\b{re.escape(column[0])}", task, re.I)]
    numbers = [name for name, kind in spoken if kind.startswith(("integer", "number")) and not KEY.search(name)]
    numbers += ["a", "b"]
    words = [*(name for name, kind in spoken if kind.startswith("text")), "g"]
    words.sort(key=lambda name: not re.search(rf"\b{EACH} (?:\w+ )?{re.escape(name)}", task, re.I))
    dates = [*(name for name, kind in [*spoken, *expects.columns] if kind.startswith("date")), "date"]
    value = "total" if expects.products else numbers[0]
    return {"number": numbers[0], "other": numbers[1], "word": words[0], "date": dates[0], "value": value}


def _made(expects: Expectation) -> dict[str, str]:
    return {kind: next((name for name in expects.creates if suffix(name) == f".{kind}"), "") for kind in KINDS}


def _fits(entry: dict[str, Any], expects: Expectation) -> bool:
    read = sum(suffix(name) in TABLES - NESTED for name in expects.reads)
    return (
        entry["language"] == expects.language
        and entry.get("file", False) == bool(expects.file)
        and read >= 2 * entry.get("two", False)
        and bool(expects.database) >= entry.get("database", False)
        and bool(expects.shared) >= entry.get("shared", False)
        and bool(_made(expects).get(entry.get("makes", ""), True))
    )


def hint(output: str) -> str:
    """What the error at the end of `output` means and what to do instead; empty where that is not known."""
    end = "\n".join(output.strip().splitlines()[-4:])
    return next((str(entry["text"]) for entry in entries("hint") if re.search(entry["error"], end)), "")
