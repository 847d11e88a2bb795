"""The order of rows that a task asks for in a file that is to be made, by its words, in English and Portuguese."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_BY = re.compile(
    r"\b(?:sort(?:ed)?|order(?:ed)?|ordenad[ao]s?|ordena)(?:,? (?:alphabetically|alfabeticamente))? "
    r"(?:by|por|pel[ao]s?) (?:the |an? |o |a |os |as )?[\"'`]?(\w+)[\"'`]?([^.;]*)",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:the |o |a )?(?P<down>highest|largest|biggest|greatest|newest|latest|most|maior(?:es)?|mais)\b"
    r"(?P<what>(?: (?!first\b|primeiro\b)\w+){0,3}) (?:first|primeiro)\b|"
    r"\b(?:the |o |a )?(?P<up>lowest|smallest|oldest|earliest|least|menor(?:es)?)\b"
    r"(?P<other>(?: (?!first\b|primeiro\b)\w+){0,3}) (?:first|primeiro)\b|"
    r"\b(?P<rest>primeiro (?:o|a)s? que (?:tem|t[êe]m|vend\w+|gast\w+) mais|"
    r"d[oa] (?:\w+ ){0,5}maior (?:\w+ ){0,3}para [oa])",
    re.I,
)
_ALPHABET = re.compile(r"\b(?:alphabetical(?:ly)?|alfab[ée]tic\w+)\b", re.I)
_DOWN = re.compile(r"\b(?:descend\w*|decrescente|reverse|highest|largest|newest|latest|most|maior\w*)\b", re.I)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def misordered(task: str, name: str, rows: Sequence[Sequence[str]]) -> str:
    """What is wrong with the order of the rows of a table (the first: its header), in words for the model."""
    if len(rows) < 3 or len({len(row) for row in rows}) != 1:
        return ""
    column, down = wanted(task, rows)
    if column is None or not _is_mixed([row[column] for row in rows[1:]], down=down):
        return ""
    return f"The rows of {name} are not in the order of {rows[0][column]}, {'highest' if down else 'lowest'} first."


def wanted(task: str, rows: Sequence[Sequence[str]]) -> tuple[int | None, bool]:
    """The place of the column by which the task orders the rows, and whether the highest comes first."""
    header = [_plain(cell) for cell in rows[0]]
    numbers = [n for n in range(len(header)) if all(_NUMBER.fullmatch(row[n].strip()) for row in rows[1:])]
    if match := _BY.search(task):
        return _place(header, match[1]), bool(_DOWN.search(match[2]))
    if match := _FIRST.search(task):
        named = (_place(header, word) for word in (match["what"] or match["other"] or "").split())
        column = next((place for place in named if place is not None), numbers[-1] if numbers else None)
        return (column if column in numbers else None), not match["up"]
    if _ALPHABET.search(task) and 0 not in numbers:
        return 0, False
    return None, False


def _place(header: Sequence[str], word: str) -> int | None:
    word = _plain(word)
    forms = {word, word.removesuffix("s"), f"{word}s"}
    return next((place for place, cell in enumerate(header) if cell in forms), None)


def _is_mixed(cells: Sequence[str], *, down: bool) -> bool:
    """Whether they are in no order that could be meant: of numbers, of characters, of words without case or accents."""
    cells = cells[::-1] if down else cells
    if all(_NUMBER.fullmatch(cell.strip()) for cell in cells):
        return any(float(one) > float(other) for one, other in pairwise(cells))
    return all(any(key(one) > key(other) for one, other in pairwise(cells)) for key in (str, str.casefold, _plain))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
