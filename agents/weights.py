"""Linear models over words: which of several kinds something is, by features that were weighed on labelled examples.

The weights stand in `knowledge/NAME.tsv`, one feature a line; `benchmarks/learn.py` finds them.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("knowledge")
BIAS = ""
"""The feature that everything has."""
_STEM = 6
"""Letters of a word that count: what follows is inflection more often than not."""


class Weight(NamedTuple):
    """What a feature tells: how rare it is, and what it adds to each kind."""

    rare: float
    adds: tuple[float, ...]


Weights = Mapping[str, Weight]


@cache
def weights(name: str) -> Weights:
    """What was learned, by feature."""
    lines = (line.split("\t") for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines())
    return {feature: Weight(float(rare), tuple(map(float, adds))) for feature, rare, *adds in lines}


def shares(features: Iterable[str], known: Weights, among: Sequence[int]) -> list[float]:
    """How likely each kind is, by its place in the weights; those that are not `among` the possible ones: 0."""
    found = [known[feature] for feature in features if feature in known]
    length = math.hypot(*(each.rare for each in found)) or 1.0
    scores = {
        kind: known[BIAS].adds[kind] + sum(each.rare * each.adds[kind] for each in found) / length for kind in among
    }
    most = max(scores.values())
    whole = sum(math.exp(score - most) for score in scores.values())
    return [math.exp(scores[kind] - most) / whole if kind in scores else 0.0 for kind in range(len(known[BIAS].adds))]


def plain(text: str) -> str:
    """A text in lower case, without accents, all numbers alike."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"\d+", "0", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def stem(word: str) -> str:
    """The letters of a plain word that count."""
    return word.replace("\n", "\\n")[:_STEM]
