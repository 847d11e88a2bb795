"""The program killed at random points of a run, again and again: each resume goes on where it stopped."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commander.sessions import shelf
from commander.sessions.session import JOURNAL
from tests.commander.kept import STEPS, TASK, accepted, fill, rises_once, says
from tests.commander.program import command, run
from tools.embedded.scripted import scripted
from tools.journal import records

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
KILLS = int(os.environ.get("KILL_ROUNDS", "6"))
TOGETHER = 5
"""Kills of one session at most; then it is let end."""


def killed(arguments: list[str], place: Path, url: str, seconds: float) -> int:
    """1 when the program still ran and was killed, 0 when it had ended."""
    process = subprocess.Popen(
        command(*arguments),
        cwd=place,
        env={**os.environ, "OLLAMA_BASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)
        return 1
    assert process.returncode == 0, err
    return 0


def test_no_kill_loses_a_step_or_does_one_twice(tmp_path: Path) -> None:
    seed = int(time.time())
    chance, kills, number = random.Random(seed), 0, 0
    with scripted(says) as (url, _):
        begin = time.monotonic()
        finish(fill(tmp_path / "whole"), url, seed)
        length = time.monotonic() - begin
        while kills < KILLS:
            number += 1
            place = fill(tmp_path / f"place{number}")
            for _ in range(min(TOGETHER, KILLS - kills)):
                begun = [each for each in shelf.sessions() if each.workspace == place]
                if begun and begun[0].done:
                    break
                arguments = ["resume", "--yes"] if begun else [TASK]
                kills += killed(arguments, place, url, chance.uniform(0.2, length))
                readable(place, seed)
            finish(place, url, seed)


def readable(place: Path, seed: int) -> None:
    for each in shelf.sessions():
        _, broken = records(each.folder / JOURNAL)
        assert broken <= 1, seed
        assert each.workspace != place or rises_once(accepted(each)), seed


def finish(place: Path, url: str, seed: int) -> None:
    """Let the run end, and look at what is there."""
    ours = [each for each in shelf.sessions() if each.workspace == place]
    if not ours or ours[0].outcome != "done":
        arguments = ["resume", "--yes"] if ours else [TASK]
        ran = run(*arguments, cwd=place, OLLAMA_BASE_URL=url)
        assert ran.code == 0, (seed, ran.err)
    (one,) = [each for each in shelf.sessions() if each.workspace == place]
    assert records(one.folder / JOURNAL)[1] == 0, seed
    assert rises_once(counts := accepted(one)) and counts[-1] == len(STEPS), (seed, counts)
    assert (place / "log.txt").read_text(encoding="utf-8").split() == [*STEPS], seed
    wanted = {"log.txt", "kept.txt"} | {f"{word}-{n}.txt" for word in STEPS for n in range(20)}
    assert {path.name for path in place.iterdir()} == wanted, seed
