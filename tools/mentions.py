"""Which files of a workspace a task is about, by its words, in English and Portuguese."""

import re
from collections.abc import Iterable
from posixpath import splitext

from tools.places import folders

_SOURCE = frozenset(
    {".py", ".js", ".mjs", ".ts", ".sh", ".ps1", ".bat", ".sql", ".html", ".css", ".c", ".cpp", ".java"}
)
_TABLES = frozenset({".csv", ".tsv"})
DATABASES = frozenset({".db", ".db3", ".sqlite", ".sqlite3"})
"""Endings of SQLite's files."""
_KINDS = {
    r"csvs?|tables?|spreadsheets?|columns?|rows?|tabelas?|planilhas?|folhas? de c[áa]lculo|colunas?|linhas?": _TABLES,
    r"json": frozenset({".json", ".jsonl", ".ndjson"}),
    r"databases?|sqlite\d?|sql|bases? de dados|bancos? de dados": DATABASES,
    r"logs?|registos?": frozenset({".log"}),
    r"scripts?|programs?|modules?|code|functions?|bugs?|tests?|refactor|programas?|m[óo]dulos?|c[óo]digo|testes?|"
    r"fun[cç][aãoõ]\w*": _SOURCE,
    r"texts?|notes?|textos?|notas?": frozenset({".txt", ".md"}),
    r"markdown": frozenset({".md"}),
    r"xml": frozenset({".xml"}),
    r"ya?ml": frozenset({".yaml", ".yml"}),
    r"html|web ?pages?|p[áa]ginas?": frozenset({".html", ".css"}),
}
_ANY = re.compile(
    r"\b(?:files?|folders?|director(?:y|ies)|data(?:set|base)?s?|here|these|documents?|ficheiros?|arquivos?|pastas?|"
    r"diret[óo]rios?|dados|aqui|estes|estas|documentos?)\b"
)
# What a task wants made is not what it is about: "write a Python script", "save it as CSV".
_FORMS = r"csv|json|xml|ya?ml|html|markdown"
_NOUNS = (
    rf"{_FORMS}|text|log|files?|folder|directory|table|spreadsheet|page|notes?|script|program|module|function|code|tests?|"
    r"ficheiro|arquivo|pasta|diret[óo]rio|tabela|planilha|p[áa]gina|notas?|texto|programa|m[óo]dulo|fun[cç][aã]o|c[óo]digo"
)
_VERBS = (
    r"write|create|make|generate|build|save|produce|escrev\w+|cri[ae]\w*|fa[zç]\w*|ger[ae]\w*|guard[ae]\w*|salv[ae]\w*"
)
_MADE = re.compile(
    rf"\b(?:(?:{_VERBS}|to|into|as|in|em|para|como)\s+(?:me\s+)?(?:(?:an?|uma?|new|nov[oa])\s+)+|(?:num|numa)\s+)"
    rf"(?:\w+\s+){{0,2}}?(?:{_NOUNS})(?:\s+(?:files?|table|script|module|program|page))?\b|\b(?:to|into|as|em|para|como)\s+(?:{_FORMS})\b|[\w-]+\.\w+"
)
_WORDS = re.compile(r"[\W_]+")
_VAGUE = frozenset({"data", "file", "test", "main", "list", "output", "result", "results", "report", "input", "index"})


def mentioned(task: str, path: str) -> bool:
    """Whether the task names the file: by its path, or by its name."""
    name = path.rpartition("/")[2].lower()
    return name in task.lower() and bool(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", task.lower()))


def located(task: str, paths: Iterable[str]) -> list[str]:
    """The folders that the task is about; a mere word counts where the task names no file and does not want it made."""
    every = list(paths)
    named = any(mentioned(task, path) for path in every)
    return folders(task, every, "" if named else _MADE.sub(" ", task.lower()))


def hinted(task: str, paths: Iterable[str], columns: dict[str, list[str]]) -> list[str]:
    """The files that a task which names none may be about: by stem, kind or column, else by folder, else all.

    No task is about all files, and so is one that speaks of files but says not which.
    """
    words, every = f" {_words(task)} ", list(paths)
    stems = [path for path in every if _stem_in(words, path)]
    if stems or not task.strip():
        return stems or every
    about = _MADE.sub(" ", task.lower())
    kinds_named = (group for kind, group in _KINDS.items() if re.search(rf"\b(?:{kind})\b", about))
    suffixes = frozenset[str]().union(*kinds_named)
    kinds = [path for path in every if splitext(path)[1].lower() in suffixes]
    kinds += [path for path, names in columns.items() if path not in kinds and any(_in(words, name) for name in names)]
    places = [] if kinds else folders(task, every, about)
    inside = [path for path in every if any(path.startswith(f"{place}/") for place in places)]
    return kinds or inside or (every if _ANY.search(about) else [])


def _stem_in(words: str, path: str) -> bool:
    stem = _words(splitext(path.rpartition("/")[2])[0])
    return stem not in _VAGUE and _in(words, stem)


def _in(words: str, name: str) -> bool:
    """Whether the words hold the name, in singular or plural."""
    name = _words(name)
    return len(name) > 2 and any(f" {form} " in words for form in (name, f"{name}s", name.removesuffix("s")))


def _words(text: str) -> str:
    return _WORDS.sub(" ", text.lower()).strip()


def matching(lines: list[str], task: str, most: int = 5) -> list[str]:
    """The lines that share the rarest words with the task, in their order; a word in every tenth line tells nothing."""
    words = set(re.findall(r"[^\W\d_]{4,}", task.lower()))
    lowered = [line.lower() for line in lines]
    counts = {word: sum(word in line for line in lowered) for word in words}
    weights = {word: 1 / count for word, count in counts.items() if 0 < count <= max(3, len(lines) // 10)}
    scores = [sum(weight for word, weight in weights.items() if word in line) for line in lowered]
    best = sorted((place for place, score in enumerate(scores) if score), key=lambda place: -scores[place])[:most]
    return [lines[place] for place in sorted(best)]
