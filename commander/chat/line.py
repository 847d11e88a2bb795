"""The line where the user types: several lines, history over sessions, completion, what moves beside it."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import Completer, ThreadedCompleter
from prompt_toolkit.filters import Condition, completion_is_selected, is_searching
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from config import folders, settings
from tools.redaction import redacted, redactor

STYLE = Style.from_dict({"bottom-toolbar": "noreverse", "status": "fg:ansigray", "asked": "bold"})


_NAMED = re.compile(r"^/|(?:^|\s)@\S*$")
"""What is completed as it is typed."""


class SafeHistory(FileHistory):
    """What was typed, kept for the user alone, without secrets."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        super().__init__(str(file))
        self._hide = redactor(settings.secrets())

    def store_string(self, string: str) -> None:
        """Write it down; where that cannot be, it is known as long as the program runs."""
        try:
            super().store_string(redacted(string, self._hide))
        except OSError:
            return


def line(
    message: Callable[[], AnyFormattedText],
    toolbar: Callable[[], AnyFormattedText],
    completer: Completer,
    interrupt: Callable[[], bool],
    *,
    colour: bool,
) -> PromptSession[str]:
    """The line; `interrupt` is told of Ctrl-C and says whether to leave."""
    history = SafeHistory(folders.data() / "history")
    made: PromptSession[str] = PromptSession(
        message,
        bottom_toolbar=toolbar,
        completer=ThreadedCompleter(completer),
        history=history,
        key_bindings=bindings(interrupt),
        multiline=Condition(lambda: "\n" in get_app().current_buffer.text),  # else it takes the whole screen
        prompt_continuation="  ",
        style=STYLE,
        color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
        complete_while_typing=Condition(
            lambda: bool(_NAMED.search(get_app().current_buffer.text))
        ),  # the menu takes room
    )
    made.app.min_redraw_interval = 0.1
    return made


def bindings(interrupt: Callable[[], bool]) -> KeyBindings:
    """Enter sends, Alt-Enter or a backslash before Enter makes a line, Ctrl-C is told to `interrupt`."""
    keys = KeyBindings()

    @keys.add("enter", filter=~is_searching)
    def send(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state and completion_is_selected():
            buffer.complete_state = None
        elif buffer.document.current_line_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    @keys.add("<sigint>")
    def stop(event: KeyPressEvent) -> None:
        if interrupt():
            event.app.exit(exception=EOFError)

    return keys
