"""Linear models over words: which kinds something is, by features that were weighed on labelled examples.

The weights stand in `knowledge/NAME.tsv`: the kinds, then one feature a line; `benchmarks/learn.py` finds them.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("knowledge")
BIAS = ""
"""The feature that everything has."""
_STEM = 6
"""Letters of a word that count: what follows is inflection more often than not."""
_QUOTED = re.compile(r"```.*?(?:```|\Z)|«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']{12,}'(?!\w)", re.S)
_TOKEN = re.compile(r"\.\w+\b|\w+|[?!:]|''|\n")
_SENTENCE = re.compile(r"(?<=[.?!;:])\s+|\n+")
_FILE = re.compile(r"\w\.[a-z]\w{1,4}\b")


class Weight(NamedTuple):
    """What a feature tells: how rare it is, and what it adds to some kinds, by their places."""

    rare: float
    adds: Mapping[int, float]


class Weights(NamedTuple):
    """What was learned: the kinds, and a weight for each feature."""

    kinds: Sequence[str]
    features: Mapping[str, Weight]


@cache
def weights(name: str) -> Weights:
    """What was learned under this name."""
    kinds, *lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        feature, rare, *adds = line.split("\t")
        found[feature] = Weight(float(rare), {int(at): float(value) for at, _, value in map(_cut, adds)})
    return Weights(kinds.split("\t"), found)


def shares(features: Iterable[str], known: Weights, among: Collection[str]) -> dict[str, float]:
    """How likely each kind is, where it is one `among` these."""
    scores = {kind: score for kind, score in _scores(features, known).items() if kind in among}
    most = max(scores.values())
    whole = sum(math.exp(score - most) for score in scores.values())
    return {kind: math.exp(score - most) / whole for kind, score in scores.items()}


def chances(found: Sequence[Iterable[str]], known: Weights) -> dict[str, float]:
    """How likely each kind is, where it may be any number of them: by the features of a text and of its parts.

    That is the mean of what the whole text tells and what the part tells that speaks for it most.
    """
    whole, *parts = ([1 / (1 + math.exp(-score)) for score in _scores(each, known).values()] for each in found)
    most = [max(each) for each in zip(whole, *parts, strict=True)]
    return {kind: (one + other) / 2 for kind, one, other in zip(known.kinds, whole, most, strict=True)}


def with_sentences(text: str) -> list[str]:
    """The text, then each of its sentences."""
    return [text, *_SENTENCE.split(text)]


def words(text: str) -> set[str]:
    """Words, pairs of words and the shape of a text; without accents, case, numbers, and what stands in quotes."""
    text = plain(_QUOTED.sub("''", text))
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


def without_quotes(text: str) -> str:
    """A text without what it quotes."""
    return _QUOTED.sub("", text)


def plain(text: str) -> str:
    """A text in lower case, without accents, all numbers alike."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"\d+", "0", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def stem(word: str) -> str:
    """The letters of a plain word that count."""
    return word.replace("\n", "\\n")[:_STEM]


def _cut(text: str) -> tuple[str, str, str]:
    return text.partition(":")


def _scores(features: Iterable[str], known: Weights) -> dict[str, float]:
    found = [known.features[feature] for feature in features if feature in known.features]
    length = math.hypot(*(each.rare for each in found)) or 1.0
    bias = known.features[BIAS].adds
    scores = [bias.get(at, 0.0) for at in range(len(known.kinds))]
    for each in found:
        for at, value in each.adds.items():
            scores[at] += each.rare * value / length
    return dict(zip(known.kinds, scores, strict=True))
