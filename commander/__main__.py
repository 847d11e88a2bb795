"""`python -m commander`: the only place that turns an error into a line and an exit code."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from commander.cli import parser
from config.errors import CommanderError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = parser().parse_args(arguments)
    try:
        return command(options)
    except CommanderError as error:
        if options.debug:
            raise
        print(f"commander: {error}", file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("commander: interrupted; no half-done program is left in the workspace", file=sys.stderr, flush=True)
        # Everything is closed by now but a thread that may wait for the user's answer, and Python would wait for it.
        os._exit(INTERRUPTED)


def command(options: Namespace) -> int:
    """Do what was typed: a command of two words, or a task."""
    if options.task == ["serve"]:
        from commander.models import serve

        return serve()
    if options.task == ["doctor"]:
        from commander.doctor import doctor

        return doctor(options)
    if options.task == ["verify"]:
        from commander.verify import verify

        return asyncio.run(verify(options))
    if options.task[:1] == ["models"]:
        from commander.models import models
        from commander.typed import chosen

        return models(options.task[1:], chosen(options), yes=options.yes)
    from commander.task import do

    return asyncio.run(do(options))


if __name__ == "__main__":
    sys.exit(main())
