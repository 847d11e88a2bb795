"""Checks a Python file that was written: it runs, tests pass, examples hold. A program of its own in the jail."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SECONDS, COMPARED, SHOWN = 30, 10, 2_000
"""That a check may take, that the calls of its functions may take; characters of its output that are shown."""
PLAIN = "import runpy; [call() for name, call in runpy.run_path({path!r}).items() if name[:5] == 'test_']"
"""Calls the tests of a file where pytest is not installed."""


def python(seconds: float, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments, without input.

    Raises:
        subprocess.TimeoutExpired: it does not end in time, and was killed.
    """
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )


def check(what: str, *arguments: str) -> None:
    """Run Python with these arguments and show what it prints; end with its exit code if that is not 0."""
    try:
        done = python(SECONDS, *arguments)
    except subprocess.TimeoutExpired:
        sys.exit(f"{what} does not end within {SECONDS} s")
    print(done.stdout[-SHOWN:], end="", flush=True)
    print(done.stderr[-SHOWN:], end="", file=sys.stderr, flush=True)
    if done.returncode:
        sys.exit(done.returncode)


def test(path: str, unittest: bool) -> None:
    """Run a file of tests."""
    if unittest:
        check(path, "-m", "unittest", path)
    elif importlib.util.find_spec("pytest"):
        check(path, "-m", "pytest", "-q", "-p", "no:cacheprovider", path)
    else:
        check(path, "-c", PLAIN.format(path=path))


def main(
    run: Sequence[str],
    tests: Sequence[tuple[str, bool]],
    module: tuple[str, str],
    examples: Sequence[tuple[str, str, bool]],
    behaviour: Sequence[Any],
) -> None:
    """Make the checks one after the other, until one fails.

    `run`: Python's arguments for the file; `tests`: files, and whether they are unittest's; `module`: its folder and
    name; `examples`: see `holding`; `behaviour`: the other arguments of `behaviour`, whose line is printed; none: it is
    not asked for.
    """
    here = Path(__file__)
    check(run[-1], *run)
    for path, unittest in tests:
        test(path, unittest)
    if examples:
        check("an example", str(here.with_name("holding.py")), json.dumps([*module, examples]))
    if behaviour:
        try:
            told = python(COMPARED, str(here.with_name("behaviour.py")), json.dumps([*module, *behaviour]))
            print(told.stdout[-2 * SHOWN :], end="")
        except subprocess.TimeoutExpired:
            print("0 calls of its functions, for comparison: --")


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
