"""A system's process: its output is read, its limit ends it with all that it started."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.harness import jailed
from benchmarks.harness.process import run
from tools.interpreter.jail import probe
from tools.interpreter.pythons import own_python

JAIL = pytest.mark.skipif(probe() is not None, reason="no jail here")
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "{mark}"], start_new_session={apart})
print("begun", flush=True)
time.sleep(60)
"""

OUTWARD = """
import contextlib, pathlib, socket, sys
for place in ("inside.txt", sys.argv[1]):
    with contextlib.suppress(OSError):
        pathlib.Path(place).write_text("written")
try:
    socket.create_connection(("192.0.2.1", 80), 2)
except OSError as error:
    print(error.strerror)
"""


def living(mark: str) -> list[psutil.Process]:
    """Processes whose command line has the mark."""
    all_there = psutil.process_iter(["cmdline", "status"])
    marked = [process for process in all_there if mark in " ".join(process.info["cmdline"] or [])]
    return [process for process in marked if process.info["status"] != psutil.STATUS_ZOMBIE]


def test_output_log_and_exit_code(tmp_path: Path) -> None:
    program = "import sys; print(sys.stdin.read().upper()); print('careful', file=sys.stderr); sys.exit(3)"
    ran = run([sys.executable, "-c", program], "olá", 30, tmp_path)
    assert (ran.exit_code, ran.output.strip(), ran.log.strip()) == (3, "OLÁ", "careful")


@pytest.mark.parametrize("apart", [False, True])
def test_limit_ends_the_family(apart: bool, tmp_path: Path) -> None:
    mark = f"family-{tmp_path.name}"
    start = time.monotonic()
    ran = run([sys.executable, "-c", FAMILY.format(mark=mark, apart=apart)], "", 2, tmp_path)
    assert ran.exit_code is None
    assert ran.output == "begun\n"
    assert 2 <= time.monotonic() - start < 30
    assert living(mark) == []


@JAIL
def test_limit_ends_a_jail(tmp_path: Path) -> None:
    mark, folder, python = f"jailed-{tmp_path.name}", tmp_path / "folder", own_python().executable
    folder.mkdir()
    command = jailed.command(folder, python, [], ["-c", FAMILY.format(mark=mark, apart=True)])
    ran = run(command, "", 2, tmp_path)
    assert (ran.exit_code, ran.output) == (None, "begun\n")
    assert living(mark) == []


@JAIL
def test_jail_lets_nothing_out(tmp_path: Path) -> None:
    folder, python = tmp_path / "folder", own_python().executable
    folder.mkdir()
    command = jailed.command(folder, python, [], ["-c", OUTWARD, str(tmp_path / "outside.txt")])
    ran = run(command, "", 20, tmp_path)
    assert ran.output == "Network is unreachable\n", ran.log
    assert (folder / "inside.txt").read_text() == "written"
    assert not (tmp_path / "outside.txt").exists()
