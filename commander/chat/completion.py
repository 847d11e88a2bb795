"""What can be completed: commands and what follows them, the names of the agents, files."""

from collections.abc import Callable, Iterable, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

FILES = 2000
"""Files of the workspace that are looked at."""
SHOWN = 50
Choices = Callable[[], Iterable[tuple[str, str]]]
"""What may be typed, each with a word about it; asked for when it is needed, in a thread."""


class Words(Completer):
    """Completes `/commands` with their arguments, and `@names`."""

    def __init__(self, commands: Mapping[str, str], arguments: Mapping[str, Choices], names: Choices) -> None:
        """`commands` with what they do, `arguments` by command, `names` after an @."""
        self._commands, self._arguments, self._names = commands, arguments, names

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """For what stands before the cursor."""
        text = document.text_before_cursor
        word = text.rpartition(" ")[2].rpartition("\n")[2]
        if word.startswith("@"):
            yield from _fitting(word[1:], self._names(), anywhere=True)
        elif text.startswith("/") and word == text:
            yield from _fitting(text[1:], self._commands.items())
        elif text.startswith("/") and (choices := self._arguments.get(text[1:].partition(" ")[0])):
            yield from _fitting(word, choices())


def _fitting(begun: str, choices: Iterable[tuple[str, str]], *, anywhere: bool = False) -> Iterable[Completion]:
    found = [(name, about) for name, about in choices if begun.lower() in name.lower()]
    starts = [each for each in found if each[0].lower().startswith(begun.lower())]
    for name, about in [*starts, *(each for each in found if anywhere and each not in starts)][:SHOWN]:
        yield Completion(name, -len(begun), display_meta=about)
