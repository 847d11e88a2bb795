"""What is typed instead of a task, each with the code that does it; nothing is imported before it is needed."""

import asyncio
import sys
from argparse import Namespace


def command(options: Namespace) -> int | None:
    """The exit code of what was typed instead of a task; None: it is a task.

    Raises:
        CommanderError: it cannot be done.
    """
    match options.task:
        case [] if chatting(options):
            from commander.chat.chat import chat

            return asyncio.run(chat(options))
        case ["serve"]:
            from commander.models import serve

            return serve()
        case ["doctor"]:
            from commander.doctor import doctor

            return doctor(options)
        case ["verify"]:
            from commander.verify import verify

            return asyncio.run(verify(options))
        case ["models", *words]:
            from commander.models import models
            from commander.typed import chosen

            return models(words, chosen(options), yes=options.yes)
        case ["mcp", *words]:
            from commander.mcp import mcp

            return mcp(words, options.mcp)
        case ["sessions", *words]:
            from commander.sessions.command import sessions

            return sessions(words, options)
        case ["completion", *words] if len(words) < 2:
            from commander.completion import completion

            return completion(words)
    return of_session(options)


def chatting(options: Namespace) -> bool:
    """Whether somebody sits at a terminal, and typed nothing to do."""
    told = options.file or options.go_on or options.json
    return not told and sys.stdin.isatty() and sys.stdout.isatty()


def of_session(options: Namespace) -> int | None:
    """Go on with a session, put one back or show what it changed: these may name one; what has more words is a task."""
    match [] if any(" " in word for word in options.task) else options.task:
        case ["resume"] | ["resume", _]:
            from commander.sessions.resume import resume

            return resume(options)
        case ["undo"] | ["undo", _]:
            from commander.sessions.undo import undo

            return undo(options)
        case ["diff"] | ["diff", _]:
            from commander.sessions.undo import show

            return show(options)
    if options.go_on:
        from commander.sessions.resume import resume

        return resume(options)
    return None
