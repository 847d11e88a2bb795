"""However a run ends, nothing of it is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.commander.program import command
from tools.embedded.scripted import Reply, Script, scripted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
TASK = "Write five.txt and tell me the sum"
MARK = str(9_000_000 + os.getpid())
"""Seconds of a sleep that is found by them."""
LOOP = (
    f"```python\nimport subprocess\nsubprocess.Popen(['sleep', '{MARK}'])\n"
    "open('half.txt', 'w').write('half')\nopen('kept.txt', 'w').write('spoilt')\n"
    "print('begun', flush=True)\nwhile True: pass\n```"
)
PHASES: dict[str, tuple[str, Script, dict[str, float]]] = {
    "loading": ('"loading the model"', [LOOP], {"load": 60.0}),
    "prompt": ('"reading the prompt"', [Reply(LOOP, fault="hang")], {}),
    "streaming": ('"kind": "delta"', [Reply(LOOP * 20, delay=0.2)], {}),
    "code": ("begun", [LOOP], {}),
}


def started(url: str, cwd: Path, mark: str, *arguments: str, task: str = TASK) -> "subprocess.Popen[str]":
    """The program, once it has written `mark`."""
    environment = {**os.environ, "OLLAMA_BASE_URL": url}
    words = command("--json", *arguments, task)
    process = subprocess.Popen(
        words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout
    seen = ""
    for line in process.stdout:
        seen += line
        if mark in line:
            return process
    raise AssertionError(f"{mark} never came:\n{seen}\n{process.communicate()[1]}")


def family(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "kept.txt").write_text("as it was", encoding="utf-8")
    yield folder
    assert not [p for p in psutil.process_iter(["cmdline"]) if MARK in (p.info["cmdline"] or [])]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("phase", PHASES)
def test_an_interrupt_ends_the_run_in_time_with_nothing_left(place: Path, phase: str, ending: signal.Signals) -> None:
    mark, script, options = PHASES[phase]
    with scripted(script, **options) as (url, _):
        process = started(url, place, mark)
        children = family(process)
        begin = time.monotonic()
        process.send_signal(ending)
        _, err = process.communicate(timeout=20)
        assert time.monotonic() - begin < 2 * 3
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert gone(children, 3)
    assert [path.name for path in place.iterdir()] == ["kept.txt"]
    assert (place / "kept.txt").read_text(encoding="utf-8") == "as it was"


def test_the_time_limit_takes_back_what_a_program_wrote_until_then(place: Path) -> None:
    with scripted([LOOP]) as (url, _):
        environment = {**os.environ, "OLLAMA_BASE_URL": url}
        ran = subprocess.run(
            command("--timeout", "6", TASK), cwd=place, capture_output=True, text=True, env=environment, timeout=60
        )
    assert ran.returncode == 1, ran.stderr
    assert "the time limit of 6 s is reached" in ran.stderr
    assert "is taken back" in ran.stderr
    assert "half.txt" not in ran.stderr.partition("begun")[2]
    assert [path.name for path in place.iterdir()] == ["kept.txt"]
    assert (place / "kept.txt").read_text(encoding="utf-8") == "as it was"


def test_a_killed_parent_takes_its_worker_along(place: Path) -> None:
    with scripted([LOOP]) as (url, _):
        process = started(url, place, "begun")
        children = family(process)
        assert children
        process.kill()
        process.communicate(timeout=20)
        assert gone(children, 10)


def test_giving_up_stops_the_server_too(place: Path) -> None:
    with scripted([Reply(["word "] * 2000, delay=0.02)]) as (url, engine):
        process = started(url, place, '"kind": "delta"')
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        made = engine.made
        time.sleep(1)
        assert engine.made <= made + 5
        assert engine.made < 1500
