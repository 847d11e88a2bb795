"""Changes of a file as search-and-replace blocks, for files that are too long to be written anew."""

import re
from typing import NamedTuple

_BLOCK = re.compile(
    r"^[ \t]*<{5,9} ?SEARCH[^\n]*\n(?P<search>.*?)^[ \t]*={5,9}[ \t]*\n(?P<replace>.*?)^[ \t]*>{5,9} ?REPLACE[^\n]*$",
    re.S | re.M,
)


class Edit(NamedTuple):
    """Lines that are in the file, and those that take their place."""

    search: str
    replace: str


class EditError(ValueError):
    """Why a change cannot be made, in words for the model."""


def edits(reply: str) -> list[Edit]:
    """The search-and-replace blocks in a reply, in their order."""
    return [Edit(match["search"], match["replace"]) for match in _BLOCK.finditer(reply.replace("\r\n", "\n"))]


def edited(source: str, changes: list[Edit]) -> str:
    """`source` with all changes made; what is searched must be there once, its indentation and blank ends aside.

    Raises:
        EditError: lines are not there, or more than once, or nothing changes.
    """
    lines = source.splitlines()
    for change in changes:
        search, replace = change.search.splitlines(), change.replace.splitlines()
        place, shift = _found(lines, search)
        lines[place : place + len(search)] = _shifted(replace, shift)
    text = "\n".join(lines) + ("\n" if lines else "")
    if text == source:
        raise EditError("The blocks change nothing.")
    return text


def _found(lines: list[str], search: list[str]) -> tuple[int, int]:
    """Where `search` begins, and by how many columns it is indented more there than it was written."""
    if not any(line.strip() for line in search):
        if any(line.strip() for line in lines):
            raise EditError("A SEARCH part is empty: it must hold the lines that are to be replaced.")
        return 0, 0
    for key in (str, str.rstrip, str.strip):
        wanted = [key(line) for line in search]
        given = [key(line) for line in lines]
        places = [n for n in range(len(given) - len(wanted) + 1) if given[n : n + len(wanted)] == wanted]
        if len(places) == 1:
            first = next(n for n, line in enumerate(search) if line.strip())
            return places[0], _indent(lines[places[0] + first]) - _indent(search[first])
        if places:
            raise EditError(f"These lines are there {len(places)} times, show more of them: {search[0].strip()!r}")
    raise EditError(f"These lines are not in the file: {' / '.join(line.strip() for line in search)[:200]!r}")


def _shifted(lines: list[str], shift: int) -> list[str]:
    """The lines with `shift` columns more, or less, before them."""
    if shift >= 0:
        return [" " * shift + line if line.strip() else line for line in lines]
    return [line[min(-shift, _indent(line)) :] for line in lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
