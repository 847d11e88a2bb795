"""Whether an answer in words has the form that the task asks for: rules, where a small model often forgets one."""

import re

from agents.amounts import FEMININE, TO_TWELVE, cardinal
from agents.expectation import file_names
from agents.sequence import misplaced

_COUNT = rf"(?P<count>\d+|{'|'.join([*TO_TWELVE, *FEMININE])})"
_MOST = re.compile(
    r"(?:at most|no more than|in|under|within|up to|maximum(?: of)?|"
    r"no m[áa]ximo(?: em)?|at[ée]|em(?: menos de)?|menos de) "
    rf"{_COUNT} (?P<what>words|palavras|sentences?|frases?|lines?|linhas)",
    re.I,
)
_FEW = re.compile(
    r"\b(?:in )?(?:a )?few (?:short )?(?:sentences|words|lines)\b|\bpoucas (?:frases|palavras|linhas)\b|\bbriefly\b|"
    r"\b(?:very )?short answer\b|\bem resumo\b|\bbrevemente\b|\bresumidamente\b",
    re.I,
)
FEW_SENTENCES, FEW_WORDS = 6, 150
"""What a model is asked for, and the words that are taken, where few are wanted."""
_ASKS = re.compile(
    r"(?:what|which|how|when|why|who|where|whether|o que|que|quant[oa]s?|qual|quais|como|quando|porque|quem|onde|se)\b",
    re.I,
)
_PARTED = re.compile(r",\s*(?:and |e )?|\s+(?:and|e)\s+(?=(?:what|how|o que|qual|que)\b)")
_STEPS = re.compile(
    rf"(?:numbered|numerad[oa]s)[^.]*?\b(?:1|one|um) (?:to|a|-|at[ée]) {_COUNT}\b|"
    rf"{_COUNT.replace('count', 'other')} (?:numbered|passos numerados|itens numerados)",
    re.I,
)
_PLAIN = re.compile(
    r"\b(?:without|no|sem) (?:any )?(?:code|c[óo]digo)\b|n[ãa]o copies o c[óo]digo|"
    r"don't (?:show|copy) (?:the )?code",
    re.I,
)
_BARE = re.compile(
    r"\b(?:just|only) the (?:list|steps)\b|\bs[óo] a lista\b|\bsem explica[çc][õo]es\b|\bno explanations?\b", re.I
)
_PORTUGUESE = re.compile(r"\b(?:o|os|um|uma|de|da|em|na|para|com|que|n[ãa]o|é|s[ãa]o|qual|quais|e)\b", re.I)
_ENGLISH = re.compile(r"\b(?:the|an?|of|in|to|for|with|what|which|how|is|are|and)\b", re.I)
"""A small model that is told what to mend in English goes on in English."""
_TABLE = re.compile(
    r"(?:\b(?:show|list|give|put|present|write|format|answer|compare|summari[sz]e|arrange|mostr|apresent|escrev|compar|"
    r"respond|resum|organiz|d[áa]-me)\w*\b(?:(?!\b(?:how|why|whether|como (?!uma)|porqu\w+)\b)[^.;:!?])*?\b|"
    r"(?:^|[.;:!?,]\s*))"
    r"(?:(?:in|as|into) an? (?!(?:sql|html|database|sqlite|hash) )(?:\w+ )?table\b(?! (?:of|in) (?:the|a) database)|"
    r"(?:numa|em|como) (?:uma )?tabela\b(?! (?:sql|html|da base|de dados)))",
    re.I,
)
"""An order, or a few words behind a comma; what may stand in a table of a database is a matter of the question."""
_BOUNDS = re.compile(
    r"\b(?:constraints?|requirements?|rules|conditions?|restri[çc][õão]\w+|requisitos?|condi[çc][õão]\w+|regras)\b[^.;]*$",
    re.I,
)
"""What is listed behind it is no step."""
_ROW = re.compile(r"^\s*\|.*\|\s*$", re.M)
NO_TABLE = "It is not a table."
_ITEM = re.compile(r"^\s*(?:\*\*)?(\d{1,3})[.):]\s*(.+)", re.M)
_LISTED = re.compile(r"(?::|\b(?:are|s[ãa]o)\b)((?:[^,.;:]{3,40},){3,}[^.;:]*?)(?=[.;]|$)")


def faults(task: str, answer: str) -> list[str]:
    """What is not as the task asks for it, in words for the model."""
    items = _ITEM.findall(answer)
    found = [*_too_long(task, answer), *_misnumbered(task, [int(number) for number, _ in items])]
    if _tabled(task) and len(_ROW.findall(answer)) < 3:
        found.append(NO_TABLE)
    if _PLAIN.search(task) and "```" in answer:
        found.append("There is code in it, and none is wanted.")
    if items and _BARE.search(task) and len(items) < len([line for line in answer.splitlines() if line.strip()]):
        found.append("There is more than the list in it: only the list is wanted.")
    if items:
        wanted = listed(task)
        missing = [item for item in wanted if not _said(item, answer)]
        told = [f"These are missing in it: {', '.join(missing)}."]
        found += told if missing else misplaced(task, [line for _, line in items], wanted)
    return found


def form(task: str) -> list[str]:
    """The form that the task asks for, as rules for the model; of words a fifth less, since it does not count them."""
    found = ["Write in Portuguese."] if len(_PORTUGUESE.findall(task)) > len(_ENGLISH.findall(task)) else []
    for match in _MOST.finditer(task):
        most, what = cardinal(match["count"]), match["what"].lower()
        found.append(f"Write at most {most * 4 // 5 if what[0] in 'wp' else most} {what}.")
    if _FEW.search(task):
        found.append(f"Write at most {FEW_SENTENCES} sentences.")
    if parts := points(task):
        found.append(f"Say something of each of these: {'; '.join(parts)}.")
    if asked := _STEPS.search(task):
        count = cardinal(asked["count"] or asked["other"])
        found.append(f"Write {count} lines that begin with 1. to {count}.")
    if _tabled(task):
        found.append(
            "Write it as a Markdown table: a line | name | value |, a line | --- | --- |, then a line for each."
        )
    if _PLAIN.search(task):
        found.append("No code.")
    if _BARE.search(task):
        found.append("Only the list, nothing before or after it.")
    return found


def _tabled(task: str) -> bool:
    """Whether the answer itself, and no file, is to be a table."""
    return bool(_TABLE.search(task)) and not file_names(task)


def listed(task: str) -> list[str]:
    """What a task lists after a colon or `are`, where it is about steps: each must be in the answer."""
    if not (re.search(r"\b(steps?|passos?|plan|plano)\b", task, re.I) or _STEPS.search(task)):
        return []
    found = next((each for each in _LISTED.finditer(task) if not _BOUNDS.search(task[: each.start(1)])), None)
    parts = re.split(r",\s*(?:and\s+)?|\s+(?:and|e)\s+(?=[^,]*$)", found.group(1)) if found else []
    return [part.strip(" ,") for part in parts if part.strip(" ,") and not re.match(r"in my words", part.strip(), re.I)]


def points(task: str) -> list[str]:
    """The questions that a task lists after a colon; of several, a small model answers the first ones only."""
    for text in re.findall(r":\s+([^:.?!]+)", task):
        parts = [part.strip() for part in _PARTED.split(text)]
        if len(parts) > 2 and sum(bool(_ASKS.match(part)) for part in parts) > 1:
            return parts
    return []


def _said(item: str, answer: str) -> bool:
    """Whether each longer word of the item is in the answer, in whatever form it ends."""
    return all(word[:5] in answer.lower() for word in re.findall(r"\w{4,}", item.lower()))


def _too_long(task: str, answer: str) -> list[str]:
    words = len(re.findall(r"\w+(?:['’-]\w+)*", answer))
    long = words > FEW_WORDS and _FEW.search(task)
    found = [f"It has {words} words, but few are wanted: say it in {FEW_SENTENCES} sentences."] if long else []
    for match in _MOST.finditer(task):
        most, what = cardinal(match["count"]), match["what"].lower()
        counts = {
            "w": words,
            "p": words,
            "s": len(re.findall(r"[.!?…](?:\s|$)", answer)),
            "f": len(re.findall(r"[.!?…](?:\s|$)", answer)),
            "l": len([line for line in answer.splitlines() if line.strip()]),
        }
        count = counts[what[0]]
        found += [f"It has {count} {what}, but at most {most} are asked for: say less."] if count > most else []
    return found


def _misnumbered(task: str, numbers: list[int]) -> list[str]:
    asked = _STEPS.search(task)
    if not asked:
        return []
    count = cardinal(asked["count"] or asked["other"])
    if numbers == list(range(1, count + 1)):
        return []
    return [f"It must be a list of lines that begin with 1. to {count}., each number once; it has {len(numbers)}."]
