"""The order of rows that a task asks for in a file that is to be made, by its words, in English and Portuguese."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tools.interpreter.worker.arranging import TIMES

_BY = re.compile(
    r"\b(?:(?:sort(?:ed)?|order(?:ed)?|ordenad[ao]s?|ordena)(?:,? (?:alphabetically|alfabeticamente))? "
    r"(?:by|por|pel[ao]s?) (?:the |an? |o |a |os |as )?|"
    r"in (?:the )?(?:\w+ending )?order of (?:the |their |its )?|p(?:or|ela) ordem (?:\w*crescente )?d[eoa]s? )"
    r"[\"'`]?(\w+)[\"'`]?([^.;]*)",
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
_DOWN = re.compile(
    r"\b(?:descend\w*|decrescente|reverse|(?:highest|largest|biggest|newest|latest|most|maior\w*)(?: \w+){0,2}? "
    r"(?:first|to|primeiro|para))\b",
    re.I,
)
_SORTS = re.compile(
    r"\b(?:alphabet\w*|alfab\w+|descend\w*|ascend\w*|(?:de)?crescente\w*|rank\w*|shuffl\w*|random\w*|baralh\w+|"
    r"revers\w*|(?:group|agrup)\w*|highest|largest|lowest|smallest|maior\w*|menor\w*)\b",
    re.I,
)
_NAMES = re.compile(
    r"\b(?:order|sort\w*|ordem|ordenad\w*) (?:of|by|d[eoa]s?|por|pel[oa]s?) (?:(?:the|their|its|o|os|seu|seus|file|"
    r"ficheiros?|arquivos?) )*(?:names?|filenames?|nomes?)\b|\balphabetical\w*|\bordem alfab\w+",
    re.I,
)
_ORDER = re.compile(
    r"\b(?:order\w*|sort\w*|ordem|ordena\w*|first|last|begin\w*|start\w*|then|reverse\w*|newest|latest|oldest|"
    r"primeir\w*|[úu]ltim\w*|come[cç]\w+|depois|invers\w*|recent\w*|antig\w*|chronolog\w*|cronol[óo]g\w*)\b",
    re.I,
)
KEEPS = re.compile(
    r"\b(?:(?:keep|leave|preserv|maint|mant|conserv|respeit)\w*|same|original|mesma) "
    r"(?:[^\W\d]+ ){0,3}(?:order|ordem)\b|"
    r"\border (?:stays|remains|is kept|unchanged|of the (?:rows|lines) (?:stays|remains))\b|\bordem original\b",
    re.I,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def orders(task: str) -> bool:
    """Whether the task has a word about any order."""
    return bool(_ORDER.search(task) or _SORTS.search(task) or KEEPS.search(task))


def misordered(task: str, name: str, rows: Sequence[Sequence[str]]) -> str:
    """What is wrong with the order of the rows of a table (the first: its header), in words for the model."""
    if len(rows) < 3 or len({len(row) for row in rows}) != 1:
        return ""
    column, down = wanted(task, rows)
    if column is None or not _is_mixed([row[column] for row in rows[1:]], down=down):
        return ""
    return f"The rows of {name} are not in the order of {rows[0][column]}, {'highest' if down else 'lowest'} first."


def resorted(task: str, made: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> bool:
    """Whether the rows of a table stand in another order than in the one that it is made from, and none was asked for.

    Both begin with their headers; columns tell the same rows whose values are the same ones.
    """
    if (_ORDER.search(task) or _SORTS.search(task)) and not KEEPS.search(task):
        return False
    if len(made) != len(read) or any(len(row) != len(table[0]) for table in (made, read) for row in table):
        return False
    pairs = [(made[0].index(name), place) for place, name in enumerate(read[0]) if name in made[0]]
    same = [(to, at) for to, at in pairs if sorted(row[to] for row in made[1:]) == sorted(row[at] for row in read[1:])]
    ours, theirs = [[row[to] for to, _ in same] for row in made[1:]], [[row[at] for _, at in same] for row in read[1:]]
    return ours != theirs and sorted(ours) == sorted(theirs)


def shuffled(task: str, made: str, parts: Mapping[str, str]) -> tuple[str, str] | None:
    """Two names of files, the former of which comes later in a text that is made of them, against the task's order.

    That is the one in which it names them all, else that of their names, also where a task that joins files says none.
    """
    if _ORDER.search(task) and not _NAMES.search(task):
        return None
    found = joined(made, parts)
    if len(found) < 3:
        return None
    if meant := mentioned(task, found):
        return next(((one, other) for one, other in zip(meant, found, strict=True) if one != other), None)
    if found in (sorted(found), sorted(found, key=str.casefold), sorted(found, key=_by_number)):
        return None
    return next((other, one) for one, other in pairwise(found) if one > other)


def joined(made: str, parts: Mapping[str, str]) -> list[str]:
    """The files whose texts a text is made of, in its order; none where it is mostly something else."""
    places = {name: made.find(text.strip()) for name, text in parts.items() if len(text.strip()) > 9}
    found = sorted((name for name in places if places[name] >= 0), key=places.__getitem__)
    return found if sum(len(parts[name].strip()) for name in found) >= len(made.strip()) * 0.8 else []


def mentioned(task: str, files: Sequence[str]) -> list[str]:
    """The files in the order in which the task names them; none where it leaves one out, or wants another."""
    ends = [name.rpartition("/")[2] for name in files]
    places = [re.search(rf"(?<![\w.-]){re.escape(end)}(?![\w-])", task) for end in ends]
    if _NAMES.search(task) or None in places:
        return []
    return [name for _, name in sorted(zip((place.start() for place in places if place), files, strict=True))]


def _by_number(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name.casefold())]


def wanted(task: str, rows: Sequence[Sequence[str]]) -> tuple[int | None, bool]:
    """The place of the column by which the task orders the rows, and whether the highest comes first."""
    header = [_plain(cell) for cell in rows[0]]
    numbers = [n for n in range(len(header)) if all(_NUMBER.fullmatch(row[n].strip()) for row in rows[1:])]
    if match := _BY.search(task):
        return _place(header, match[1]), bool(_DOWN.search(match[0]))
    if match := _FIRST.search(task):
        named = (_place(header, word) for word in (match["what"] or match["other"] or "").split())
        column = next((place for place in named if place is not None), numbers[-1] if numbers else None)
        return (column if column in numbers else None), not match["up"]
    if _ALPHABET.search(task) and 0 not in numbers:
        return 0, False
    return None, False


def asked(task: str, headings: Sequence[str]) -> tuple[int | None, bool]:
    """As `wanted`, of a table that is not there yet: its first column is taken for text, the others for numbers."""
    return wanted(task, [headings, ("a", *["1"] * (len(headings) - 1))])


def _place(header: Sequence[str], word: str) -> int | None:
    word = _plain(word)
    forms = {word, word.removesuffix("s"), f"{word}s"}
    return next((place for place, cell in enumerate(header) if cell in forms), None)


def _is_mixed(cells: Sequence[str], *, down: bool) -> bool:
    """Whether they are in no order that could be meant: of numbers, of characters, of words without case or accents."""
    if any(TIMES.search(cell.strip()) for cell in cells):
        return False
    cells = cells[::-1] if down else cells
    if all(_NUMBER.fullmatch(cell.strip()) for cell in cells):
        return any(float(one) > float(other) for one, other in pairwise(cells))
    return all(
        any(key(one) > key(other) for one, other in pairwise(cells)) for key in (str, str.casefold, _plain, _natural)
    )


def _natural(text: str) -> str:
    """The text for an order in which 9 comes before 10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(9), text.casefold())


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
