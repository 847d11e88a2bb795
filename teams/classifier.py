"""Which road a task's words speak of, weighed as `agents.weights` says."""

import re
from typing import NamedTuple, cast

from agents.ledger import RouteKind
from agents.weights import Weight, Weights, plain, shares, stem, weights, without_quotes, words

KINDS: tuple[RouteKind, ...] = ("strategy", "code", "hybrid")


class Guess(NamedTuple):
    """A road, how likely it is (0 to 1), and the task's words that speak for it most, the strongest first."""

    kind: RouteKind
    likely: float
    told: list[str]


def classified(task: str, known: Weights | None = None) -> Guess:
    """The most likely road of `task`, by other weights if they are given."""
    known = known or weights("routes")
    found = shares(words(task), known, KINDS)
    best = max(found, key=found.__getitem__)
    return Guess(cast("RouteKind", best), found[best], _told(task, known, known.kinds.index(best)))


def _told(task: str, known: Weights, best: int) -> list[str]:
    spoken = {stem(plain(word)): word.lower() for word in re.findall(r"[^\W\d_]{4,}", without_quotes(task))}
    strength = {word: _strength(known.features[each], best) for each, word in spoken.items() if each in known.features}
    return sorted((word for word in strength if strength[word] > 0), key=strength.__getitem__, reverse=True)


def _strength(weight: Weight, kind: int) -> float:
    return weight.rare * (weight.adds.get(kind, 0.0) - sum(weight.adds.values()) / len(KINDS))
