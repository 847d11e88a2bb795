"""Time, memory, processes and output of a block are bounded, for root too; what is ended says why."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.tools.interpreter.bench import SLACK, Bench, find_processes, wait_until
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe

pytestmark = pytest.mark.skipif(bool(probe()), reason=probe() or "")
MARK = f"commander-limits-{os.getpid()}"
ENDLESS = {
    "loop": ("python", "print('begin')\nwhile True: pass"),
    "sleep": ("python", "import time\nprint('begin')\ntime.sleep(1000)"),
    "interrupt ignored": (
        "python",
        "import time\nprint('begin')\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass",
    ),
    "child": ("python", f"import subprocess\nprint('begin')\nsubprocess.run(['bash', '-c', 'sleep 1000; : {MARK}'])"),
    "signals ignored": ("shell", f"echo begin; trap '' INT TERM HUP; while :; do sleep 1; done # {MARK}"),
    "background": ("shell", f"echo begin; bash -c 'sleep 1000; : {MARK}' & wait"),
    "input": ("shell", "echo begin; tail -f /dev/null"),
    "node": ("javascript", "console.log('begin'); while (true) {}"),
    "node waits": ("javascript", "console.log('begin'); setInterval(() => 0, 1000)"),
    "worker stopped": ("shell", "echo begin; sleep 0.2; kill -STOP $PPID; sleep 1000"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_block_without_end_is_ended(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    language, code = ENDLESS[name]
    with Bench(tmp_path_factory.mktemp("w"), Limits(block_seconds=1)) as bench:
        if language not in bench.box.languages:
            pytest.skip("no node here")
        bench.run(language, "")
        begin = time.monotonic()
        result = bench.run(language, code)
        took = time.monotonic() - begin
        assert result.exit_code is None and "time limit of 1 s" in result.reason, result
        assert result.output.startswith("begin\n")
        assert took < 1 + 1.5 * SLACK
        assert wait_until(lambda: not find_processes(MARK))
        assert bench.run(language, "").exit_code == 0


def test_four_seconds_are_four_seconds(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    with Bench(tmp_path, Limits(block_seconds=4)) as bench:
        result = bench.run(*ENDLESS["interrupt ignored"])
    assert 4 <= result.seconds < 4 + 1.5 * SLACK
    record_property("seconds", result.seconds)


def test_variables_survive_an_interrupt_that_the_code_heeds(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(block_seconds=1)) as bench:
        bench.python("kept = 5")
        result = bench.run("python", "while True: pass")
        assert "while True: pass" in result.output
        assert result.reason == "time limit of 1 s; its variables are kept"
        assert bench.python("print(kept)") == "5\n"


def test_all_blocks_together_have_a_limit(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(run_seconds=1)) as bench:
        result = bench.run("python", "import time; time.sleep(9)")
        assert result.exit_code is None and "time limit" in result.reason
        result = bench.run("python", "print(1)")
        assert (result.output, result.reason) == ("", "time limit of 1 s for all blocks")


def test_much_output_keeps_head_and_tail(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(output_bytes=10_000)) as bench:
        heard: list[str] = []
        result = bench.run("python", "for n in range(100000): print(n)", heard.append)
        assert result.exit_code == 0 and result.output == "".join(heard)
        assert result.output.startswith("0\n1\n2\n") and result.output.endswith("\n99998\n99999\n")
        assert "bytes of output are cut out here" in result.output
        assert len(result.output) < 10_200


def test_a_flood_is_ended_and_costs_no_memory(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.python("1")
        before = psutil.Process().memory_info().rss
        for language, code in [
            ("python", "while True: print('x' * 100000)"),
            ("shell", "yes"),
            ("shell", "cat /dev/zero"),
        ]:
            begin = time.monotonic()
            result = bench.run(language, code)
            assert result.exit_code is None and result.reason.startswith("output limit of 64 MB"), result.reason
            assert len(result.output) <= 1_000_200
            assert time.monotonic() - begin < 5 * SLACK
        assert psutil.Process().memory_info().rss - before < 30e6


def test_memory_of_one_process_is_bounded(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(memory_mb=600)) as bench:
        result = bench.run("python", "data = bytearray(700_000_000)")
        assert result.exit_code == 1 and "MemoryError" in result.output
        assert bench.python("print(1)") == "1\n"


def test_memory_of_all_processes_is_bounded(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(memory_mb=600)) as bench:
        code = (
            "import os, time\nfor _ in range(4):\n    if not os.fork(): break\ndata = b'x' * 300_000_000\ntime.sleep(9)"
        )
        begin = time.monotonic()
        result = bench.run("python", code)
        assert result.exit_code is None
        assert result.reason == "memory limit of 600 MB; all variables are lost"
        assert time.monotonic() - begin < 5 * SLACK
        assert bench.python("print(1)") == "1\n"


BOMBS = {
    "shell": ("shell", "bomb() { bomb | bomb & }; bomb; sleep 60"),
    "python": ("python", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "threads": (
        "python",
        "import threading, time\nwhile True:\n"
        "    try: threading.Thread(target=time.sleep, args=(99,)).start()\n    except Exception: pass",
    ),
    "detached": (
        "python",
        "import os\nwhile True:\n    try:\n        if os.fork(): os.setsid()\n    except OSError: pass",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_fork_bomb_is_ended(tmp_path: Path, name: str) -> None:
    before = len(psutil.pids())
    with Bench(tmp_path, Limits(processes=100, block_seconds=5)) as bench:
        bench.python("1")
        begin = time.monotonic()
        result = bench.run(*BOMBS[name])
        assert result.exit_code is None and "limit" in result.reason, result
        assert time.monotonic() - begin < 6.5 * SLACK
        assert bench.run("python", "print(1)").output.endswith("1\n")
    assert len(psutil.pids()) < before + 20


def test_a_bomb_that_goes_off_between_blocks_is_ended_too(tmp_path: Path) -> None:
    async def play() -> None:
        box = Box(tmp_path, Limits(processes=100))
        assert (await box.run("shell", "(sleep 0.5; bomb() { bomb | bomb & }; bomb) &")).exit_code == 0
        await asyncio.sleep(2)
        assert await asyncio.to_thread(wait_until, lambda: not find_processes("shell_runner.sh"), 9)
        result = await box.run("python", "print(1)")
        assert result.output == "[before: process limit of 100; earlier variables are lost]\n1\n"
        await box.close()

    asyncio.run(play())
