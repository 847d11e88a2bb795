"""What a task wants of each file that it names: by the words around the name, weighed as `agents.weights` says."""

import re
from collections.abc import Collection, Iterator
from typing import Literal

from agents.weights import plain, shares, stem, weights

Role = Literal["write", "example", "change", "gone", "read", "keep"]
"""`write`: is to be made; `example`: no such file is asked for; of files that are there: `change` (other content in the
end), `gone` (moved or deleted), `read`, `keep` (named to be left alone)."""
ROLES: tuple[Role, ...] = ("write", "example", "change", "gone", "read", "keep")
THERE: tuple[Role, ...] = ("change", "gone", "read", "keep", "example")
"""Roles of a file that is there."""
AWAY: tuple[Role, ...] = ("write", "example")
NEAR, FAR = 4, 9
"""Words before and after a name that count by their place, and that count at all."""
_WORD = re.compile(r"[\w*.-]*\w|[()\[\]:;,.?!`'\"«»“”>=-]|\n")
_ENDS = {".", "?", "!", ";", "\\n"}


def roles(task: str, names: Collection[str], there: Collection[str]) -> dict[str, dict[Role, float]]:
    """How likely each role is for each of these `names` in the task; `there`: those of files that exist."""
    found = {}
    for name in names:
        likely = shares(features(task, name, names, there), weights("roles"), THERE if name in there else AWAY)
        found[name] = {role: likely.get(role, 0.0) for role in ROLES}
    return found


def features(task: str, name: str, names: Collection[str], there: Collection[str]) -> set[str]:
    """The words around each mention of `name`, where they stand, and what the name looks like."""
    words, places = _words(task, name, names, there)
    verbs = [stem(word) for word in re.findall(r"\w+", plain(task))[:2]]
    found = {f"^ {' '.join(verbs)}", f"names {min(4, len(names))}", f"ends {name.rpartition('.')[2].lower()}"}
    found |= {f"has {mark}" for mark in "/ *_-" if mark in name}
    found |= {f"mentions {len(places)}"} | ({"upper"} if re.search(r"[A-Z]", name) else set())
    found |= {"first"} if places and not any(word in {"@new", "@old"} for word in words[: places[0]]) else set()
    for place in places:
        found |= {*_around(words, place), *_sentence(words, place)}
    found |= {f"looks {re.sub('[a-z]+', 'a', re.sub('[A-Z]+', 'A', re.sub('[0-9]+', '0', name)))}"}
    kind = "there" if name in there else "away"
    return {f"{kind} {each}" for each in found} | {kind}


def _words(task: str, name: str, names: Collection[str], there: Collection[str]) -> tuple[list[str], list[int]]:
    marked = task
    for number, each in enumerate(sorted(names, key=len, reverse=True)):
        mark = "thename" if each == name else f"oldname{number}" if each in there else f"newname{number}"
        marked = re.sub(rf"(?<![\w/.-]){re.escape(each)}(?![\w/-]|\.\w)", f" {mark} ", marked)
    words = [stem(re.sub(r"^(the|old|new)name0?$", r"@\1", word)) for word in _WORD.findall(plain(marked))]
    return words, [place for place, word in enumerate(words) if word == "@the"]


def _around(words: list[str], place: int) -> Iterator[str]:
    before, after = words[max(0, place - FAR) : place][::-1], words[place + 1 : place + 1 + FAR]
    for sign, near in (("-", before), ("+", after)):
        yield from (f"{sign}{at} {word}" for at, word in enumerate(near[:NEAR], 1))
        for word in near:
            if word in _ENDS:
                break
            yield f"{sign} {word}"
        yield f"{sign} {' '.join(near[:2])}"
    yield f"{(before or ['^'])[0]} @ {(after or ['$'])[0]}"
    inside = words[:place].count("(") > words[:place].count(")")
    if inside:
        yield "inside"
    begun = next((at for at, word in enumerate(before) if word in _ENDS), len(before))
    yield f"begins {(before[:begun] or ['@'])[-1]}"


def _sentence(words: list[str], place: int) -> Iterator[str]:
    begin = max((at for at in range(place) if words[at] in _ENDS), default=-1) + 1
    end = next((at for at in range(place, len(words)) if words[at] in _ENDS), len(words))
    yield f"sentence {' '.join(words[begin : begin + 2])}"
    yield from (f"with {word}" for word in words[begin:end])
