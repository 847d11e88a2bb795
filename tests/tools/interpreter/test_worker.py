"""A worker that dies, lies or is abandoned; boxes without a jail."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.errors import JailError, UsageError
from tests.tools.interpreter.bench import SLACK, Bench, find_processes, wait_until
from tools.interpreter import launch
from tools.interpreter.box import BlockResult, Box, Limits
from tools.interpreter.jail import NoJail, explain, probe
from tools.interpreter.wire import Ended, Said, Wire, parse

WAYS = [True, False]


@pytest.fixture(params=WAYS, ids=["jailed", "free"])
def jailed(request: pytest.FixtureRequest) -> bool:
    if request.param and (reason := probe()):
        pytest.skip(reason)
    return bool(request.param)


def find_worker(bench: Bench) -> psutil.Process:
    """The worker's process, seen from the host."""
    (found,) = (
        p
        for p in psutil.Process().children(recursive=True)
        if "__main__.py" in " ".join(p.cmdline()) and "bwrap" not in p.name()
    )
    return found


def test_a_worker_killed_in_a_block_is_told_and_replaced(tmp_path: Path, jailed: bool) -> None:
    with Bench(tmp_path, options={"jailed": jailed}) as bench:
        bench.python("kept = 1")
        worker = find_worker(bench)

        async def kill_while_running() -> Any:
            block = asyncio.create_task(bench.box.run("python", "print('x')\nimport time; time.sleep(60)"))
            await asyncio.sleep(0.5)
            worker.kill()
            return await block

        result = bench.runner.run(kill_while_running())
        assert result.exit_code is None
        assert result.reason == "the worker died (signal 9); all variables are lost"
        assert result.output == "x\n" and result.seconds < 2 * SLACK
        assert bench.python("print('kept' in globals())") == "False\n"


def test_a_worker_killed_between_blocks_is_told_with_the_next(tmp_path: Path, jailed: bool) -> None:
    with Bench(tmp_path, options={"jailed": jailed}) as bench:
        bench.python("1")
        find_worker(bench).kill()
        wait_until(lambda: not bench.box._worker or bench.runner.run(died(bench)))
        result = bench.run("python", "print('new')")
        assert result.exit_code == 0
        assert result.output == "[before: the worker died (signal 9); earlier variables are lost]\nnew\n"


async def died(bench: Bench) -> bool:
    await asyncio.sleep(0.01)
    return bench.box._worker is not None and not bench.box._worker.alive


LIES = {
    "bad JSON": "print('{', flush=True)",
    "no object": "print('[1, 2]', flush=True)",
    "wrong types": "say(id='1', exit_code='0', reason=3)",
    "true for a number": "say(id=True, exit_code=0, reason='')",
    "deep JSON": "print('[' * 100000, flush=True)",
    "huge number": "print('{\"id\":' + '9' * 100000 + '}', flush=True)",
    "huge line": "while True: sys.stdout.write('x' * 1000000)",
    "unasked answer": "say(id=99, exit_code=0, reason='')",
    "answered twice": "say(id=1, exit_code=0, reason=''); say(id=1, exit_code=0, reason=''); time.sleep(60)",
    "ready twice": "say(ready=True)",
    "output without end": "while True: say(id=1, output='x' * 10000)",
    "binary": "sys.stdout.buffer.write(bytes(range(256)) * 100 + b'\\n'); sys.stdout.flush()",
    "ended": "sys.exit(3)",
    "silent": "time.sleep(60)",
}


@pytest.mark.parametrize("name", LIES)
def test_a_worker_that_lies_is_ended(tmp_path: Path, name: str) -> None:
    script = tmp_path / "liar" / "__main__.py"
    script.parent.mkdir()
    script.write_text(
        "import json, sys, time\n"
        "def say(**m): print(json.dumps(m), flush=True)\n"
        f"say(ready=True)\nsys.stdin.readline()\n{LIES[name]}\ntime.sleep(60)\n",
        encoding="utf-8",
    )
    workspace = tmp_path / "w"
    workspace.mkdir()
    limits = Limits(block_seconds=1, output_bytes=100_000)
    before = psutil.Process().memory_info().rss
    with Bench(workspace, limits, {"worker": script, "jailed": probe() is None}) as bench:
        begin = time.monotonic()
        result = bench.run("python", "1")
        if name == "answered twice":
            assert result.exit_code == 0
            result = bench.run("python", "1")
            assert "the worker" in result.output + result.reason
        else:
            assert result.exit_code is None and "the worker" in result.reason and len(result.reason) < 400, result
        assert len(result.output) <= 201_000
        assert time.monotonic() - begin < 4 * SLACK
        assert psutil.Process().memory_info().rss - before < 60e6
        assert find_processes(str(script)) == []


def test_a_worker_that_is_never_ready_is_told(tmp_path: Path, jailed: bool) -> None:
    script = tmp_path / "w.py"
    script.write_text("import sys, time\nsys.exit('cannot start: no such thing')", encoding="utf-8")
    with Bench(tmp_path, options={"jailed": jailed, "worker": script}) as bench:
        for _ in range(2):
            result = bench.run("python", "1")
            assert result.exit_code is None
            assert "the worker died (exit code 1): cannot start: no such thing" in result.reason


def test_what_cannot_be_printed_is_replaced() -> None:
    assert parse(b'{"id": 1, "output": "a\\ud800b"}') == Said(1, "a?b")
    assert parse(b'{"id": 1, "exit_code": null, "reason": "\\udfff"}') == Ended(1, None, "?")


ORPHAN = """
import asyncio, sys
from pathlib import Path
from tools.interpreter.box import Box, Limits

async def main():
    box = Box(Path(sys.argv[1]), Limits(), jailed=sys.argv[2] == "True")
    await box.start()
    await box.run("shell", f"bash -c 'while :; do sleep 1; done' {sys.argv[3]} &")
    print("running", flush=True)
    await box.run("python", f"import subprocess; subprocess.run(['bash', '-c', 'sleep 100; :', {sys.argv[3]!r}])")

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_the_parent(tmp_path: Path, jailed: bool, number: int) -> None:
    mark = f"commander-orphan-{os.getpid()}-{number}-{jailed}"
    root = Path(__file__).resolve().parents[3]
    script = f"import sys; sys.path.insert(0, {str(root)!r})\n{ORPHAN}"
    homes = set(Path(tempfile.gettempdir()).glob("commander-home-*"))
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(jailed), mark],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout
    with parent.stdout:
        assert parent.stdout.readline() == b"running\n"
    assert wait_until(lambda: len(find_processes(mark)) >= 3)
    parent.send_signal(number)
    parent.wait(10)
    assert wait_until(lambda: not find_processes(mark)), find_processes(mark)
    assert wait_until(lambda: not find_processes(str(tmp_path)))
    assert wait_until(lambda: not set(Path(tempfile.gettempdir()).glob("commander-home-*")) - homes)


def test_close_is_idempotent_and_ends_a_running_block(tmp_path: Path, jailed: bool) -> None:
    async def play() -> None:
        box = Box(tmp_path, Limits(), jailed=jailed)
        await box.close()
        box = Box(tmp_path, Limits(), jailed=jailed)
        await box.start()
        block = asyncio.create_task(box.run("python", "import time; time.sleep(60)"))
        await asyncio.sleep(1)
        await box.close()
        await box.close()
        assert (await block).reason == "the block was broken off; all variables are lost"
        assert (await box.run("python", "1")).reason == "the box is closed"

    asyncio.run(play())
    assert [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE] == []


def test_a_cancelled_block_is_ended(tmp_path: Path, jailed: bool) -> None:
    mark = f"commander-cancelled-{os.getpid()}-{jailed}"

    async def play() -> None:
        box = Box(tmp_path, Limits(), jailed=jailed)
        block = asyncio.create_task(box.run("shell", f"bash -c 'touch began; sleep 60' {mark}"))
        await asyncio.to_thread(wait_until, (tmp_path / "began").exists, 30)
        block.cancel()
        with pytest.raises(asyncio.CancelledError):
            await block
        result = await box.run("python", "print(2)")
        assert result.output == "[before: the block was broken off; earlier variables are lost]\n2\n"
        assert find_processes(mark) == []
        await box.close()

    asyncio.run(play())


@pytest.mark.parametrize("message", [1, 2])
def test_a_block_is_cancelled_in_the_moment_that_its_worker_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: int
) -> None:
    if reason := probe():
        pytest.skip(reason)
    block: asyncio.Task[BlockResult]
    hears, heard = Wire.pipe_data_received, []

    def hear(wire: Wire, fd: int, data: bytes) -> None:
        hears(wire, fd, data)
        heard.append(data)
        if len(heard) == message:  # that it is ready, then what the block prints
            block.cancel()

    async def play() -> None:
        nonlocal block
        box = Box(tmp_path, Limits())
        block = asyncio.create_task(box.run("shell", "echo begun; sleep 60"))
        _, late = await asyncio.wait([block], timeout=10 * SLACK)
        await box.close()
        assert not late and block.cancelled()

    monkeypatch.setattr(Wire, "pipe_data_received", hear)
    asyncio.run(play())
    assert len(heard) >= message


def test_blocks_asked_for_at_once_run_one_after_the_other(tmp_path: Path, jailed: bool) -> None:
    async def play() -> list[str]:
        box = Box(tmp_path, Limits(), jailed=jailed)
        results = await asyncio.gather(*(box.run("python", f"print({n})") for n in range(5)))
        await box.close()
        return [result.output for result in results]

    assert asyncio.run(play()) == [f"{n}\n" for n in range(5)]


def test_without_a_jail_the_environment_and_the_home_are_clean_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: Path
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "PLANTED")
    with Bench(tmp_path, options={"jailed": False}) as bench:
        output = bench.python("import os, pathlib; print(dict(os.environ)); print(pathlib.Path.home())")
        output += bench.shell("env; cat /proc/$PPID/environ | tr '\\0' '\\n'; echo ~")
        home = Path(output.splitlines()[-1])
        assert home.is_dir() and home != user
    assert "PLANTED" not in output
    assert not home.exists()


def test_without_a_jail_daemons_end_with_the_box(tmp_path: Path) -> None:
    mark = f"commander-free-{os.getpid()}"
    with Bench(tmp_path, options={"jailed": False}) as bench:
        bench.shell(f"setsid nohup bash -c 'while :; do sleep 1; done' {mark} >/dev/null 2>&1 &")
        assert wait_until(lambda: bool(find_processes(mark)))
    assert find_processes(mark) == []


def test_without_a_jail_time_and_memory_are_bounded_too(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(block_seconds=1, memory_mb=600), {"jailed": False}) as bench:
        bench.python("kept = 1")
        assert "time limit of 1 s" in bench.run("python", "while True: pass").reason
        assert "MemoryError" in bench.run("python", "bytearray(700_000_000)").output
        assert bench.python("print(kept)") == "1\n"


def test_no_jail_is_an_error_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "find_bwrap", lambda: NoJail("no bubblewrap", "sudo apt install bubblewrap"))
    with pytest.raises(JailError, match="sudo apt install bubblewrap"):
        asyncio.run(Box(tmp_path, Limits()).start())


def test_ubuntus_ban_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"kernel/apparmor_restrict_unprivileged_userns": "1"}
    monkeypatch.setattr("tools.interpreter.jail.read_setting", lambda name: settings.get(name, ""))
    told = explain("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted")
    assert "kernel.apparmor_restrict_unprivileged_userns=1" in told.what
    assert told.remedy == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"


def test_a_workspace_venv_is_used_and_seen_in_the_jail(tmp_path: Path, jailed: bool) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    with Bench(tmp_path, options={"jailed": jailed}) as bench:
        assert bench.python("import sys; print(sys.prefix)") == f"{tmp_path / '.venv'}\n"
        assert bench.shell("python -c 'import sys; print(sys.prefix)'") == f"{tmp_path / '.venv'}\n"


def test_a_planted_venv_opens_no_folder_of_the_user(tmp_path: Path, user: Path) -> None:
    if reason := probe():
        pytest.skip(reason)
    (user / "secret").write_text("PLANTED", encoding="utf-8")
    (user / "bin").mkdir()
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"home = {user}/bin\n", encoding="utf-8")
    (venv / "bin/python").write_text("#!/bin/sh\ntouch /tmp/ran-on-the-host\n", encoding="utf-8")
    (venv / "bin/python").chmod(0o755)
    with Bench(tmp_path) as bench:
        assert "not usable" in bench.box.python.note
        assert bench.run("shell", f"cat {user}/secret").exit_code == 1
        assert bench.python("import pandas; print(1)") == "1\n"
    assert not Path("/tmp/ran-on-the-host").exists()


def test_a_workspace_that_is_gone_is_told(tmp_path: Path) -> None:
    async def play() -> str:
        workspace = tmp_path / "w"
        workspace.mkdir()
        box = Box(workspace, Limits(), jailed=False)
        workspace.rmdir()
        result = await box.run("python", "1")
        await box.close()
        return result.reason

    assert asyncio.run(play()).startswith("the worker could not start: ")


def test_a_python_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no Python"):
        Box(tmp_path, Limits(), python=tmp_path / "python")


def test_the_systems_python_can_be_named(tmp_path: Path, jailed: bool) -> None:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("no /usr/bin/python3 here")
    with Bench(tmp_path, options={"jailed": jailed, "python": Path("/usr/bin/python3")}) as bench:
        assert bench.python("import sys; print(sys.prefix)") == "/usr\n"


def test_an_ordinary_user_has_the_same_jail(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.getuid() != 0:
        pytest.skip("this is an ordinary user already")
    workspace = Path("/tmp") / f"commander-nobody-{os.getpid()}"
    workspace.mkdir()
    os.chown(workspace, 65534, 65534)
    script = workspace / "play.py"
    code = f"""
        import asyncio, sys
        sys.path.insert(0, {str(Path(__file__).resolve().parents[3])!r})
        from pathlib import Path
        from tools.interpreter.box import Box, Limits

        async def main():
            box = Box(Path({str(workspace)!r}), Limits(processes=100, block_seconds=5))
            await box.start()
            print(await box.run("python", "import pandas; open('made', 'w').write('x')"))
            print(await box.run("shell", "id -u; echo x > /proc/sys/kernel/core_pattern"))
            print(await box.run("python", "import os\\nwhile True: os.fork()"))
            print(await box.run("python", "print('alive')"))
            await box.close()

        asyncio.run(main())
    """
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    base = Path(sys.base_prefix)
    # The interpreter may lie in root's home: shown to that user in a mount namespace of the test's own.
    stage = tmp_path_factory.mktemp("stage")
    commands = f"""
        set -e
        mkdir -p {stage}/root && chmod 755 {stage}/root
        if [ "{base.parts[1]}" = root ]; then
            mkdir -p {stage}{base} && mount --bind {base} {stage}{base} && mount --rbind {stage}/root /root
        fi
        export HOME={workspace}
        exec setpriv --reuid 65534 --regid 65534 --clear-groups {sys.executable} -B {script}
    """
    try:
        told = subprocess.run(
            ["unshare", "-m", "sh", "-c", commands], capture_output=True, text=True, timeout=120, check=False
        )
        assert (workspace / "made").stat().st_uid == 65534, told
    finally:
        subprocess.run(["rm", "-rf", str(workspace)], check=True)
    lines = told.stdout.splitlines()
    assert "exit_code=0" in lines[0] and "Read-only file system" in lines[1] and "1000" in lines[1], told
    assert "process limit of 100" in lines[2] or "BlockingIOError" in lines[2], told
    assert "alive" in lines[3], told


def test_a_block_after_forget_knows_nothing_of_earlier_ones(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        for language, set_, get in (
            ("python", "x = 41", "print('x' in globals())"),
            ("javascript", "var x = 41", "console.log(typeof x !== 'undefined')"),
            ("shell", "export x=41", '[ -n "$x" ] && echo true || echo false'),
        ):
            if language not in bench.box.languages:
                continue
            bench.run(language, set_)
            assert bench.run(language, get).output.strip().lower() == "true"
            bench.box.forget()
            assert bench.run(language, get).output.strip().lower() == "false"
