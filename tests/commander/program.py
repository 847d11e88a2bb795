"""The real program as a child process, against the real server app with a scripted engine."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(sys.executable).with_name("commander.exe" if sys.platform == "win32" else "commander")


@dataclass(frozen=True)
class Ran:
    """How a run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """What `--json` wrote; fails when anything else stands on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    def kinds(self) -> list[str]:
        """The kinds of the events in their order."""
        return [event["kind"] for event in self.events]


def command(*arguments: str | Path) -> list[str]:
    """The console script, as a user types it."""
    return [str(SCRIPT), *map(str, arguments)]


def run(*arguments: str | Path, cwd: Path, stdin: str = "", seconds: float = 90, **environment: str) -> Ran:
    """Run it to its end in `cwd`."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        env={**os.environ, **environment},
    )
    return Ran(done.returncode, done.stdout, done.stderr)
