"""Attacks tell what they tried and what came of it, so that none is held by never having run."""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

from tests.tools.interpreter.bench import Bench
from tools.interpreter.box import BlockResult

SECRET = "PLANTED-SECRET"
PRELUDE = """
import ctypes, errno, os, signal, socket, stat, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(name, act):
    try:
        print("TRIED", name, "->", "done", act(), flush=True)
    except Exception as error:
        number = getattr(error, "errno", None)
        print("TRIED", name, "->", errno.errorcode.get(number) or type(error).__name__, flush=True)

def call(function, *arguments):
    ctypes.set_errno(0)
    if (result := function(*arguments)) == -1:
        raise OSError(ctypes.get_errno(), "")
    return result
"""
TRIED = re.compile(r"^TRIED (.+) -> (.*)$", re.MULTILINE)


def program(code: str, **places: object) -> str:
    """The attack with what it knows of the host, each as a name of its own."""
    return "".join(f"{name} = {value!r}\n" for name, value in places.items()) + PRELUDE + code


def outcomes(result: BlockResult) -> dict[str, str]:
    """What was tried, and what came of it; an attack that tried nothing is none."""
    found = dict(TRIED.findall(result.output))
    assert found, result
    return found


def attack(bench: Bench, code: str, **places: object) -> dict[str, str]:
    """The outcomes of an attack in Python that runs to its end."""
    result = bench.run("python", program(code, **places))
    assert (result.exit_code, result.reason) == (0, ""), result
    return outcomes(result)


def beside(bench: Bench, code: str, act: Callable[[], object], enough: Path | None = None) -> BlockResult:
    """Runs the Python block, and does something on the host, again and again, as long as it runs.

    With `enough`, a file that the block waits for, that is at least eleven times and 3 s.
    """

    async def play() -> BlockResult:
        block, done, begin = asyncio.create_task(bench.box.run("python", code)), 0, time.monotonic()
        while not block.done() and not (enough and done > 10 and time.monotonic() - begin > 3):
            await asyncio.to_thread(act)
            await asyncio.sleep(0)
            done += 1
        if enough:
            assert done > 10, await block
            enough.touch()
        return await block

    return bench.runner.run(play())
