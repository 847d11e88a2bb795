"""File names and languages as models write them around a code block."""

import re

_LANGUAGES = {
    alias: language
    for language, aliases in {
        "python": "python py python3 py3 ipython ipython3 pyw",
        "shell": "shell sh bash zsh console terminal shell-session shellsession sh-session",
        "javascript": "javascript js node nodejs mjs cjs",
        "powershell": "powershell ps1 pwsh ps",
        "markdown": "markdown md mdx",
        "json": "json jsonc json5",
        "text": "text txt plaintext plain",
        "": "none",
    }.items()
    for alias in aliases.split()
}
# A closed list: `json.loads` or `os.path` above an example is no file.
_EXTENSIONS = frozenset(
    "bat c cfg cpp cs css csv env go h htm html ini ipynb java js json jsonl jsx kt log lua md mjs php pl ps1 py r rb "
    "rs rst sh sql svg tex toml ts tsv tsx txt xml yaml yml".split()
)
_LONGEST = 200
_BARE = frozenset({"Makefile", "Dockerfile", "LICENSE"})
_VERSION = re.compile(r"^python[\d.]+$")
_PATH = re.compile(r"(?:\./)?[\w.@+-]+(?:[/\\][\w.@+-]+)*")
_COMMENT = re.compile(
    r"[ \t]*(?:#|//|--|/\*|<!--)[ \t]*((?i:file(?:name)?|path)[ \t]*:[ \t]*)?(\S+)[ \t]*(?:\*/|-->)?[ \t]*"
)
_LABEL = re.compile(r"\A(?:#{1,6}|[-*+]|\d+[.)])[ \t]+")
_FILE = re.compile(r"\A[*`]*(?i:file(?:name)?|path)[*`]*[ \t]*:")
_ATTRIBUTE = re.compile(r"\b(?:title|file|filename|path|name)=[\"']?([^\"'\s}]+)")


def language_of(name: str) -> str:
    """`python`, `shell`, `javascript`, or the name itself in lower case; "" for none."""
    lowered = _VERSION.sub("python", name.lower())
    return _LANGUAGES.get(lowered, lowered)


def known(name: str) -> bool:
    """Whether the name is a language that we have a rule for."""
    return name.lower() in _LANGUAGES


def relative_path(name: str) -> str | None:
    """The name as a posix path when it reads as a file below the workspace, else None."""
    if not _PATH.fullmatch(name):
        return None
    parts = name.replace("\\", "/").removeprefix("./").split("/")
    stem, dot, extension = parts[-1].rpartition(".")
    named = parts[-1] in _BARE or (dot and extension.lower() in _EXTENSIONS and not stem.endswith("."))
    return "/".join(parts) if named and ".." not in parts else None


def info_names(info: str) -> tuple[str, str | None]:
    """Language and path that the info string of a fence names: `python`, `python:a.py`, `a.py`, `py title="a.py"`."""
    info = info[:_LONGEST]
    word = info.split()[0].strip("{}.") if info.split() else ""
    head, _, tail = word.partition(":")
    attribute = _ATTRIBUTE.search(info)
    path = relative_path(attribute[1] if attribute else tail or head)
    if path and not attribute and not tail:
        return language_of(path.rpartition(".")[2]), path
    return language_of(head), path


def line_path(line: str) -> str | None:
    """The file that a line of its own names: `**a.py**`, `### a.py`, `File: a.py`, with backticks or a colon."""
    if len(line) > _LONGEST:
        return None
    bare = _LABEL.sub("", line.strip(), count=1)
    bare = _FILE.sub("", bare, count=1)
    return relative_path(bare.strip("*`: \t"))


def comment_path(line: str, language: str) -> tuple[str | None, bool]:
    """The file that a first line of code names, and whether the line is a mere marker (`# file: a.py`)."""
    match = _COMMENT.fullmatch(line) if len(line) <= _LONGEST else None
    path = relative_path(match[2]) if match else None
    if match is None or path is None:
        return None, False
    marker = bool(match[1])
    return (path, marker) if marker or language_of(path.rpartition(".")[2]) == language else (None, False)
