"""From the typed options to a request, and from its result to the screen."""

import logging
import sys
from argparse import Namespace

from commander.approval import Approval, confined
from commander.aside import terminable
from commander.console import screen
from commander.place import workspace
from config import settings
from config.errors import UsageError


async def do(options: Namespace) -> int:
    """Do the task that `options` hold; the exit code."""
    task = text(options)
    if not options.debug:
        logging.disable()  # autogen_core logs a traceback for each turn that is cancelled
    chosen = settings.load(
        default_model=options.model,
        executor_model=options.executor_model,
        ollama_base_url=options.base_url,
        commander_python=options.python,
        commander_max_turns=options.max_turns,
        commander_timeout=options.timeout,
    )
    with screen(json=options.json) as shown:
        place = workspace(options.workspace, shown.emit)
        from commander.run import Request, perform  # pydantic, httpx and more: not before the arguments are right

        jailed = confined(options, shown.emit)
        approval = Approval(shown, ask=options.ask or not (jailed or (options.yes and options.unsafe_no_jail)))
        request = Request(task, place, approval.approve, options.route or "", jailed)
        with terminable():
            result = await perform(request, chosen, shown.emit)
        shown.emit(result)
    return result.exit_code


def text(options: Namespace) -> str:
    """The task, from the arguments, a file, or standard input.

    Raises:
        UsageError: there is none, or more than one.
    """
    words = " ".join(options.task)
    if options.file and words:
        raise UsageError("a task and --file are both given", "leave one of them out")
    try:
        if options.file:
            words = options.file.read_text(encoding="utf-8")
        elif words == "-":
            words = sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the task cannot be read: {error}", "commander --file PATH with a UTF-8 text file") from error
    if not words.strip():
        raise UsageError("no task is given", 'commander "Write the first 20 primes to primes.csv"')
    return words.strip()
