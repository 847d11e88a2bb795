"""What a task's own words let us check, and what a program for it must therefore do."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from agents.amounts import lines_wanted
from agents.examples import Example
from agents.forms import Form, effects, features, form
from agents.naming import EXAMPLE, apart, becomes, joined, made_folders
from agents.roles import Role, roles
from agents.wording import (
    ALTERS,
    ASKS,
    CHANCE,
    COMMANDS,
    COUNTS,
    CUTS,
    DELETES,
    GIT,
    MAKES,
    MANY,
    POLITE,
    QUESTION,
    RENAMES,
    RESHAPES,
    TARGET,
    TELLS,
    TIMES,
    demands,
)
from tools.addresses import ADDRESS
from tools.mentions import hinted, located

NAME = re.compile(r"(?<![\w/.@-])((?:[\w-]+/)*[\w-][\w.-]*\.[A-Za-z][A-Za-z0-9]{0,7})\b(?![\w/(@])")
SOURCE = {
    f".{ending}"
    for ending in (
        "py pyw js mjs cjs jsx ts tsx vue svelte html htm css scss sass less sh bash zsh fish bat cmd ps1 sql c h cc "
        "cpp hpp cs java kt kts scala groovy clj go rs swift m mm rb php pl pm lua r jl hs ml fs ex exs erl dart zig "
        "nim ino asm s f90 f95 for cob cbl pas vb vbs awk tcl lisp el scm pro sol"
    ).split()
}
LIKELY = 0.6
"""From which likelihood on a file is taken for one that is left alone."""
TOUCHED = 0.25
"""From which likelihood on a source file may be the one that is written or changed, where a task asks for one."""
LONG = 6000
"""Characters of a file, from which on a small model is asked for changes instead of the whole."""
TEST = re.compile(r"(?:^|/)test_\w+\.\w+$|_test\.\w+$|\.test\.\w+$")
TEXTS = {".txt", ".log", ".md"}
TABLES = {".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".parquet"}
NESTED = {".json", ".jsonl"}
NOT_FILES = re.compile(
    r"^((?-i:(?:[A-Z]\.)+[A-Z])|e\.g|i\.e|[ap]\.m|node\.js|vs\.code|etc\.\w+|.+\.(com|org|net|edu|gov|example|localhost)|"
    r"(?:os|sys|np|pd|plt|math|json|re|datetime|self|str)\."
    r"(?!(?:py|ipynb|txt|md|csv|tsv|jsonl?|log|html?|css|[jt]sx?|sh|sql|db|xml|ya?ml|toml|ini|cfg|pdf|png|c|h|go|rs|rb)$)\w+)$",
    re.I,
)


@dataclass(frozen=True)
class Expectation:
    """What must be true of a program for a task; names are as the task writes them."""

    creates: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    """Those of `creates` that are there already: written anew they may be the same."""
    alters: tuple[str, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
    answer: bool = False
    moves: bool = False
    looks_up: bool = False
    """Whether something is to be found in a text, not counted or computed."""
    becomes: tuple[str, ...] = ()
    """Where files will be, by the task's own example."""
    folders: tuple[str, ...] = ()
    """Folders that are to be made."""
    deletes: bool = False
    """Whether files of the folder are to be deleted."""
    language: str = "python"
    file: str = ""
    """The one source file whose whole content the Executor is asked for, instead of a program."""
    reads: tuple[str, ...] = ()
    """Files that are there and that the task names."""
    changeable: tuple[str, ...] = ()
    """Those of them that may have other content in the end, or be gone."""
    keeps: tuple[str, ...] = ()
    """Files that are there and that the task names to leave them alone."""
    examples: tuple[Example, ...] = ()
    """What calls of the file's functions give."""
    tests: tuple[tuple[str, bool], ...] = ()
    """Test files of the file; whether they are unittest's."""
    columns: tuple[tuple[str, str], ...] = ()
    """Of the first two tables that are read: names and types."""
    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Tables that are to be made, with the names that the task gives their columns."""
    orders: tuple[tuple[str, int, bool, int], ...] = ()
    """Of these: by which column the task orders the rows, whether the highest comes first, and how many are wanted."""
    database: str = ""
    """The SQLite database that is read."""
    related: tuple[str, ...] = ()
    """Its tables that belong together, each two as SQL joins them."""
    join: str = ""
    """How the first two of them belong together, as pandas' merge is told."""
    source: str = ""
    """What the file holds now."""
    encoding: str = "utf-8"
    """In which the file is, by Python's name; it stays so."""
    stub: str = ""
    """The function that the task gives without its body, and what stands above it: the file begins so."""
    package: bool = False
    """Whether the file is a module of a package."""
    place: str = ""
    """The folder that the task is about."""
    folder: bool = True
    """Whether the task is about what the folder holds."""
    reshaped: bool = False
    """Whether the parts of a file are cut anew: what several of them share, or what one does too much."""
    shared: str = ""
    """What its functions have in common, cut out of them, where that is what the task asks for."""
    git: bool = False
    """Whether the task is about commits, not about what the files hold."""
    chance: bool = False
    """Whether no two programs for it do the same."""
    products: bool = False
    """Whether a sum of products is asked for."""

    @property
    def long(self) -> bool:
        """Whether the file is too long to be written anew."""
        return len(self.source) > LONG

    @property
    def checked(self) -> bool:
        """Whether examples or tests decide whether the file is right."""
        return bool(self.examples or self.tests)


def file_names(text: str) -> list[str]:
    """Names of files that `text` mentions, in order, once each."""
    found = (match.group(1).strip(".") for match in NAME.finditer(ADDRESS.sub(" ", text)))
    return list(dict.fromkeys(name for name in found if not NOT_FILES.match(name)))


def means(name: str, path: str) -> bool:
    """Whether a task's `name` of a file may stand for `path`: tasks often leave the folder out."""
    return path == name or path.endswith(f"/{name}")


def language(task: str, kind: Form = "program") -> str:
    """The language that the task asks for: `python` unless it says otherwise."""
    if re.search(r"\b(java ?script|node(\.js)?)\b", task, re.I):
        return "javascript"
    return "shell" if kind == "shell" and COMMANDS.search(task) else "python"


def expectation(task: str, files: Iterable[str]) -> Expectation:
    """What must be true when `task` is done; `files` are those in the workspace before."""
    have = set(files)
    text = joined(task, have)
    named = [apart(name) for name in file_names(text)]
    there = [name for name in named if any(means(name, path) for path in have)]
    shown = set(there).difference(map(apart, file_names(EXAMPLE.sub("", text))))
    role = roles(task, named, there)
    (kind, source), does = shape(task, named, there, role), effects(task)
    keeps = tuple(name for name in there if role[name]["keep"] > LIKELY)
    present = [name for name in there if name not in keeps and name not in shown]
    names = [name for name in named if name in present or role[name]["write"] > role[name]["example"]]
    moves = not source and ("moves" in does or bool(RENAMES.search(task)))
    makes = bool(MAKES.search(task))
    again = tuple(name for name in present if makes and re.search(rf"{TARGET}{re.escape(name)}", task, re.I))
    present = [name for name in present if name not in again]
    missing = QUESTION.search(task) and not (moves or makes)  # it asks about a file that is not there
    new = () if missing else tuple(name for name in names if name not in present)
    aimed = source if source in present or only_source(names) else ""  # beside data a new one has to be run
    touched = {name: role[name]["change"] + role[name]["gone"] for name in present}
    changeable = [name for name in present if touched[name] > 1 - LIKELY]
    altered = [name for name in untested(changeable) if touched[name] > (LIKELY if moves or MANY.search(task) else 0)]
    place = next(iter(located(task, have)), "")
    changed = ALTERS.search(demands(task))
    if changed and len(present) == 1 and role[present[0]]["keep"] < 1 - LIKELY:
        changeable = altered = present
    alters = (aimed,) if aimed in present else tuple(altered) if moves or (not new and changed) else ()
    return Expectation(
        creates=new,
        again=again,
        alters=alters,
        lines=_lines(task, new),
        answer=bool(TELLS.search(POLITE.sub(r"\1", task)) or (not new and ASKS.search(task))),
        moves=moves,
        looks_up=not (new or alters or COUNTS.search(task)),
        deletes=bool(place and not present and _deletes(task, new, "deletes" in does)),
        language=language(task, kind),
        file=aimed,
        reads=tuple(present),
        keeps=keeps,
        changeable=(*dict.fromkeys([*changeable, *alters]),),
        place=place,
        folder=bool(present or hinted(task, have, {})),
        becomes=tuple(becomes(task, have)),
        folders=made_folders(task, have),
        reshaped=bool(RESHAPES.search(task)),
        git=bool(GIT.search(task) and not present),
        chance=bool(CHANCE.search(task)),
        products=bool(TIMES.search(task)),
    )


def requirements(expects: Expectation, *, given: bool = False) -> list[str]:
    """What a program for the task must do, in words for the model: the checks of the evidence, told beforehand.

    `given`: values come from tools, and stand in the prompt.
    """
    if expects.git:
        found = ["Ask git by subprocess, as above; open no file to read it, and never make up data."]
    elif expects.reads:
        found = [f"Read only {', '.join(expects.reads)}; never make up data."]
    elif expects.place:
        found = [f"Let the program find the files in {expects.place}: do not type their names."]
    elif expects.folder:
        found = ["Read the real files by the names shown above; never make up data."]
    elif given:
        found = [
            "Put the values that the tools gave into the program, as they stand above: read no file, open no address."
        ]
    else:
        found = ["Compute everything in the program: read no file, and type no results from memory."]
    if expects.language == "python":
        tables = any(suffix(name) in TABLES - NESTED for name in expects.reads)
        found.append("Use pandas." if tables else "Use Python's standard library only.")
    counts = dict(expects.lines)
    found += [
        f"{'Afterwards there is' if expects.moves else 'Write'} the file {name}"
        f"{f': exactly {counts[name]} lines, so go on until there are {counts[name]}' if name in counts else ''}."
        for name in expects.creates
    ]
    found += [f'The new folder is called "{name}", exactly so.' for name in expects.folders]
    if expects.deletes:
        found.append("Delete the files themselves.")
    if expects.moves:
        found.append("Rename or move the files themselves; their contents stay the same.")
    elif expects.alters:
        found.append(f"Save the change in the file itself: {', '.join(expects.alters)}.")
    if expects.looks_up and any(suffix(name) in TEXTS for name in expects.reads):
        found.append("Search for few words, without regard to case, and print the whole lines that are found.")
    if expects.language == "javascript" and any(suffix(name) in TEXTS for name in expects.reads):
        found.append("trim() the text before you split it.")
    if expects.answer or not (expects.creates or expects.alters or expects.moves):
        found.append("Print the answer in one full sentence, with the values that the program found.")
    else:
        found.append("Print one line that says what was done.")
    return found


def only_source(names: list[str]) -> bool:
    """Whether there are names, and all are of files of source code."""
    return bool(names) and all(suffix(name) in SOURCE for name in names)


def untested(names: list[str]) -> list[str]:
    """The files without the tests beside them, which judge a change and stay as they are."""
    return [name for name in names if not TEST.search(name)] or names


def shape(task: str, named: list[str], there: list[str], role: Mapping[str, Mapping[Role, float]]) -> tuple[Form, str]:
    """The form of the work, and the source file that is to be written or changed, where it is that."""
    sources = [name for name in named if suffix(name) in SOURCE]
    touched = {name: role[name]["write"] + role[name]["change"] for name in sources}
    judges = {name for name in sources if name in there}.difference(untested(sources))
    beside = any(role[name]["write"] > role[name]["example"] for name in named if name not in sources)
    least = LIKELY if beside else TOUCHED
    likely = [name for name in sources if touched[name] > least and name not in judges]
    kind = form(features(task, named, sources, role), sources)
    gone = any(role[name]["gone"] > LIKELY for name in there)  # what is renamed is not written
    return kind, max(likely, key=touched.__getitem__) if kind == "file" and likely and not gone else ""


def _deletes(task: str, new: tuple[str, ...], learned: bool) -> bool:
    """Whether files go, not lines or spaces in them."""
    rest, cut = CUTS.subn("", task)
    said = bool(DELETES.search(rest))
    return (learned and (said or not cut)) or (said and not new)


def _lines(task: str, new: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    count = lines_wanted(task)
    return ((new[0], count),) if count and len(new) == 1 else ()


def suffix(name: str) -> str:
    """The ending of a file name, lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()
