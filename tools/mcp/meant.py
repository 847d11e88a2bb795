"""Which servers a task speaks of; read off their entries and their remembered tools, so that none is started for it."""

import re
from collections.abc import Mapping

from tools.addresses import ADDRESS
from tools.mcp.entry import Entry
from tools.mcp.relevance import words

_VISIT = re.compile(
    r"\b(?:open|visit|brows\w+|navigate|go to|look at|log ?in|sign in|fill|click|press|screenshot|read|pages?|forms?|"
    r"buttons?|what (?:is|does|are)|abr[ae]|abrir|visit[ae]|naveg\w+|aced[ae]|acess[ae]|v[áa] a|preench\w+|"
    r"cli(?:c|qu)\w+|captura|l[êe]|leia|p[áa]ginas?|formul[áa]rio|bot[ãa]o)\b",
    re.IGNORECASE,
)
_WEB = frozenset({"browser", "url"})
_ONLINE = re.compile(
    r"\b(?:browser|navegador|internet|online|url|web ?(?:sites?|pages?)|sites?|screenshot)\b", re.IGNORECASE
)
_COMMON = frozenset(
    words(
        "get set list read write create make search find open move delete remove update add edit info current new file "
        "directory text run execute call data value name item query append describe insight multiple allowed"
    )
)


def meant(entries: Mapping[str, Entry], task: str, *, sure: bool) -> list[str]:
    """Their names: the task says the server's name, or visits an address and it browses.

    Where the task's road is not `sure`, a word that its tools have is enough.
    """
    on = {name: entry for name, entry in entries.items() if not entry.disabled}
    named = [name for name, entry in on.items() if _named(task, name, entry)]
    return named or ([] if sure else [name for name, entry in on.items() if _fits(task, name, entry)])


def _named(task: str, name: str, entry: Entry) -> bool:
    terms = _terms(entry)
    if _WEB & set(terms) and ADDRESS.search(task) and _VISIT.search(task):
        return True
    proper = [re.escape(term).replace(r"\ ", r"\s+") for term in terms if " " in term and term != term.lower()]
    said = re.escape(name).replace(r"\-", "[- ]").replace("_", "[_ ]")
    called = (
        rf"{said}(?:'s)?\s+(?:server|tools?|mcp)|(?:server|mcp|tools? of)\s+{said}|(?:with|using|through) the {said}"
    )
    return bool(re.search(rf"\b(?:{'|'.join([called, *proper])})\b", task, re.IGNORECASE))


def _terms(entry: Entry) -> list[str]:
    return [term.strip() for term in entry.about.split(",")]


def _fits(task: str, name: str, entry: Entry) -> bool:
    if _WEB & set(_terms(entry)) and not (ADDRESS.search(task) or _ONLINE.search(task)):
        return False
    known = f"{name} {entry.about or _tools(name, entry)}"
    return bool(set(words(task)) & (set(words(known)) - _COMMON))


def _tools(name: str, entry: Entry) -> str:
    from tools.mcp.listing import remembered  # the SDK takes a second

    return " ".join(tool.name for tool in remembered(name, entry) or ())
