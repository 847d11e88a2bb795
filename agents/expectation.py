"""What a task's own words let us check, and what a program for it must therefore do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from agents.amounts import lines_wanted
from agents.examples import Example
from agents.naming import EXAMPLE, apart, becomes, joined, made_folders
from tools.addresses import ADDRESS
from tools.mentions import hinted, located

NAME = re.compile(r"(?<![\w/.@-])((?:[\w-]+/)*[\w-][\w.-]*\.[A-Za-z][A-Za-z0-9]{0,7})\b(?![\w/(@])")
MAKES = re.compile(
    r"\b(write|create|make|save|turn|transform|generate|convert|export|produce|build|plot|draw|store|put|output|"
    r"escrev\w*|cri[ae]\w*|fa[zç]\w*|salv\w*|guard\w*|grav\w*|ger[ae]\w*|convert\w*|export\w*)\b",
    re.I,
)
ALTERS = re.compile(
    r"\b(fix|repair|correct|edit|change|modify|update|refactor|optimi[sz]e|debug|replace|append|rewrite|simplify|"
    r"corrig\w*|consert\w*|repar[ae]\w*|edit\w*|alter\w*|mud[ae]\w*|atuali[zs]\w*|refator\w*|otimi[zs]\w*|"
    r"substitu\w*|reescrev\w*|simplific\w*)\b|"
    r"\b(?:add|insert|adicion\w*|acrescent\w*|insere|insira|inserir|remov\w*|delete|drop|apag\w*|tir[ae]\w*) "
    r"(?:an?|the|another|one|two|three|\d+|new|all|any|uma?|as?|os?|mais|dois|duas|todas?|todos)\b[^.;:]{0,30}?"
    r"\b(?:columns?|rows?|lines?|entr(?:y|ies)|headers?|headings?|keys?|fields?|sections?|records?|duplicates?|"
    r"functions?|methods?|docstrings?|comments?|tests?|colunas?|linhas?|entradas?|cabe[çc]alhos?|chaves?|campos?|"
    r"sec[çc][õãoe]+s?|registos?|registros?|duplicad[oa]s|fun[çc][õãoe]+s?|m[ée]todos?|coment[áa]rios?|testes?)\b",
    re.I,
)
REWORKS = re.compile(
    r"\b(mistakes?|bugs?|faults?|broken|not right|does not work|split|extract|speed up|faster|make it|make the \w+|"
    r"move [^.]{1,40} into (?:a|one|its)|defeitos?|n[ãa]o funciona|separ[ae]\w*|divid[ae]\w*|mais r[áa]pid[oa])\b",
    re.I,
)
"""Changes a file of source code, though it does not say so in the words for other files."""
RENAMES = re.compile(
    r"\b(?:renam\w*|renome\w*|mov[ae]\w*)\b(?![^.]{1,40} (?:into|para) (?:a|an|one|its|uma?) "
    r"(?:\w+ )?(?:function|method|class|module|fun[çc][ãa]o|m[ée]todo|classe|m[óo]dulo)\b)",
    re.I,
)
"""Renames or moves files; code is moved into a function."""
ORDERED = re.compile(
    r"\b(tell me|let me know|give me|say|print|show|report|answer|"
    r"diga|diz|d[áa]-me|mostr\w*|imprim\w*|respond\w*)\b",
    re.I,
)
"""Orders words also where a file is to be made."""
TELLS = re.compile(rf"\?|{ORDERED.pattern}", re.I)
"""Wants words also where a file is to be made, if only by a question that the file may answer."""
ASKS = re.compile(r"\b(how many|how much|what|which|who|when|quant[oa]s?|qual|quais|quem|quando)\b", re.I)
SOURCE = {
    ".py",
    ".js",
    ".mjs",
    ".ts",
    ".html",
    ".css",
    ".sh",
    ".bat",
    ".ps1",
    ".sql",
    ".c",
    ".cpp",
    ".java",
    ".go",
    ".rs",
}
SHELL = re.compile(
    r"\b(shell|bash|sh|power ?shell|terminal)\b (command|script|one-liner)|"
    r"\b(with|in|use|using|com|em|no) (the )?(bash|shell|power ?shell)\b",
    re.I,
)
QUESTION = re.compile(r"^\W*(how|what|which|who|when|where|is|are|does|do|quant|qual|quem|onde|quando)\b|\?\W*$", re.I)
COUNTS = re.compile(
    r"\b(how (?:many|much|long)|count\w*|number of|sum|total|average|mean|most|least|longest|shortest|largest|"
    r"smallest|first|last|quant[oa]s?|cont[ae]\w*|n[úu]mero de|soma\w*|m[ée]di[ao]|mais|menos|maior|menor|"
    r"primeir\w+|[úu]ltim\w+)\b",
    re.I,
)
TIMES = re.compile(r"\b(?:times|multipl\w+|revenue|turnover|product of|vezes|receita|factura[çc][ãa]o)\b", re.I)
"""A sum of products is asked for."""
RESHAPES = re.compile(
    r"\b(?:split|extract|same (?:lines|code|loop)|repeated|duplicated?|into (?:a|one|its|smaller|several)|separ[ae]\w*|"
    r"divid[ae]\w*|mesm[oa]s? (?:linhas|c[óo]digo|ciclo)|repetid[oa]s?|duplicad[oa]s?)\b",
    re.I,
)
GIT = re.compile(r"\bgit\b|\bcommit(?:s|ted)?\b", re.I)
CHANCE = re.compile(
    r"\b(?:random(?:ly)?|shuffle[ds]?|uuids?|dice|lottery|dummy|fake|made[- ]up|invent(?:ed|ad[oa]s?|[ae])?|simulat\w*|"
    r"current (?:time|date)|(?:generate|create|make) [^.]{0,30}passwords?|aleat[óo]ri\w*|baralha\w*|sortei\w*|"
    r"fict[íi]ci\w*|simul[ae]\w*|hora atual|(?:ger[ae]|cri[ae]) [^.]{0,30}(?:senhas?|palavras?-passe))\b",
    re.I,
)
"""What differs each time that a program runs."""
DELETES = re.compile(r"\b(delete|remove|erase|apag\w*|elimin\w*|exclu\w*)\b", re.I)
TARGET = (
    r"\b(?:to|into|as|write|create|make|save|generate|para|como|cri[ae]|escrev[ae]|ger[ae]|grav[ae]|guard[ae]|"
    r"(?:grav|guard|salv|escrev|export|convert|p[õo]e)\w*\b[^.;:]{0,40}\bem)\s+"
    r"(?:the |a |an |o |um )?(?:file |ficheiro |arquivo )?"
)
"""What stands before a file that is to be made."""
LONG = 6000
"""Characters of a file, from which on a small model is asked for changes instead of the whole."""
TEST = re.compile(r"(?:^|/)test_\w+\.\w+$|_test\.\w+$|\.test\.\w+$")
TEXTS = {".txt", ".log", ".md"}
TABLES = {".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".parquet"}
NESTED = {".json", ".jsonl"}
NOT_FILES = re.compile(r"^(e\.g|i\.e|node\.js|vs\.code|etc\.\w+|.+\.(com|org|net|edu|gov|example|localhost))$", re.I)


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
    examples: tuple[Example, ...] = ()
    """What calls of the file's functions give."""
    tests: tuple[tuple[str, bool], ...] = ()
    """Test files of the file; whether they are unittest's."""
    columns: tuple[tuple[str, str], ...] = ()
    """Of the first two tables that are read: names and types."""
    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Tables that are to be made, with the names that the task gives their columns."""
    join: str = ""
    """How the first two of them belong together, as pandas' merge is told."""
    source: str = ""
    """What the file holds now."""
    package: bool = False
    """Whether the file is a module of a package."""
    place: str = ""
    """The folder that the task is about."""
    folder: bool = True
    """Whether the task is about what the folder holds."""
    reshaped: bool = False
    """Whether the parts of a file are cut anew: what several of them share, or what one does too much."""
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


def language(task: str) -> str:
    """The language that the task asks for: `python` unless it says otherwise."""
    if re.search(r"\b(java ?script|node(\.js)?)\b", task, re.I):
        return "javascript"
    return "shell" if SHELL.search(task) else "python"


def expectation(task: str, files: Iterable[str]) -> Expectation:
    """What must be true when `task` is done; `files` are those in the workspace before."""
    have = set(files)
    names = [apart(name) for name in file_names(EXAMPLE.sub("", joined(task, have)))]
    present = [name for name in names if any(means(name, path) for path in have)]
    moves = bool(RENAMES.search(task))
    makes = bool(MAKES.search(task))
    again = tuple(name for name in present if makes and re.search(rf"{TARGET}{re.escape(name)}", task, re.I))
    present = [name for name in present if name not in again]
    missing = QUESTION.search(task) and not (moves or makes)  # it asks about a file that is not there
    new = () if missing else tuple(name for name in names if name not in present)
    altered = untested(present)
    coded = only_source(present) and REWORKS.search(task)
    place = next(iter(located(task, have)), "")
    alters = tuple(altered) if moves or (not new and (ALTERS.search(task) or coded)) else ()
    return Expectation(
        creates=new,
        again=again,
        alters=alters,
        lines=_lines(task, new),
        answer=bool(TELLS.search(task) or (not new and ASKS.search(task))),
        moves=moves,
        looks_up=not (new or alters or COUNTS.search(task)),
        deletes=bool(place and DELETES.search(task) and not (present or new)),
        language=language(task),
        file="" if moves else _file(names, new or alters),
        reads=tuple(present),
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


def _file(names: list[str], targets: tuple[str, ...]) -> str:
    """The one source file that the task is about; with data beside it, a program has to read that data first."""
    if len(targets) != 1 or suffix(targets[0]) not in SOURCE:
        return ""
    return targets[0] if only_source(names) else ""


def _lines(task: str, new: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    count = lines_wanted(task)
    return ((new[0], count),) if count and len(new) == 1 else ()


def suffix(name: str) -> str:
    """The ending of a file name, lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()
