"""What a Python file that a program has written is checked by: it runs, its tests pass, its examples hold."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from agents.amounts import most_wanted
from agents.examples import REFUSED, calls, docstrings, examples
from agents.expectation import NESTED, TABLES, TEXTS, Expectation, expectation, suffix
from agents.headings import headings
from agents.joins import join
from agents.ordering import asked
from agents.probe import probe, pure
from agents.relations import joins
from agents.shared import shared
from agents.structure import REPEATED
from agents.stubs import names, stub
from agents.wording import ALTERS, COUNTS
from tools.descriptions import stored
from tools.interpreter.worker import checking
from tools.tables import table
from tools.texts import decoded
from tools.workspace import Workspace

HEAD, MANY = 64_000, 40
"""Bytes of a table, and columns, that are looked at."""
WRITTEN = TEXTS | {".csv", ".tsv", ".json"}
"""Files that are as their text says."""
DATABASES = {".db", ".db3", ".sqlite", ".sqlite3"}
LAST_ROW = re.compile(r"\b(?:last|final|total|[úu]ltima) (?:row|line|linha)\b|\blinha (?:final|d[eo] total)\b", re.I)
"""A row that stands at the end in any order."""
FEW = 3
"""Examples that say what is right; with fewer, two versions are compared."""
MOST = 12
"""Examples that are checked at most."""
CODING = re.compile(r"(?:.*\n)?[ \t]*#.*coding[:=]")
"""A Python file says its encoding, in one of its first two lines."""
READ = 500_000
"""Bytes of a file that are read for its docstrings, or to see what kind of tests it holds."""
THEN = """
import subprocess, sys

sys.stdout.flush()
_ended = subprocess.call([sys.executable, "-B", {program!r}, {told}], stdin=subprocess.DEVNULL)
if _ended:
    sys.exit(_ended)
"""


def handed(expects: Expectation, step: str) -> Expectation:
    """Of a step that writes down what tools gave: its file itself is asked for, since a small model would fetch it."""
    name = expects.creates[0] if len(expects.creates) == 1 else ""
    plain = suffix(name) in WRITTEN and not (expects.reads or expects.file or COUNTS.search(step))
    return replace(expects, file=name) if plain else expects


def expected(task: str, workspace: Workspace) -> Expectation:
    """What must be true when `task` is done in `workspace`; of a Python file also its examples and tests."""
    files = workspace.files()
    found = expectation(task, files)
    found = tabular(held(found, workspace) if found.file else found, task, workspace, files)
    if suffix(found.file) != ".py":
        return found
    source = found.source
    told = examples(task, faulty=bool(source and ALTERS.search(task)))
    told += [example for docstring in docstrings(source) for example in examples(docstring)]
    names = set(re.findall(r"\b(?:def|class) (\w+)", f"{task}\n{source}"))
    known = [example for example in dict.fromkeys(told) if not names or example.name in names]
    return replace(
        found,
        examples=tuple(known[:MOST]),
        tests=tuple(tests(found.file, workspace, files)),
        shared=shared(source, task) if found.reshaped and REPEATED.search(task) else "",
        stub="" if source else stub(task),
        package=f"{PurePosixPath(found.file).parent}/__init__.py" in files,
    )


def held(expects: Expectation, workspace: Workspace) -> Expectation:
    """What the file holds now, and its encoding; one that cannot be read whole is not written anew."""
    data = workspace.read(expects.file, READ + 1) or b""
    now = decoded(data, whole=True) if len(data) <= READ else None
    if now is None:
        return replace(expects, file="")
    plain = suffix(expects.file) == ".py" and now.encoding != "utf-8-sig" and not CODING.match(now.text)
    return replace(expects, source=now.text, encoding="utf-8" if plain else now.encoding)  # as Python reads it


def tabular(expects: Expectation, task: str, workspace: Workspace, files: list[str]) -> Expectation:
    """What is known of the tables that are read, and of those that are to be made."""
    names = [name for name in expects.reads if suffix(name) in TABLES - NESTED][:2]
    heads = [columns(name, workspace) for name in names]
    told = {name: headings(task, name) for name in expects.creates if name.endswith(".csv")}
    base, related = relations(expects, workspace, files)
    sides = [(name, [column for column, _ in head]) for name, head in zip(names, heads, strict=True)]
    return replace(
        expects,
        columns=tuple(dict.fromkeys(column for head in heads for column in head)),
        headings=tuple((name, named) for name, named in told.items() if named),
        orders=tuple(sorting(task, told)),
        join=join(*sides) if len(sides) == 2 else "",
        database=base,
        related=related,
    )


def sorting(task: str, told: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, int, bool, int]]:
    """How the rows of the one table that is to be made are ordered, where the task says so by one of its columns.

    And how many of them it wants from the top; 0 for all.
    """
    for name, named in told.items():
        if len(told) > 1 or not named or LAST_ROW.search(task):
            continue
        column, down = asked(task, named)
        if column is not None:
            yield name, column, down, (most_wanted(task, name) or 0) * down


def relations(expects: Expectation, workspace: Workspace, files: list[str]) -> tuple[str, tuple[str, ...]]:
    """The first database among the files that are read, and which of its tables belong together."""
    held = [name for name in files if suffix(name) in DATABASES] if expects.folder else []
    for name in (expects.reads or held[: len(held) == 1]) if not expects.file else ():
        if found := stored(workspace, name):
            return name, tuple(joins(found))
    return "", ()


def columns(name: str, workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """The columns of a table, by name and type."""
    data = workspace.read(name, HEAD + 1)
    head = decoded(data[:HEAD], whole=len(data) <= HEAD) if data else None
    found = table(suffix(name), head, len(head.text)) if head else None
    return tuple((each.name, each.type) for each in found.columns[:MANY]) if found else ()


def tests(path: str, workspace: Workspace, files: list[str]) -> Iterator[tuple[str, bool]]:
    """The test files of a module that are in the workspace, or the file itself if it is one; and whether unittest's."""
    place = PurePosixPath(path)
    names = {f"test_{place.stem}.py", f"{place.stem}_test.py"}
    if place.name.startswith("test_"):
        yield path, False
    for name in files:
        if PurePosixPath(name).name in names:
            yield name, "unittest" in text(workspace, name)


def text(workspace: Workspace, path: str) -> str:
    """A file's text, or the beginning of a long one; empty where there is none."""
    held = decoded(workspace.read(path, READ) or b"", whole=False)
    return held.text if held else ""


def checks(expects: Expectation, written: str) -> str:
    """The Python that checks `expects.file` after `written` is in it; its exit code is not 0 if that fails.

    Where few examples and no tests say what is right, or a small model only wrote a body, which three examples let
    pass that is wrong one time in five, it prints how the functions behave, for others to be compared.
    """
    place = PurePosixPath(expects.file)
    module = ".".join([*place.parent.parts, place.stem]) if expects.package else place.stem
    few = sum(each.wanted != REFUSED for each in expects.examples) < FEW
    compared = (few or expects.stub) and not expects.tests and pure(written)
    shown = [*(each.call for each in expects.examples), *calls(expects.stub)]
    told = {
        "run": ["-m", module] if expects.package else [expects.file],
        "tests": expects.tests,
        "module": ["." if expects.package else str(place.parent), module],
        "examples": [(each.call, each.wanted, each.right) for each in expects.examples],
        "behaviour": probe(expects.source, names(expects.stub), shown) if compared else [],
    }
    return then(checking.__file__, told)


def then(program: str, told: object) -> str:
    """The Python that runs a program of the product's own in the jail, told this as JSON; it ends if that fails."""
    return THEN.format(program=program, told=literal(json.dumps(told, ensure_ascii=False)))


def literal(text: str) -> str:
    """`text` as a Python literal, readable in an approval where that is exact."""
    for quote in ('"""', "'''"):
        if quote not in text and "\r" not in text and not text.endswith((quote[0], "\\")):
            return f"r{quote}{text}{quote}"
    return repr(text)
