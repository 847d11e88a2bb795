"""Names of columns that a task asks for in a table that is to be made."""

import re

from agents.expectation import NAME
from agents.wording import SENTENCE

LIST = re.compile(
    r"(?<!more )(?<!new )(?<!extra )(?<!mais )(?<!novas )(?<!additional )"
    r"\b(?:columns|headers?|headings?|colunas|cabe[çc]alhos?)\b(?: (?:named|called|are|chamad[ao]s?))?:? *\(?"
    r"((?:[\w%-]+,)+[\w%-]+(?=[.,;:]? |$)|[\"'`]?[\w%-]+[\"'`]?(?:(?:, *|;)(?!(?:and|e) )[\"'`]?[\w%-]+[\"'`]?)*"
    r"(?:,? (?:and|e|&) [\"'`]?[\w%-]+[\"'`]?)?)(?: (\w+))?",
    re.I,
)
"""Names behind the word for columns, `columns a, b and c`, and the next word if one follows at once."""
_APART = re.compile(r",? (?:and|e|&) |, *|;")
_NO_NAMES = frozenset(
    "and are as at called by de do da dos das dois e each em for from has have in is it like na no of on one only or "
    "order ordered ordenad para per por que same separated should sort sorted that the three to two um uma was where "
    "which with".split()
)
ASIDE = re.compile(r" ?\((?![^)]*\b(?:columns|header|colunas|cabe[çc]alho)\b)[^)]*\)", re.I)
_TAKEN = re.compile(
    r"\b(?:without|drop\w*|remov\w*|delet\w*|exclud\w*|ignor\w*|except|by|on|sum|sem|retir\w*|apag\w*|por|pel[ao]s)"
    r"\s+(?:the |as |os )?$",
    re.I,
)
"""What stands before columns that are left out, or worked with."""


def headings(task: str, name: str) -> tuple[str, ...]:
    """The columns that the table `name` is to have, in order; none where the task does not list them."""
    for sentence in SENTENCE.split(ASIDE.sub("", task)):
        files = [(match.start(), match.group(1).strip(".")) for match in NAME.finditer(sentence)]
        for match in LIST.finditer(sentence):
            if _TAKEN.search(sentence[: match.start()]):
                continue
            before = [file for at, file in files if at < match.start()]
            after = [file for at, file in files if at >= match.end()]
            found = [part.strip("\"'` ") for part in _APART.split(match[1])]
            if match[2] and match[2].lower() not in _NO_NAMES:  # two words, or no name: `a, b, highest first`
                found = found[:-1] if re.search(r", *[\w\"'`%-]+$", match[1]) else []
            if (
                len(found) > 1
                and (before[-1:] or after[:1]) == [name]
                and not _NO_NAMES & {part.lower() for part in found}
            ):
                return tuple(found)
    return ()


def misnamed(name: str, wanted: tuple[str, ...], header: list[str]) -> str:
    """What is wrong with the first row of the table `name`, in words for the model; empty where nothing is."""
    if not wanted or [cell.strip().lower() for cell in header] == [each.lower() for each in wanted]:
        return ""
    told = f"The first row of {name} must be {','.join(wanted)} and is {','.join(header)[:200]}."
    lost = len(header) < len(wanted)
    return f"{told} With index=False the index is lost: call reset_index() before." if lost else told
