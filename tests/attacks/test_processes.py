"""Other processes are not reached, and none of the jail's own outlives its block's end by more than it may."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.attacks.attempts import PRELUDE, attack, outcomes, program
from tests.tools.interpreter.bench import SLACK, Bench, find_processes, wait_until
from tools.interpreter.box import Limits
from tools.interpreter.seccomp import NoFilter, find_filter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bystander() -> Iterator[psutil.Process]:
    """A process of the same user."""
    with subprocess.Popen(["sleep", "300"]) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.kill()


KILLS = {
    "parent": """
for pid in (me, bystander, 1):
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, 0):
        attempt(f"{pid} {number}", lambda: os.kill(pid, number))
""",
    "parent's group": """
for group in (me, bystander):
    attempt(str(group), lambda: os.killpg(group, signal.SIGKILL))
    attempt(f"handle {group}", lambda: os.pidfd_open(group))
    attempt(f"priority {group}", lambda: os.setpriority(os.PRIO_PROCESS, group, 5))
    attempt(f"limits {group}", lambda: __import__("resource").prlimit(group, 7, (0, 0)))
    attempt(f"processor {group}", lambda: os.sched_setaffinity(group, [0]))
""",
}


@pytest.mark.parametrize("name", KILLS)
def test_nobody_outside_is_signalled(bench: Bench, bystander: psutil.Process, name: str) -> None:
    me = psutil.Process()
    before = me.nice(), bystander.nice(), me.rlimit(psutil.RLIMIT_NOFILE)
    found = attack(bench, KILLS[name], me=me.pid, bystander=bystander.pid)
    of_its_own = {each for each in found if each.startswith("1 ")}  # the jail's first, deaf to signals from inside
    assert {outcome for each, outcome in found.items() if each not in of_its_own} == {"ESRCH"}, found
    assert bystander.status() in {psutil.STATUS_SLEEPING, psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP}
    assert (me.nice(), bystander.nice(), me.rlimit(psutil.RLIMIT_NOFILE)) == before


def test_a_kill_of_everything_ends_the_jail_alone(bench: Bench, bystander: psutil.Process) -> None:
    bench.python("kept = 1")
    result = bench.run("shell", "echo TRIED kill '->' now; sleep 0.2; kill -9 -1; sleep 60")
    assert outcomes(result) == {"kill": "now"}
    assert "the worker died" in result.reason, result
    assert bystander.is_running() and bystander.status() == psutil.STATUS_SLEEPING
    assert bench.python("print('kept' in globals())") == "False\n"


def test_nobody_is_traced_and_no_answer_is_forged(bench: Bench) -> None:
    code = """
import json
forged = b"".join(json.dumps(message).encode() + b"\\n" for message in (
    {"id": block, "output": "FORGED"}, {"id": block, "exit_code": 0, "reason": "FORGED"}))
def forge(path):
    with open(path, "wb", buffering=0) as pipe:
        pipe.write(forged)
for pid in (1, os.getppid()):
    for name in ("fd/0", "fd/1", "fd/2", "fd/3", "fd/4", "fd/5", "fd/6", "fd/7", "task/1/fd/1", "mem"):
        attempt(f"{pid}/{name}", lambda: forge(f"/proc/{pid}/{name}"))
    attempt(f"{pid} attached", lambda: call(libc.ptrace, 16, pid, 0, 0))
    attempt(f"{pid} seized", lambda: call(libc.ptrace, 0x4206, pid, 0, 0))
    attempt(f"{pid} copied", lambda: call(libc.syscall, getfd, os.pidfd_open(pid), 1, 0))
raise SystemExit(7)
"""
    result = bench.run("python", program(code, block=bench.box._blocks + 1, getfd=438))
    found = outcomes(result)
    assert "FORGED" not in result.output + result.reason
    assert result.exit_code == 7
    assert set(found.values()) <= {"ENOENT", "EACCES", "EPERM", "EROFS", "ENXIO"} and len(found) == 26, found


def test_the_worker_is_not_held_up_for_ever(tmp_path: Path) -> None:
    code = "import os, signal, time\nprint('TRIED stop -> now', flush=True)\ntime.sleep(0.2)\n"
    code += "os.kill(os.getppid(), signal.SIGSTOP)\n"
    with Bench(tmp_path, Limits(block_seconds=1)) as bench:
        bench.python("1")
        begin = time.monotonic()
        result = bench.run("python", code + "time.sleep(60)")
        assert time.monotonic() - begin < 2.5 * SLACK and result.exit_code is None, result
        assert outcomes(result) == {"stop": "now"}
        assert bench.run("python", "print(1)").output.endswith("1\n")


LEFT = {
    "daemon": ("shell", "setsid nohup bash -c 'while :; do sleep 1; done' MARK >/dev/null 2>&1 &"),
    "daemon of a daemon": (
        "python",
        "import os\nif not os.fork():\n    os.setsid()\n    if os.fork(): os._exit(0)\n    os.chdir('/')\n"
        "    for fd in range(64):\n        try: os.close(fd)\n        except OSError: pass\n"
        "    os.execvp('bash', ['bash', '-c', 'while :; do sleep 1; done', 'MARK'])",
    ),
    "all signals ignored": (
        "shell",
        'bash -c \'trap "" $(seq 1 31) 2>/dev/null; trap "" TERM INT HUP QUIT; while :; do sleep 1; done\' MARK &',
    ),
    "output held": ("shell", "bash -c 'sleep 60; : MARK' & bash -c 'sleep 60; : MARK' 2>&1 | cat &"),
    "zombies": (
        "python",
        "import os, subprocess\nfor _ in range(100):\n    if not os.fork(): os._exit(0)\n"
        "subprocess.Popen(['bash', '-c', 'sleep 60; : MARK'])",
    ),
    "stopped": ("shell", "bash -c 'kill -STOP $$; sleep 60' MARK &"),
    "another name": (
        "python",
        "import os\nif not os.fork():\n    os.execvp('sleep', ['[kworker/0:1-MARK]', '60'])",
    ),
    "thread": (
        "python",
        "import subprocess, threading\n"
        "threading.Thread(target=subprocess.run, args=(['bash', '-c', 'sleep 60; : MARK'],)).start()",
    ),
    "stopped worker": ("shell", "setsid bash -c 'sleep 1; kill -STOP 2; sleep 60; : MARK' &"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_behind_neither_holds_up_a_block_nor_outlives_the_box(tmp_path: Path, name: str) -> None:
    mark = f"commander-left-{os.getpid()}-{name.replace(' ', '-')}"
    language, code = LEFT[name]
    with Bench(tmp_path) as bench:
        bench.run(language, "")
        begin = time.monotonic()
        result = bench.run(language, code.replace("MARK", mark))
        assert (result.exit_code, result.reason) == (0, ""), result
        assert time.monotonic() - begin < 2 * SLACK
        assert wait_until(lambda: bool(find_processes(mark)))
        time.sleep(1.2 if name == "stopped worker" else 0)
        begin = time.monotonic()
    assert time.monotonic() - begin < 2 * SLACK
    assert find_processes(mark) == []


@pytest.mark.parametrize("name", ["output held", "all signals ignored", "daemon of a daemon"])
def test_four_seconds_are_four_seconds_and_nobody_survives(tmp_path: Path, name: str) -> None:
    mark = f"commander-late-{os.getpid()}-{name.replace(' ', '-')}"
    language, code = LEFT[name]
    wait = {"shell": "\necho TRIED wait '->' now; sleep 60", "python": "\nprint('TRIED wait -> now')\nwhile True: pass"}
    with Bench(tmp_path, Limits(block_seconds=4)) as bench:
        bench.run(language, "")
        begin = time.monotonic()
        result = bench.run(language, code.replace("MARK", mark) + wait[language])
        took = time.monotonic() - begin
        assert outcomes(result) == {"wait": "now"}
        assert result.exit_code is None and "time limit of 4 s" in result.reason
        assert 4 <= took < 4 + 1.5 * SLACK
    assert find_processes(mark) == []


PARENT = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tools.interpreter.box import Box, Limits

async def main():
    box = Box(Path(sys.argv[1]), Limits())
    result = await box.run("python", {code!r})
    print(result.output, flush=True)
    {then}

asyncio.run(main())
"""


def test_a_stopped_worker_does_not_outlive_the_parents_sudden_end(tmp_path: Path) -> None:
    mark = f"commander-orphan-{os.getpid()}-stopped"
    code = f"""
import os, signal, subprocess
subprocess.Popen(["setsid", "bash", "-c", "trap '' HUP TERM; while :; do sleep 1; done", {mark!r}])
print("TRIED stop -> now", flush=True)
subprocess.Popen(["bash", "-c", "sleep 1; kill -STOP 2; sleep 60", {mark!r}])
"""
    script = PARENT.format(root=str(ROOT), code=code, then="await asyncio.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout and parent.stdout.readline() == b"TRIED stop -> now\n"
        assert wait_until(lambda: len(find_processes(mark)) >= 2)
        time.sleep(1.5)
        parent.kill()
    assert wait_until(lambda: not find_processes(mark)), find_processes(mark)


@pytest.mark.skipif(isinstance(find_filter(), NoFilter), reason="no filter of system calls here")
def test_nothing_is_typed_into_the_users_terminal(tmp_path: Path) -> None:
    code = (
        PRELUDE
        + """
import fcntl, pty
def type_in(fd):
    for char in b"echo OWNED\\n":
        fcntl.ioctl(fd, 0x5412, bytes([char]))
attempt("terminal", lambda: type_in(os.open("/dev/tty", os.O_RDWR)))
for fd in range(3):
    attempt(str(fd), lambda: type_in(fd))
attempt("one of its own", lambda: type_in(pty.openpty()[1]))
attempt("high bits", lambda: call(libc.ioctl, pty.openpty()[1], ctypes.c_ulong(1 << 32 | 0x5412), b"x"))
"""
    )
    then = "import select; print('TYPED' if select.select([0], [], [], 0.3)[0] else 'SILENT', flush=True)"
    script = PARENT.format(root=str(ROOT), code=code, then=then)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", script, str(tmp_path)])
    shown = ""
    while "SILENT" not in shown and "TYPED" not in shown:
        try:
            shown += os.read(terminal, 65536).decode()
        except OSError:
            break
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    assert "SILENT" in shown and "OWNED" not in shown, shown
    told = {line.split(" -> ")[0]: line.split(" -> ")[1] for line in shown.split("\r\n") if line.startswith("TRIED")}
    assert told["TRIED terminal"] == "ENXIO" and told["TRIED one of its own"] == told["TRIED high bits"] == "EPERM"
    assert not any(outcome.startswith("done") for outcome in told.values()) and len(told) == 6
