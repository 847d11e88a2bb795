"""A program run with a time limit, after which nothing of it is left."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

MOST = 200_000
"""Characters of an output that are read, from its end."""


@dataclass(frozen=True)
class Ran:
    """How a program ended; `exit_code` is None where the limit ended it."""

    exit_code: int | None
    output: str
    log: str


def run(
    command: Sequence[str], text: str, seconds: float, place: Path, environment: Mapping[str, str] | None = None
) -> Ran:
    """The program, with `text` on its standard input; its output and log go through files in `place`."""
    files = [place / "input", place / "output", place / "log"]
    files[0].write_text(text, encoding="utf-8")
    with files[0].open("rb") as stdin, files[1].open("wb") as stdout, files[2].open("wb") as stderr:
        process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment, start_new_session=True
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            end(process)
    return Ran(code, tail(files[1]), tail(files[2]))


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the program with all that it started; its jails end with it."""
    try:
        root = psutil.Process(process.pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return
    for each in family:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()
    psutil.wait_procs(family[:-1], timeout=10)


def tail(file: Path) -> str:
    """The end of a file's text."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - MOST))
        return opened.read().decode("utf-8", "replace")
