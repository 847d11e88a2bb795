"""Which road a task's words speak of: words, pairs of words and the task's shape, weighed as `agents.weights` says."""

import re
from typing import NamedTuple

from agents.ledger import RouteKind
from agents.weights import Weight, Weights, plain, shares, stem, weights

KINDS: tuple[RouteKind, ...] = ("strategy", "code", "hybrid")
_QUOTED = re.compile(r"```.*?(?:```|\Z)|«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']{12,}'(?!\w)", re.S)
_TOKEN = re.compile(r"\.\w+\b|\w+|[?!:]|''|\n")
_FILE = re.compile(r"\w\.[a-z]\w{1,4}\b")


class Guess(NamedTuple):
    """A road, how likely it is (0 to 1), and the task's words that speak for it most, the strongest first."""

    kind: RouteKind
    likely: float
    told: list[str]


def classified(task: str, known: Weights | None = None) -> Guess:
    """The most likely road of `task`, by other weights if they are given."""
    known = known or weights("routes")
    found = shares(features(task), known, range(len(KINDS)))
    best = found.index(max(found))
    return Guess(KINDS[best], found[best], _told(task, known, best))


def features(task: str) -> set[str]:
    """Words, pairs of words and the shape of a task; without accents, case, numbers, and what stands in quotes."""
    text = plain(_QUOTED.sub("''", task))
    stems = [stem(word) for word in _TOKEN.findall(text)]
    pairs = {f"{one} {other}" for one, other in zip(["^", *stems], [*stems, "$"], strict=True)}
    apart = {f"{one}_{other}" for one, other in zip(stems, stems[2:], strict=False)}
    short = {f"{each[:4]}*" for each in stems if len(each) > 4}
    shape = {
        f"length {min(9, len(stems) // 6)}",
        f"files {min(4, len(_FILE.findall(text)))}",
        f"commas {min(6, text.count(','))}",
        f"^ {' '.join(stems[:2])}",
    }
    return {*stems, *pairs, *apart, *short, *shape}


def _told(task: str, known: Weights, best: int) -> list[str]:
    words = {stem(plain(word)): word.lower() for word in re.findall(r"[^\W\d_]{4,}", _QUOTED.sub("", task))}
    strength = {word: _strength(known[each], best) for each, word in words.items() if each in known}
    return sorted((word for word in strength if strength[word] > 0), key=strength.__getitem__, reverse=True)


def _strength(weight: Weight, kind: int) -> float:
    return weight.rare * (weight.adds[kind] - sum(weight.adds) / len(KINDS))
