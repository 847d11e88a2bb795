"""A server and all that it started end with whoever started it, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.tools.interpreter.bench import wait_until

LEASH = Path(__file__).parents[3] / "tools" / "mcp" / "leash.py"
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "MARK"])
print("begun", flush=True)
while True: time.sleep(1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a job object does it there")
@pytest.mark.parametrize("how", ["leash killed", "group ended"])
def test_nothing_lives_on(tmp_path: Path, how: str) -> None:
    code = STUBBORN.replace("MARK", str(tmp_path))
    command = [sys.executable, "-I", str(LEASH), sys.executable, "-c", code]
    leash = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert leash.stdout and leash.stdout.readline() == b"begun\n"
        assert len(_session(leash.pid)) >= 4
        if how == "leash killed":
            leash.kill()
        else:
            os.killpg(leash.pid, signal.SIGKILL)
        assert wait_until(lambda: not _session(leash.pid))
    finally:
        leash.kill()
        leash.communicate()


def _session(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getsid(process.pid) == leader and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except OSError:
            continue
    return found
