"""Completion in the user's shell: the script for it, and what can be typed next when that script asks."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import argcomplete
from argcomplete.completers import SuppressCompleter
from argcomplete.shell_integration import shellcode

from config.errors import UsageError

SHELLS = ("bash", "zsh", "fish", "powershell")
FIRST = ("serve", "doctor", "verify", "models", "mcp", "sessions", "resume", "undo", "diff", "completion")
"""What can stand in place of a task."""
SECOND: Mapping[str, Sequence[str]] = {
    "models": ("pull", "setup", "unload", "stop"),
    "mcp": ("list", "test", "add", "remove", "on", "off"),
    "sessions": ("show", "export", "delete"),
    "completion": SHELLS,
}
_TRIMMED, _WHOLE = "$wordToComplete\n", '"$wordToComplete".PadRight($cursorPosition)\n'
"""What argcomplete 3.7.2 takes for the line: PowerShell hands it over without the spaces that begin the next word."""


def completion(words: Sequence[str]) -> int:
    """Print the script that the user's shell is to read.

    Raises:
        UsageError: the shell is not one of the four.
    """
    match list(words):
        case [shell] if shell in SHELLS:
            script = shellcode(["commander"], False, shell)
            print(script.replace(_TRIMMED, _WHOLE), end="")
            return 0
        case other:
            what = f"there is no completion for {' '.join(other)}" if other else "completion needs the name of a shell"
            raise UsageError(what, f"commander completion {SHELLS[0]} (or {', '.join(SHELLS[1:])})")


def offer(parser: ArgumentParser) -> None:
    """When the user's shell asks what can be typed next, answer it and end; else nothing."""
    completers = {"task": words, "file": paths, "workspace": folders, "mcp": paths, "python": paths}
    for action in parser._actions:
        if action.dest in completers:
            vars(action)["completer"] = completers[action.dest]
    with suppress(Exception):
        argcomplete.autocomplete(
            parser, always_complete_options=False, validator=fits, default_completer=SuppressCompleter()
        )
        return
    os._exit(1)  # what is typed half must not be done


def fits(completion: str, prefix: str) -> bool:
    """Whether it goes on from what is typed; the name of a file must not steer the terminal."""
    return completion.startswith(prefix) and completion.isprintable()


def words(prefix: str, parsed_args: Namespace, **_: object) -> Iterable[str]:
    """What can follow the words before; of sessions with their tasks, which zsh and fish show."""
    match parsed_args.task or []:
        case []:
            return FIRST
        case [first] if first in SECOND:
            return SECOND[first]
        case ["resume" | "undo" | "diff"] | ["sessions", "show" | "export"] | ["sessions", "delete", *_]:
            return tasks()
        case ["mcp", "test" | "on" | "off" | "remove" as verb]:
            return servers(parsed_args.mcp, own=verb == "remove")
        case [first, *rest] if first in FIRST and rest[:1] != ["export"]:
            return ()
    return paths(prefix)


def tasks() -> dict[str, str]:
    """The task of each session that is kept, by its id."""
    from commander.sessions import shelf

    return {one.id: "".join(filter(str.isprintable, " ".join(one.task.split())))[:60] for one in shelf.sessions()}


def servers(named: Sequence[Path], *, own: bool) -> Iterator[str]:
    """The names of the servers of tools, or of the user's own."""
    from tools.mcp import catalog

    for file in [catalog.own_file()] if own else [catalog.SHIPPED, catalog.own_file(), *named]:
        with suppress(UsageError):
            yield from catalog.raw(file)


def paths(prefix: str, **_: object) -> Iterator[str]:
    """Files and folders, hidden ones only where a dot is typed."""
    folder, begun = prefix[: prefix.rfind("/") + 1], prefix[prefix.rfind("/") + 1 :]
    for each in Path(folder).expanduser().iterdir():
        if begun.startswith(".") or not each.name.startswith("."):
            yield f"{folder}{each.name}{'/' if each.is_dir() else ''}"


def folders(prefix: str, **_: object) -> Iterator[str]:
    """Folders alone."""
    return (each for each in paths(prefix) if each.endswith("/"))
