"""`python -m commander`: the only place that turns an error into a line and an exit code."""

import asyncio
import os
import sys
from collections.abc import Sequence

from commander.cli import read
from commander.commands import command
from config.errors import CommanderError, DiskError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = read(arguments)
    try:
        code = command(options)
        if code is None:
            from commander.task import do

            code = asyncio.run(do(options))
        return code
    except (CommanderError, OSError) as error:
        if options.debug:
            raise
        said = error if isinstance(error, CommanderError) else DiskError.of(error)
        print(f"commander: {said}", file=sys.stderr)
        return said.exit_code
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("commander: interrupted; no half-done program is left in the workspace", file=sys.stderr, flush=True)
        # Everything is closed by now but a thread that may wait for the user's answer, and Python would wait for it.
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
