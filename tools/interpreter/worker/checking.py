"""Checks a Python file that was written: it runs, tests pass, examples hold. A program of its own in the jail."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SECONDS, COMPARED, SERVED, SHOWN = 30, 10, 3, 2_000
"""That a check may take, that the calls of its functions may take, after which what serves for ever counts as started;
characters of its output that are shown."""
ASKS = re.compile(r"\bsys\.argv\b|\bargparse\b|\bclick\b|\binput\(|\bstdin\b")
"""A program that may want arguments or input."""
LACKS = re.compile(
    r"^usage\b|(?:\bargv\b|\binput\(|\bstdin\b).*\n(?:\s*[~^]+\n)?(?:IndexError|EOFError|ValueError: not enough)",
    re.I | re.M,
)
"""What it says that was started without them."""
SERVES = re.compile(
    r"\bserve_forever\b|\bmainloop\(|\brun_(?:forever|app|polling)\b|\bapp\.run\(|\buvicorn\.run\b|\.listen\("
)
"""A program that runs until it is stopped."""
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


def check(what: str, *arguments: str, source: str = "") -> None:
    """Run Python with these arguments and show what it prints; end with its exit code if that is not 0.

    Of a program whose `source` says so it is no failure that it wants arguments or input, or serves for ever.
    """
    serves = bool(SERVES.search(source))
    try:
        done = python(SERVED if serves else SECONDS, *arguments)
    except subprocess.TimeoutExpired:
        if serves:
            print(f"{what} was started, and stopped after {SERVED} s", flush=True)
            return
        sys.exit(f"{what} does not end within {SECONDS} s")
    if done.returncode and ASKS.search(source) and LACKS.search(f"{done.stdout}\n{done.stderr}"):
        print(f"{what} wants arguments or input: it was started without any, and says so", flush=True)
        return
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
    written = Path(run[-1] if len(run) == 1 else f"{run[-1].replace('.', '/')}.py")
    check(run[-1], *run, source=written.read_text(encoding="utf-8", errors="replace"))
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
