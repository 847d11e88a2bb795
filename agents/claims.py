"""What can be said of an answer that rests on tools, without a model: what it claims must come from somewhere."""

import json
import re
from collections import Counter
from collections.abc import Mapping

from agents.amounts import TO_TWELVE
from agents.answers import NO_TABLE
from agents.expectation import NAME, file_names
from agents.ledger import Ledger
from tools.addresses import ADDRESS, addresses
from tools.mcp.marks import unmarked
from tools.replies import json_object

AGAIN = "Error: this call went wrong before, "
_OURS = re.compile(r"Error: (?:this call|the arguments of|there is no tool|not called)")
"""Errors that a model can mend, or that only name another one."""
_BEFORE = re.compile(r"^(?:Error(?: executing tool \S+)?:\s+|[\w-]+:\s+)+")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_QUOTED = re.compile(r"(?<!\w)(?:'([^'\n]{1,80})'|\"([^\"\n]{1,80})\"|«([^»\n]{1,80})»|“([^”\n]{1,80})”)(?!\w)")
_AMOUNT = re.compile(
    r"\b(?:how (?:many|much|old|long|far|warm|large|big)|what time|quant[oa]s?|que horas)\b|"
    r"\b(?:tell|give|say|what|which|find|show|list|report|di(?:z|ga)|qual|quais|mostr[ae]|list[ae]|indi(?:ca|que))\b[^.?!\n]*"
    r"\b(?:numbers?|prices?|costs?|hours|dates?|totals?|n[úu]meros?|pre[çc]os?|custa\w*|hor[áa]rio|datas?|tota(?:l|is))\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\b(?:numbers|prices?|costs?|hours|dates|totals?|n[úu]meros|pre[çc]os?|custos?|hor[áa]rios?|datas|totais)\b", re.I
)
_WHICH = re.compile(
    r"\b(?:which|quais|que) (?!prices|costs|hours|dates|totals|numbers|does|this|was|has)([a-zà-ÿ]{2,}s)\b", re.I
)
_COUNTED = re.compile(rf"\b(?:no|none|nothing|nenhum\w*|{'|'.join(TO_TWELVE)})\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:in|of|for|about|em|de|do|da|para|sobre) (?!(?:English|Portugu|Spanish|French|German|Markdown|Python|Ingl|"
    r"Espanh|Franc|Alem))([A-ZÀ-Ý][a-zà-ÿ]{2,}(?: [A-ZÀ-Ý][a-zà-ÿ]+)*)"
)
_ACTS = re.compile(
    r"\b(?:add|insert|append|write|save|create|make|put|set|send|submit|fill|type|enter|rename|move|copy|delete|remove|"
    r"change|update|book|schedule|post|draw|adiciona\w*|acrescenta\w*|insere|inser\w+|escrev\w+|guard\w+|salv\w+|cri[ae]\w*|"
    r"faz|faça|envi\w+|preench\w+|renomei\w+|mov[ae]\w*|copi\w+|apag\w+|remov\w+|mud[ae]\w*|alter[ae]\w*|atualiz\w+)\b",
    re.IGNORECASE,
)


CALL = "make the call"
"""What a fault says that no other answer, but only a call can cure."""
UNSAID = "It does not tell which"
UNTOLD = "It does not tell the number that is asked for."


def unfounded(ledger: Ledger, answer: str) -> list[str]:
    """Why an answer cannot stand, in words for the model."""
    call = json_object(answer) if answer.lstrip().startswith(("{", "`")) else None
    if call and {"name", "arguments"} <= call.keys():
        return [f"There is no tool {call['name']} now: answer in words, or call one that is there."]
    if all(used.wrong for used in ledger.calls):
        last = f" The last one said: {ledger.calls[-1].text[:300]}" if ledger.calls else ""
        return [f"No tool has given anything yet.{last} So {CALL} that the task needs."]
    if left := _undone(ledger):
        writes = " (run_code writes files)" if file_names(" ".join(left)) else ""
        return [f"No call had {', '.join(left)} in it, so that is not done: {CALL} that does it{writes}."]
    if strangers := absent(ledger):
        return [f"No call was about {', '.join(strangers)}: {CALL} that is."]
    told = ADDRESS.sub(" ", answer)
    if _AMOUNT.search(ledger.task) and not re.search(r"\d", told) and not _COUNTED.search(told):
        return [UNTOLD]
    if (which := _WHICH.search(ledger.task)) and not _news(ledger, told):
        return [f"{UNSAID} {which[1]}."]
    strange = invented(ledger, answer)
    if strange and not any("stands in nothing" in fault for fault in ledger.faults):
        return [f"{', '.join(strange)} stands in nothing that a tool gave: {CALL} that tells it."]
    return []


def _given(ledger: Ledger) -> str:
    """What the calls gave that went well."""
    return " ".join(unmarked(used.text) for used in ledger.calls if not used.wrong)


def _news(ledger: Ledger, answer: str) -> set[str]:
    """Words of the answer that come from results, and that the task did not bring along."""
    texts = answer, _given(ledger), ledger.task
    said, known, asked = (set(re.findall(r"[^\W\d_]{2,}", text.lower())) for text in texts)
    return (said & known) - asked


def absent(ledger: Ledger) -> list[str]:
    """Places and people that the task asks about (`in New York`) of which neither a call nor a result has a word."""
    good = [used for used in ledger.calls if not used.wrong]
    known = re.sub(
        r"[-_/]", " ", " ".join([ledger.road.reason, *(used.arguments + unmarked(used.text) for used in good)])
    ).lower()
    names = dict.fromkeys(_ABOUT.findall(ledger.task))
    return [name for name in names if not any(word in known for word in name.lower().split())]


def unwritten(task: str, texts: Mapping[str, str]) -> list[str]:
    """Why files, by their texts, cannot be what the task asks for: they were to hold figures, and hold none."""
    wanted = _FIGURES.search(task)
    empty = [name for name, text in texts.items() if wanted and not re.search(r"\d", text)]
    return [f"{', '.join(empty)} has no figures, and is to hold them: {CALL} that writes it anew."] if empty else []


def at_hand(ledger: Ledger) -> bool:
    """Whether the first answer after a call leaves out what tools gave, or is no table: it is to be told in words."""
    given = ADDRESS.sub(" ", _given(ledger))
    unsaid = NO_TABLE in ledger.faults or any(fault.startswith(UNSAID) for fault in ledger.faults)
    return ledger.answers == 1 and (unsaid or (UNTOLD in ledger.faults and bool(re.search(r"\d", given))))


def hopeless(ledger: Ledger) -> str:
    """Why no further call can help: two different ones met the same obstacle, or one was made again and again."""
    again = [used for used in ledger.stuck if used.text.startswith(AGAIN)]
    met = {(used.name, used.arguments): _obstacle(used.text) for used in ledger.stuck if not _OURS.match(used.text)}
    (obstacle, often), *_ = Counter(met.values()).most_common(1) or [("", 0)]
    return obstacle if obstacle and (often > 1 or len(again) > 1) else ""


def _obstacle(text: str) -> str:
    """What an error says, without the names of tools before it."""
    return _BEFORE.sub("", " ".join(unmarked(text).split()))[:400]


def invented(ledger: Ledger, answer: str) -> list[str]:
    """Numbers of the answer that are neither in the task, nor in the folder's survey, nor in what the tools gave."""
    known = f"{ledger.task} {ledger.survey} {_given(ledger)}"
    values = {_value(number) for number in _NUMBER.findall(known)}
    rounded = {float(round(value)) for value in values} | {value - 12 for value in values if 12 < value < 24}
    found = dict.fromkeys(_NUMBER.findall(_numbered(answer)))
    return [number for number in found if _value(number) not in values | rounded]


def _undone(ledger: Ledger) -> list[str]:
    """Addresses, and values that the task gives to something that is to be done, that no call that went well had."""
    task = ADDRESS.sub(" ", ledger.task)
    made = " ".join(str(json.loads(used.arguments)) for used in ledger.calls if not used.wrong).lower()
    unseen = [address for address in addresses(ledger.task) if address.lower().split("://")[-1] not in made]
    if unseen or not _ACTS.search(task):
        return unseen
    quoted = [next(filter(None, match)) for match in _QUOTED.findall(task)]
    named = [value for value in [*quoted, *file_names(task)] if value.lower() not in made]
    numbers = {_value(number) for number in _NUMBER.findall(made)}
    plain = _NUMBER.findall(_QUOTED.sub(" ", NAME.sub(" ", task)))
    return [*named, *(number for number in plain if _value(number) not in numbers)]


def _numbered(answer: str) -> str:
    """The answer without the numbers of a list's items."""
    return re.sub(r"(?m)^\s*\d{1,2}[.)]\s", "", answer)


def _value(number: str) -> float:
    return float(number.replace(",", ""))
