"""Which tools a step may need, by their words: a BM25 index in a page, no model call."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tools.addresses import ADDRESS
from tools.mcp.words import NAMES, STOP, SYNONYMS

Schema = dict[str, Any]
Size = Callable[[Schema], int]
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|\d+")
_K, _B = 1.2, 0.6


def words(text: str) -> list[str]:
    """The words of a text or of a name in any spelling, without endings; an address counts as a page."""
    linked, count = ADDRESS.subn(" ", text)
    for name, word in NAMES.items():
        linked = re.sub(name, word, linked, flags=re.IGNORECASE)
    found = [word.lower() for word in _WORD.findall(linked)] + ["url", "page", "web"] * bool(count)
    plain = [_stem(SYNONYMS.get(word, word)) for word in found]
    return [word for word in plain if word not in STOP and len(word) > 1]


def _stem(word: str) -> str:
    """`files` and `file`, `listing` and `list`, `queries` and `query` become one word."""
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


class Index:
    """Texts, each a bag of words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.bags = [Counter(words(text)) for text in texts]
        self.mean = sum(bag.total() for bag in self.bags) / max(1, len(self.bags)) or 1.0
        self.within = Counter(word for bag in self.bags for word in bag)

    def scores(self, query: str) -> list[float]:
        """How well each text answers the query; 0 where no word of it occurs."""
        wanted = set(words(query))
        return [sum(self._weight(word, bag) for word in wanted & bag.keys()) for bag in self.bags]

    def _weight(self, word: str, bag: Counter[str]) -> float:
        rare = math.log(1 + (len(self.bags) - self.within[word] + 0.5) / (self.within[word] + 0.5))
        often = bag[word] * (_K + 1) / (bag[word] + _K * (1 - _B + _B * bag.total() / self.mean))
        return rare * often


def described(schema: Schema) -> str:
    """The words by which a tool is found: its name counts three times, then its description and its parameters."""
    properties = schema["parameters"].get("properties") or {}
    told = [each.get("description", "") for each in properties.values() if isinstance(each, dict)]
    return " ".join([*[schema["name"]] * 3, schema["description"], *properties, *map(str, told)])


def cost(schema: Schema) -> int:
    """About how many tokens a tool takes in a prompt: JSON has 3.4 characters a token with Qwen's words."""
    return round(len(json.dumps(schema, ensure_ascii=False, separators=(",", ":"))) / 3.4) + 8


def fitting(ranked: Sequence[Schema], tokens: int, size: Size = cost) -> list[Schema]:
    """As many as fit, the first ones first; one that is too large is passed over, not cut."""
    kept: list[Schema] = []
    for schema in ranked:
        if (needs := size(schema)) <= tokens:
            kept.append(schema)
            tokens -= needs
    return kept
