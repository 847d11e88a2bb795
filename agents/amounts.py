"""How many lines and decimal places a task wants, by its words, in English and Portuguese."""

import re

_ENGLISH = "one two three four five six seven eight nine ten eleven twelve".split()
_PORTUGUESE = "um dois três quatro cinco seis sete oito nove dez onze doze".split()
TO_TWELVE = {word: number for words in (_ENGLISH, _PORTUGUESE) for number, word in enumerate(words, 1)}
FEMININE = {"uma": 1, "duas": 2}
_UNITS = {
    **TO_TWELVE,
    **dict(zip("fifteen quinze twenty thirty forty fifty".split(), (15, 15, 20, 30, 40, 50), strict=True)),
    **dict(zip("vinte trinta quarenta cinquenta cem".split(), (20, 30, 40, 50, 100), strict=True)),
    **dict.fromkeys(("hundred", "a hundred", "one hundred"), 100),
}
_NUMBER = rf"(\d{{1,5}}|{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_RANKED = (
    r"(?:first|smallest|lowest|largest|biggest|highest|top|last|next|"
    r"primeir[oa]s|menores|maiores|[úu]ltim[oa]s|pr[óo]xim[oa]s)"
)
_PARTS = (
    r"(?!\s+(?:digits?|letters?|char\w*|columns?|fields?|days?|weeks?|months?|years?|hours?|minutes?|"
    r"d[íi]gitos?|letras?|caracter\w*|colunas?|campos?|dias?|semanas?|m[êe]s(?:es)?|anos?|horas?|minutos?)\b)"
)
_MADE = r"(?:write|list|save|store|put|generate|create|print|escrev\w+|list[ae]\w*|guard[ae]\w*|salv[ae]\w*|ger[ae]\w*)"
_COUNTED = re.compile(
    rf"\b{_RANKED}\s+{_NUMBER}\b{_PARTS}|\b{_NUMBER}\s+{_RANKED}\b|"
    rf"\b{_MADE}\s+(?:me\s+)?(?:the\s+|exactly\s+|os\s+|as\s+)?{_NUMBER}\s+(?!to\b|through\b|a\b|at[ée]\b|and\b|e\b|times\b)[^\W\d]{{3}}",
    re.I,
)
_EACH = re.compile(
    r"\b(?:one|single|each|every|um|uma|cada)\b[^.,;()]{0,24}?"
    r"\b(?:per|on (?:every|each|a|its own)|in (?:every|each|its own)|an?|por|em cada|n[ao]|numa)\s+"
    r"(?:line|row|separate line|linha)\b",
    re.I,
)
_MOST = (
    r"(?:most|highest|largest|biggest|longest|best|fewest|lowest|smallest|least|mais|menos|maior(?:es)?|menor(?:es)?)"
)
_NOT_ROWS = (
    r"(?!(?:days?|months?|years?|hours?|times|columns|tables|files|words|letters|dias?|m[êe]s(?:es)?|anos?|horas?|vezes|"
    r"colunas|tabelas|ficheiros|arquivos|palavras|letras|casas|decimal)\b)"
)
_TOP = re.compile(
    rf"\btop[ -]{_NUMBER}\b|\b(?:the|which|what|our|my|me|[oa]s|quais) {_NUMBER} "
    rf"(?:{_MOST}\b|{_NOT_ROWS}[^\W\d]{{3,}}s\b[^.;:!?]{{0,50}}?\b{_MOST}\b)",
    re.I,
)
_PARTED = re.compile(r"\b(?:per|each|every|por|cada|all|tod[oa]s)\b", re.I)
_SAVES = re.compile(
    r"(?:please,? |and |e )?(?:write|save|store|put|grav[ae]\w*|guard[ae]\w*|salv[ae]\w*|escrev\w+)\b", re.I
)
_ENDS = re.compile(r"(?<=[.!?;])\s+")


_DECIMALS = re.compile(
    rf"\b(\d|{'|'.join([*TO_TWELVE, *FEMININE])}) (?:decimal(?: place| digit)?s?\b|casas? decima(?:l|is)\b)", re.I
)


def cardinal(word: str) -> int:
    """The number that figures stand for, or a word up to twelve in English or Portuguese."""
    return int(word) if word.isdigit() else (TO_TWELVE | FEMININE)[word.lower()]


def lines_wanted(task: str) -> int | None:
    """The number of things of which the task wants one on each line; None where it does not say both."""
    match = _COUNTED.search(task) if _EACH.search(task) else None
    if match is None:
        return None
    return _number(match)


def most_wanted(task: str, name: str) -> int | None:
    """How many rows the file of this name has that is to hold what has the most of something; None where that is open.

    The number stands before the name in its sentence, or the name's sentence begins with that something is written.
    """
    before, found, _ = task.partition(name)
    *others, last = _ENDS.split(before)
    among = [last, *others] if _SAVES.match(last) else [last]
    match = next((match for sentence in among if (match := _TOP.search(sentence))), None)
    if not found or match is None or _PARTED.search(match.string):
        return None
    return _number(match)


def _number(match: re.Match[str]) -> int:
    """What the one group that matched stands for."""
    number = next(group for group in match.groups() if group).lower()
    return int(number) if number.isdecimal() else _UNITS[number]


def decimals_wanted(task: str) -> int | None:
    """Decimal places that the task asks for; None where it says none, or several."""
    found = {cardinal(word) for word in _DECIMALS.findall(task)}
    return found.pop() if len(found) == 1 else None
