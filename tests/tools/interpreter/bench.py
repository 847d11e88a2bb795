"""A box with an event loop of its own, so that plain tests can use one box together."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tools.interpreter.box import BlockResult, Box, Limits

SLACK = 3
"""Deadlines are held threefold in tests: the machine may be busy."""


def ignore(text: str) -> None:
    """Nobody listens."""


@dataclass
class Bench:
    """Runs blocks in one box; closes it at the end."""

    workspace: Path
    limits: Limits = field(default_factory=Limits)
    options: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> "Bench":
        self.runner = asyncio.Runner()
        self.box = Box(self.workspace, self.limits, **self.options)
        self.runner.run(self.box.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.run(self.box.close())
        self.runner.close()

    def run(self, language: str, code: str, on_output: Callable[[str], None] = ignore) -> BlockResult:
        """One block."""
        return self.runner.run(self.box.run(language, code, on_output))

    def python(self, code: str) -> str:
        """The output of a Python block that must not fail."""
        return self.good("python", code)

    def shell(self, code: str) -> str:
        """The output of a shell block that must not fail."""
        return self.good("shell", code)

    def good(self, language: str, code: str) -> str:
        """The output of a block that must not fail."""
        result = self.run(language, code)
        assert (result.exit_code, result.reason) == (0, ""), result
        return result.output


def find_processes(mark: str) -> list[psutil.Process]:
    """Living processes of the whole machine with the mark in their command lines."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        if mark in line and "bwrap" not in line and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes to hold."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
