"""What was typed: the settings and the task."""

import sys
from argparse import Namespace

from config.errors import UsageError
from config.settings import Settings, load


def chosen(options: Namespace) -> Settings:
    """The settings, with what was typed on top.

    Raises:
        UsageError: a value is not of its kind.
    """
    return load(
        default_model=options.model,
        executor_model=options.executor_model,
        ollama_base_url=options.base_url,
        commander_python=options.python,
        commander_unasked=getattr(options, "unasked", None),
        commander_max_turns=options.max_turns,
        commander_timeout=options.timeout,
    )


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
        raise UsageError("no task is given", 'commander "Write all primes below 100 to primes.csv"')
    return words.strip()
