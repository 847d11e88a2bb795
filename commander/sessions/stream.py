"""Streams of text, journalled by whole lines, so that no secret is cut in two and thereby missed."""

from dataclasses import replace

from tools.events import Delta, Event, Output

_MOST = 20_000
"""Characters that wait at most for the end of their line, or of a private key."""


class Stream:
    """Holds back the end of a stream until its line is whole, or something else happens."""

    def __init__(self) -> None:
        self._held: Delta | Output | None = None

    def ready(self, event: Event) -> list[Event]:
        """The events that can be written when this one happened."""
        if not isinstance(event, Delta | Output):
            return [*self.rest(), event]
        before = [] if self._held is None or _same(self._held, event) else self.rest()
        text = (self._held.text if self._held else "") + event.text
        end = text.rfind("\n") + 1
        if "PRIVATE KEY-----" in text and "-----END" not in text:
            end = 0
        if len(text) > _MOST:
            end = len(text)
        self._held = replace(event, text=text[end:]) if text[end:] else None
        return [*before, replace(event, text=text[:end])] if end else before

    def rest(self) -> list[Event]:
        """What is held back, for the stream has ended."""
        held, self._held = self._held, None
        return [held] if held else []


def _same(one: Delta | Output, other: Delta | Output) -> bool:
    return type(one) is type(other) and getattr(one, "agent", "") == getattr(other, "agent", "")
