"""One thing that a first run can trip over: how it stands, what was seen, and what to type next."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True)
class Check:
    """`warning`: a task runs, but not as well as it could; `broken`: it does not run, or not as the settings say."""

    name: str
    state: State
    seen: str
    next: str = ""


def ok(name: str, seen: str) -> Check:
    """As it should be."""
    return Check(name, "ok", seen)


def warning(name: str, seen: str, next_: str) -> Check:
    """A task runs, but not as well as it could."""
    return Check(name, "warning", seen, next_)


def broken(name: str, seen: str, next_: str) -> Check:
    """A task does not run, or not as the settings say."""
    return Check(name, "broken", seen, next_)


def quoted(path: Path | str) -> str:
    """The path as it is typed in a command."""
    if sys.platform == "win32":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))
