"""The order that a task states for the things that it lists: what is first, last, before and after."""

import re
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

_CLAUSES = re.compile(r"[.;:]\s+|[.;]$|,?\s+(?:and|but|e|mas)\s+|,\s+|\n")
_FIRST = re.compile(r"\b(?:first|primeir[oa])\b", re.I)
_LAST = re.compile(r"\b(?:last|[úu]ltim[oa])\b", re.I)
_BEFORE = re.compile(r"\b(?:before|antes d\w+)\b", re.I)
_AFTER = re.compile(r"\b(?:after|once|(?:only|can)\b.*?\bwhen|depois d\w+|s[óo] (?:quando|ap[óo]s))\b", re.I)
_WHILE = re.compile(r"\b(?:while|enquanto)\b", re.I)
_ENDS = re.compile(
    r"(?:re)?(?:start|open|connect|enable|activate)|resume|unlock|turn on|switch on|"
    r"(?:re)?(?:abr|inici|arranc|lig|ativ)\w+|retom\w+|desbloque\w+",
    re.I,
)
"""What ends the state of something that was stopped, closed or switched off."""
_ITEM = re.compile(r"^(\s*(?:\*\*)?)(\d{1,3})([.):].*)$", re.M)
_HOUR = re.compile(r"\d\s*h\d{0,2}\b|\d:\d\d|\b\d+ ?(?:am|pm)\b", re.I)


def conditions(task: str, items: Sequence[str]) -> tuple[list[tuple[int, int]], int | None, int | None]:
    """Pairs of places in `items` of which the first comes before the second; the first of all; the last of all."""
    pairs: list[tuple[int, int]] = []
    first = last = None
    subject: int | None = None
    for clause in _CLAUSES.split(_without(task, items)):
        who = _who(clause, items)
        for word, earlier in ((_BEFORE, True), (_AFTER, False), (_WHILE, False)):
            if not (match := word.search(clause)):
                continue
            left = _who(clause[: match.start()], items)
            one, other = subject if left is None else left, _who(clause[match.end() :], items)
            if one is not None and other is not None and one != other:
                ends = _ends(other, items) if word is _WHILE else None
                pairs += [] if ends in (None, one) else [(one, ends)]
                pairs.append((one, other) if earlier else (other, one))
            who = one
            break
        else:
            first = who if _FIRST.search(clause) and who is not None else first
            last = who if _LAST.search(clause) and who is not None else last
        subject = subject if who is None else who
    return pairs, first, last


def _ends(begun: int, items: Sequence[str]) -> int | None:
    """The place of what ends a state that another thing begins: `start the shop` for `stop the shop`."""
    about = items[begun].lower().split()[1:]
    ends = (place for place, item in enumerate(items) if item.lower().split()[1:] == about and _ENDS.match(item))
    return next((place for place in ends if place != begun), None) if about else None


def arranged(task: str, answer: str, items: Sequence[str]) -> str:
    """The numbered lines of `answer` in the order that the task states, the rest of it as it was.

    As it is where it is not one line for each thing, where lines have hours, or where the order contradicts itself.
    """
    lines = _ITEM.findall(answer)
    places = [_who(text, items) for _, _, text in lines]
    if not items or None in places or sorted(map(str, places)) != sorted(map(str, range(len(items)))):
        return answer
    if _HOUR.search(" ".join(text for _, _, text in lines)):
        return answer
    pairs, first, last = conditions(task, items)
    every = range(len(items))
    pairs += [(first, other) for other in every if first not in (None, other)]
    pairs += [(other, last) for other in every if last not in (None, other)]
    order = [place for place in places if place is not None]
    try:
        found = _sorted(order, pairs)
    except CycleError:
        return answer
    texts = iter([lines[order.index(place)][2] for place in found])
    return _ITEM.sub(lambda match: f"{match[1]}{match[2]}{next(texts)}", answer)


def misplaced(task: str, lines: Sequence[str], items: Sequence[str]) -> list[str]:
    """What of a numbered list's lines is not in the order that the task states, in words for the model."""
    places = [_who(line, items) for line in lines]
    pairs, _, _ = conditions(task, items)
    wrong = ((one, other) for one, other in pairs if one in places and other in places)
    return [
        f"By the task, {items[one]} comes before {items[other]}."
        for one, other in wrong
        if places.index(one) > places.index(other)
    ]


def _sorted(order: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[int]:
    """`order` with as little changed as the pairs allow."""
    graph: dict[int, set[int]] = {place: set() for place in order}
    for one, other in pairs:
        graph[other].add(one)
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready, found = list(sorter.get_ready()), []
    while ready:
        chosen = min(ready, key=order.index)
        ready.remove(chosen)
        found.append(chosen)
        sorter.done(chosen)
        ready += sorter.get_ready()
    return found


def _without(task: str, items: Sequence[str]) -> str:
    """The task without its list."""
    for item in items:
        task = task.replace(item, "", 1)
    return task


def _who(text: str, items: Sequence[str]) -> int | None:
    """The place of the one item of which the text has more words than of any other."""
    words = re.findall(r"\w+", text.lower())
    scores = [
        sum(any(word.startswith(stem) for word in words) for stem in _stems(item)) / max(1, len(_stems(item)) - 1)
        for item in items
    ]
    best = max(scores, default=0)
    return scores.index(best) if best and scores.count(best) == 1 else None


def _stems(item: str) -> list[str]:
    words = [word for word in re.findall(r"\w+", item.lower()) if len(word) > 2 and word not in {"the", "and", "dos"}]
    return [word[: max(3, len(word) - 1)] for word in words]
