"""Tests that nobody sees: a program that uses a module of the folder, in a Python of its own with a time limit."""

import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 20
HEAD = """
import json, sys
sys.path.insert(0, sys.argv[1])
wrong = []
"""
TAIL = """
print("\\n" + sys.argv[2] + json.dumps(wrong))
"""
CASES = """
import importlib
module = importlib.import_module({module!r})
for call, wanted in {cases!r}:
    try:
        got = eval(call, dict(vars(module)))
    except Exception as error:
        got = type(error)
    right = eval(wanted, dict(vars(module)))
    if got != right or isinstance(got, bool) != isinstance(right, bool):
        wrong.append(f"{{call}} gives {{got!r}} instead of {{right!r}}"[:200])
"""
UNITTEST = """
import io, unittest
suite = unittest.defaultTestLoader.loadTestsFromName({module!r})
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
wrong += [f"{{test.id()}} fails" for test, _ in result.failures + result.errors]
wrong += ["no test ran"] * (not result.testsRun)
"""


def failures(folder: Path, program: str) -> list[str]:
    """What the program, with the folder's modules at hand, put into its list `wrong`."""
    mark = secrets.token_hex(8)
    command = [sys.executable, "-I", "-B", "-c", HEAD + program + TAIL, str(folder), mark]
    try:
        ran = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return [f"the hidden tests took more than {SECONDS} s"]
    told = [line.removeprefix(mark) for line in ran.stdout.splitlines() if line.startswith(mark)]
    if not told:
        return [f"the hidden tests did not end: {(ran.stderr.strip().splitlines() or ['no reason given'])[-1][:200]}"]
    return [str(problem) for problem in json.loads(told[-1])]


def call_failures(folder: Path, module: str, cases: Sequence[tuple[str, str]]) -> list[str]:
    """Calls whose result is not the wanted one; the name of an exception means that it is raised."""
    return failures(folder, CASES.format(module=module, cases=list(cases)))


def unittest_failures(folder: Path, module: str) -> list[str]:
    """The tests of a module in the folder that fail."""
    return failures(folder, UNITTEST.format(module=module))
