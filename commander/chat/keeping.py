"""What the user takes out of a conversation: an answer, all of it, a picture."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commander.sessions import shelf
from commander.sessions.command import exported
from commander.sessions.session import Session
from config.errors import CommanderError, UsageError
from tools.events import Finished

if TYPE_CHECKING:
    from commander.chat.chat import Chat

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".pdf"})
"""What may be opened: programs of the model's own are not among them."""


def save(chat: "Chat", rest: str) -> None:
    """Write the last answer to a file.

    Raises:
        UsageError: there is none, or no name is given.
    """
    answer = next((turn.answer for turn in reversed(chat.talk.turns) if turn.answer), "")
    if not (answer and rest):
        raise UsageError("there is no answer" if rest else "a file's name is missing", "/save answer.md")
    written(chat, rest, answer.rstrip("\n") + "\n")


def export(chat: "Chat", rest: str) -> None:
    """Write the conversation to a file.

    Raises:
        UsageError: there is none.
    """
    if not chat.talk.turns:
        raise UsageError("there is nothing to export", "/export chat.md, after a message")
    name = rest or f"chat-{chat.id}.md"
    found = sessions(chat)
    if name.endswith(".json"):
        written(chat, name, f"[{','.join(exported(one, as_json=True) for one in found)}]\n")
    else:
        written(chat, name, "\n\n".join(exported(one, as_json=False) for one in found))


def written(chat: "Chat", name: str, text: str) -> None:
    """Write a file of the user's, in the folder or where its path says; one that is there is not overwritten.

    Raises:
        UsageError: it is there already.
    """
    place = chat.place / Path(name).expanduser()
    try:
        with place.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{place} is there already", "another name") from None
    chat.view.say(f"  wrote {place}")


def sessions(chat: "Chat") -> list[Session]:
    """Those of the conversation, the oldest first."""
    return [shelf.session(turn.session) for turn in chat.talk.turns]


def shown_by_open(end: Finished) -> str:
    """The first picture that the turn saved; empty where there is none."""
    return next((path for path in (*end.added, *end.changed) if Path(path).suffix.lower() in PICTURES), "")


def open_picture(chat: "Chat", rest: str) -> None:
    """Show a picture that a program saved: the named one, else the last.

    Raises:
        UsageError: there is none, or it is none.
    """
    name = rest or (shown_by_open(chat.view.finished) if chat.view.finished else "")
    place = (chat.place / name).resolve()
    if not name or place.suffix.lower() not in PICTURES or not place.is_file():
        raise UsageError(f"{name or 'the last turn'} is no picture", "/open plot.png")
    opener = {"win32": ["cmd", "/c", "start", ""], "darwin": ["open"]}.get(sys.platform, ["xdg-open"])
    try:
        subprocess.Popen([*opener, str(place)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise CommanderError(
            f"no program opens pictures here ({error.strerror}): {place}", "open it yourself"
        ) from None
    chat.view.say(f"  opened {place}")
