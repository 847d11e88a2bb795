"""What can be typed after a slash."""

import difflib
import shlex
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from commander.chat.completion import Choices
from commander.chat.keeping import export, open_picture, save, sessions
from commander.completion import SECOND
from commander.console import clean
from commander.sessions import shelf
from commander.sessions.undo import put_back
from commander.typed import chosen
from config.errors import UsageError

if TYPE_CHECKING:
    from commander.chat.chat import Chat

ROUTES = ("auto", "strategy", "code", "hybrid", "tools")
ASKING = ("all", "none", "python", "shell", "javascript")


@dataclass(frozen=True)
class Command:
    """One of them: what it does, in words; `act` at once, or `work` as a turn, after the one that goes on."""

    about: str
    act: "Callable[[Chat, str], None] | None" = None
    work: "Callable[[Chat, str], Awaitable[None]] | None" = None


def quick(text: str) -> "Callable[[Chat], None] | None":
    """What the text does at once; None where it is a message, or takes time."""
    name, rest = split(text)
    if not name:
        return None
    if name not in COMMANDS:
        return lambda chat: unknown(name)
    act = COMMANDS[name].act
    return (lambda chat: act(chat, rest)) if act else None


def slow(text: str) -> "Callable[[Chat], Awaitable[None]] | None":
    """What the text does as a turn; None where it is a message."""
    name, rest = split(text)
    work = COMMANDS[name].work if name else None
    return (lambda chat: work(chat, rest)) if work else None


def split(text: str) -> tuple[str, str]:
    """The command's name and what follows it; without a name: a message. A path is none."""
    name, _, rest = text.strip().partition(" ")
    if not name.startswith("/") or "/" in name[1:] or "\n" in name:
        return "", text
    return name[1:].lower(), rest.strip()


def unknown(name: str) -> None:
    """Say which one may be meant.

    Raises:
        UsageError: always.
    """
    near = difflib.get_close_matches(name, COMMANDS, 1, 0.5)
    raise UsageError(f"/{name} is not a command", f"/{near[0]}" if near else "/help")


def show_help(chat: "Chat", rest: str) -> None:
    """All of them, and the keys."""
    table = Table.grid(padding=(0, 2))
    for name, command in COMMANDS.items():
        table.add_row(Text(f"  /{name}", style="bold"), Text(command.about))
    chat.view.console.print(table)
    chat.view.say("  Enter sends; Alt-Enter or \\ Enter makes a line; Ctrl-R searches; Ctrl-C stops the turn", "dim")
    chat.view.say("  @commander or @executor in front addresses one of them; @path names a file", "dim")


def set_route(chat: "Chat", rest: str) -> None:
    """Take this road from now on.

    Raises:
        UsageError: there is no such road.
    """
    if rest and rest not in ROUTES:
        raise UsageError(f"{rest} is no route", f"/route {'|'.join(ROUTES)}")
    if rest:
        chat.options.route = "" if rest == "auto" else rest
    chat.view.say(f"  route {chat.options.route or 'auto: by the task'}")


def set_model(role: str, chat: "Chat", rest: str) -> None:
    """Use this model for the role from the next message on; without a name: which one it is."""
    if rest:
        setattr(chat.options, role, "" if rest == "auto" else rest)
        chat.view.roles = None
    used = getattr(chat.options, role) or "as the settings say"
    chat.view.say(f"  {'Commander' if role == 'model' else 'Executor'}: {used}")


def set_asking(chat: "Chat", rest: str) -> None:
    """Which languages run without a question from now on.

    Raises:
        UsageError: there is no such language.
    """
    given = rest.replace(",", " ").split()
    if strange := [word for word in given if word not in ASKING]:
        raise UsageError(f"{strange[0]} is none of {', '.join(ASKING)}", "/approve all, or /approve none")
    if given:
        chat.options.unasked = ",".join(given)
    chat.view.say(f"  without a question run: {getattr(chat.options, 'unasked', None) or 'as the settings say'}")


async def plan(chat: "Chat", rest: str) -> None:
    """Do a task with a plan that is shown and asked for first; without a task: the last plan."""
    if rest:
        return await chat.message_to_team(rest, plan=True, route="hybrid")
    for number, step in enumerate(chat.view.plan, 1):
        chat.view.say(f"  {number}. {step}")
    if not chat.view.plan:
        chat.view.say("  there is no plan yet; /plan TASK makes one")
    return None


def steer(chat: "Chat", rest: str) -> None:
    """Tell the team something at its next turn.

    Raises:
        UsageError: it does not work now.
    """
    if not (chat.recording and rest):
        raise UsageError("there is nothing to steer", "/steer WORDS, while the team works")
    chat.recording.added.append(rest)
    chat.view.say(f"  the team reads it at its next turn: {rest}", "dim")


def expand(chat: "Chat", rest: str) -> None:
    """All that the last block printed."""
    chat.view.console.print(Text(clean("".join(chat.view.output)) or "  nothing was printed"))


def clear(chat: "Chat", rest: str) -> None:
    """Begin a new conversation."""
    chat.begin()
    chat.view.say("  a new conversation; files stay as they are")


def compact(chat: "Chat", rest: str) -> None:
    """Tell what was said so far in short from now on."""
    before, now = chat.talk.compact()
    chat.view.say(f"  the conversation takes {now:,} characters of a prompt (before: {before:,})")


def cost(chat: "Chat", rest: str) -> None:
    """What the conversation took."""
    chat.view.say(f"  {chat.view.total}")


def leave(chat: "Chat", rest: str) -> None:
    """End the chat."""
    chat.leaving = True


async def retry(chat: "Chat", rest: str) -> None:
    """Put back what the last message changed, and do it anew.

    Raises:
        UsageError: there is none.
        CommanderError: somebody changed the files since.
    """
    if not chat.talk.turns:
        raise UsageError("there is no message to do again", "a message")
    one = sessions(chat)[-1]
    if one.states and one.outcome != "undone":
        for path in put_back(one):
            chat.view.say(f"  put back  {path}")
    chat.view.say(f"> {one.task}", "bold")
    if one.task.startswith("/run "):
        return await chat.run_shell(one.task.removeprefix("/run "))
    return await chat.message_to_team(one.task, route=one.header["typed"].get("route", chat.options.route))


async def resume(chat: "Chat", rest: str) -> None:
    """Take up a conversation: the named session's, else this one's or the folder's last; go on where it stopped.

    Raises:
        UsageError: there is none.
    """
    one = shelf.session(rest) if rest else shelf.last(chat.place)
    if one.workspace != chat.place:
        raise UsageError(f"session {one.id} works in {one.workspace}", f"commander --workspace {one.workspace}")
    chat.load(one)
    chat.view.say(f"  {len(chat.talk.turns)} messages; the last one: {chat.talk.turns[-1].task.splitlines()[0][:80]}")
    if not one.done and not one.task.startswith("/run "):
        await chat.go_on(one)


def child(*before: str) -> "Callable[[Chat, str], Awaitable[None]]":
    """A command that is one of the program's own, with what was typed after it."""

    async def work(chat: "Chat", rest: str) -> None:
        await chat.child(*before, *parted(rest))

    return work


def parted(rest: str) -> list[str]:
    """The words as a shell takes them apart.

    Raises:
        UsageError: a quotation has no end.
    """
    try:
        return shlex.split(rest)
    except ValueError:
        raise UsageError(f"a quotation in {rest} has no end", "the same with a quotation mark at its end") from None


def of_last(name: str) -> "Callable[[Chat, str], Awaitable[None]]":
    """The same for one that is about a session: this conversation's last one where none is named."""

    async def work(chat: "Chat", rest: str) -> None:
        standing = [turn for turn in chat.talk.turns if turn.outcome != "undone"]
        words = parted(rest)
        if not [word for word in words if not word.startswith("-")] and standing:
            words = [standing[-1].session, *words]
        await chat.child(name, *words)

    return work


async def run(chat: "Chat", rest: str) -> None:
    """A command of the user's in the jail.

    Raises:
        UsageError: there is none.
    """
    if not rest:
        raise UsageError("a command is missing", "/run ls -l")
    await chat.run_shell(rest)


def choices(chat: "Chat") -> dict[str, Choices]:
    """What may follow a command."""

    def models() -> Iterable[tuple[str, str]]:
        from commander.models import names

        return [("auto", "as the settings say"), *((name, "") for name in names(chosen(chat.options)))]

    def known() -> Iterable[tuple[str, str]]:
        return [(one.id, one.task.splitlines()[0][:60]) for one in shelf.sessions()[:50] if one.workspace == chat.place]

    def plain(words: Sequence[str]) -> Choices:
        return lambda: [(word, "") for word in words]

    return {
        "route": plain(ROUTES),
        "approve": plain(ASKING),
        "model": models,
        "executor": models,
        "mcp": plain(SECOND["mcp"]),
        **dict.fromkeys(("resume", "undo", "diff", "sessions"), known),
    }


COMMANDS = {
    "help": Command("what there is", show_help),
    "plan": Command("TASK: a plan first, shown, edited and asked for; alone: the last plan", work=plan),
    "route": Command("auto, strategy, code, hybrid or tools", set_route),
    "model": Command("NAME: the Commander's model from the next message on", partial(set_model, "model")),
    "executor": Command("NAME: the Executor's model", partial(set_model, "executor_model")),
    "approve": Command("all, none, or languages that run without a question", set_asking),
    "steer": Command("WORDS: tell the team at its next turn", steer),
    "run": Command("COMMAND: a shell command of yours in the jail", work=run),
    "expand": Command("all that the last block printed", expand),
    "diff": Command("what the last message changed on disk", work=of_last("diff")),
    "undo": Command("put that back (again: the message before)", work=of_last("undo")),
    "retry": Command("put it back and do the last message anew", work=retry),
    "open": Command("[FILE]: show a picture that was saved", open_picture),
    "cost": Command("calls, tokens and seconds so far", cost),
    "compact": Command("tell the team in short what was said so far", compact),
    "clear": Command("a new conversation", clear),
    "save": Command("FILE: the last answer", save),
    "export": Command("[FILE]: the conversation as Markdown, or JSON", export),
    "sessions": Command("[TEXT]: what was done before", work=child("sessions")),
    "resume": Command("[ID]: take up a conversation, go on where it stopped", work=resume),
    "ps": Command("models on the server and in memory", work=child("models")),
    "verify": Command("prove that both agents use one instance of the model", work=child("verify")),
    "doctor": Command("what is wrong with this machine", work=child("doctor")),
    "tools": Command("servers of tools", work=child("mcp", "list")),
    "mcp": Command("list, test, add, remove, on, off", work=child("mcp")),
    "quit": Command("leave", leave),
}
