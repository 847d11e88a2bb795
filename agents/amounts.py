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
_PARTS = r"(?!\s+(?:digits?|letters?|char\w*|columns?|fields?|d[íi]gitos?|letras?|caracter\w*|colunas?|campos?)\b)"
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
    number = next(group for group in match.groups() if group).lower()
    return int(number) if number.isdecimal() else _UNITS[number]


def decimals_wanted(task: str) -> int | None:
    """Decimal places that the task asks for; None where it says none, or several."""
    found = {cardinal(word) for word in _DECIMALS.findall(task)}
    return found.pop() if len(found) == 1 else None
