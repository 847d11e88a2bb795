"""Tool calls in what a model writes: `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`, and no other form."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"


@dataclass(frozen=True)
class Call:
    """A call that the model wants made."""

    name: str
    arguments: dict[str, Any]
    id: str = field(default_factory=lambda: f"call_{secrets.token_hex(4)}")


class CallParser:
    """Takes the text as it comes; holds back only what may be a call."""

    def __init__(self) -> None:
        self._held = ""
        self._after_call = False

    def feed(self, text: str) -> tuple[str, list[Call]]:
        """The text that is surely content, and the calls that became whole."""
        self._held = (self._held + text).lstrip() if self._after_call else self._held + text
        self._after_call = self._after_call and not self._held
        content = ""
        calls: list[Call] = []
        while True:
            before, tag, after = self._held.partition(_OPEN)
            if not tag:
                keep = _overlap(self._held)
                content += self._held[: len(self._held) - keep]
                self._held = self._held[len(self._held) - keep :]
                return content, calls
            inner, end, rest = after.partition(_CLOSE)
            if not end:
                self._held = tag + after
                return content + before, calls
            found = _calls(inner)
            content += before if found else before + tag + inner + end
            calls += found
            self._held = rest.lstrip() if found else rest
            self._after_call = bool(found) and not self._held

    def flush(self) -> tuple[str, list[Call]]:
        """What is left at the end: a call without its closing tag counts, as in Ollama."""
        held, self._held = self._held, ""
        found = _calls(held.removeprefix(_OPEN)) if held.startswith(_OPEN) else []
        return ("", found) if found else (held, [])


def _overlap(text: str) -> int:
    """How many characters at the end may be the start of the tag."""
    return next((n for n in range(len(_OPEN) - 1, 0, -1) if text.endswith(_OPEN[:n])), 0)


def _calls(text: str) -> list[Call]:
    """Each line, or the whole, as a call; empty when it is none."""
    decoder, calls, rest = json.JSONDecoder(), [], text.strip()
    while rest:
        try:
            value, end = decoder.raw_decode(rest)
        except ValueError:
            return []
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            return []
        arguments = value.get("arguments", value.get("parameters"))
        calls.append(Call(value["name"], arguments if isinstance(arguments, dict) else {}))
        rest = rest[end:].strip()
    return calls
