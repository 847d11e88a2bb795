"""JSON as small models write it: comments, trailing commas, single quotes, Python literals, missing last brackets."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DEPTH = 60
_START = re.compile(r"\{|\[(?=\s*[{\[\]])")
_SPACE = re.compile(r"(?:\s+|//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_TRIPLE = re.compile(r"(\"\"\"|''')(.*?)\1", re.DOTALL)
# A quote ends the string only where JSON can go on: `"print("hi")"` is one string.
_STRINGS = {
    quote: re.compile(rf"{quote}((?:\\.|[^\\])*?){quote}(?=\s*(?:[,:}}\]]|/[/*]|#|\Z))", re.DOTALL)
    for quote in ('"', "'")
}
_KEY = re.compile(r"[A-Za-z_$][\w$-]*")
_WORD = re.compile(r"[-+\w.]+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""} | {char: char for char in "\"'\\/"}
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None, "undefined": None}
_STRICT = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Found:
    """A value in a text, where it ends, and how many closing brackets the text lacks."""

    value: Any
    end: int
    missing: int = 0


class _Stop(Exception):  # noqa: N818 (a signal, not an error)
    """There is no value here."""


def values(text: str) -> Iterator[Found]:
    """The outermost objects, and lists of objects, in a text; strict JSON first: what is right stays as it is."""
    position, budget = 0, 100_000 + 8 * len(text)  # a hostile reply must not cost the square of its length
    while budget > 0 and (start := _START.search(text, position)):
        reader = _Reader(text, start.start())
        found = _strict(text, start.start()) or reader.read()
        if found:
            yield found
        else:
            budget -= 100 + reader.position - start.start()
        position = found.end if found else start.end()


def _strict(text: str, start: int) -> Found | None:
    try:
        return Found(*_STRICT.raw_decode(text, start))
    except (ValueError, RecursionError):
        return None


class _Reader:
    """Recursive descent over one value."""

    def __init__(self, text: str, position: int) -> None:
        self.text, self.position, self._missing = text, position, 0

    def read(self) -> Found | None:
        """The value at the position, or None."""
        try:
            value = self._value(0)
        except (_Stop, ValueError):
            return None
        return Found(value, self.position, self._missing)

    def _next(self) -> str:
        space = _SPACE.match(self.text, self.position)
        self.position = space.end() if space else self.position
        return self.text[self.position : self.position + 1]

    def _value(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise _Stop
        match self._next():
            case "{":
                return self._object(depth + 1)
            case "[":
                return self._array(depth + 1)
            case '"' | "'":
                return self._string()
        return self._word()

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.position += 1
        while not self._closes("}"):
            key = self._string() if self._next() in {'"', "'"} else self._match(_KEY)[0]
            if self._next() != ":":
                raise _Stop
            self.position += 1
            found[key] = self._value(depth)
            self._separates("}")
        return found

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.position += 1
        while not self._closes("]"):
            found.append(self._value(depth))
            self._separates("]")
        return found

    def _closes(self, bracket: str) -> bool:
        char = self._next()
        self._missing += not char
        self.position += char == bracket
        return char in {"", bracket}

    def _separates(self, bracket: str) -> None:
        char = self._next()
        if char not in {"", ",", bracket}:
            raise _Stop
        self.position += char == ","

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.position)
        if not match:
            raise _Stop
        self.position = match.end()
        return match

    def _string(self) -> str:
        start, quote = self.position, self.text[self.position]
        self.position = len(self.text)  # what a search without success has cost
        if match := _TRIPLE.match(self.text, start):
            self.position = match.end()
            return match[2]
        if match := _STRINGS[quote].match(self.text, start):
            self.position = match.end()
            return _unescaped(match[1])
        raise _Stop

    def _word(self) -> Any:
        word = self._match(_WORD)[0]
        return _WORDS[word] if word in _WORDS else json.loads(word)


def _unescaped(body: str) -> str:
    """The string's text; an escape that JSON does not know stays as written, as in a pattern or a Windows path."""

    def char(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)) if escape[1] else _ESCAPES.get(escape[2], escape[0])

    return _ESCAPE.sub(char, body).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
