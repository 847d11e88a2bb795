"""The same with the real program as a process: what a user gets on the screen, and the exit code."""

import json
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.commander.program import Ran
from tests.commander.program import run as program
from tests.faults.conftest import ROUNDS
from tests.faults.faults import FAULTS
from tests.faults.proxy import CHAT, COMPATIBLE, faulty
from tests.faults.runs import REPORT, TASK, done, limits, said
from tools.embedded.scripted import scripted

AT_ONCE = 3
SOME = ("refused", "hangs in the middle", "500", "malformed line", "error inside a 200", "ends without done")
"""In a short round, those that never end; the others differ in what is told alone."""


def ran(name: str, place: Path, times: float) -> Ran:
    """A run of the program with the fault on both surfaces."""
    named = FAULTS[name]
    fault = (named.ever if times > 1 else None) or named.fault
    given: dict[str, Any] = {key.upper(): str(value) for key, value in limits(named).items()}
    with scripted(said, load=named.load) as (url, _), faulty(url, fault, {CHAT: 1, COMPATIBLE: 1}, times) as proxy:
        done = program("--json", "--route", "hybrid", TASK, cwd=place, OLLAMA_BASE_URL=proxy.url, **given)
        assert proxy.faults > 0
    return done


def each(names: Iterable[str], place: Path, times: float, check: Callable[[str, Path, Ran], None]) -> None:
    """Some at a time: most of a run is waiting."""

    def one(name: str) -> None:
        folder = place / name.replace(" ", "-")
        folder.mkdir()
        check(name, folder, ran(name, folder, times))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(one, names):
            pass


def test_each_fault_once_and_the_task_ends_right(place: Path) -> None:
    def right(name: str, folder: Path, ran: Ran) -> None:
        assert (ran.code, ran.err) == (0, ""), name
        events = [json.loads(line) for line in ran.out.strip("\n").split("\n")]
        assert (events[-1]["exit_code"], events[-1]["answer"]) == (0, REPORT.strip()), name
        assert done(folder), name
        assert sum(event["kind"] == "code" for event in events) == 4, name
        assert ("asking again" in ran.out) == bool(FAULTS[name].said), name

    each(FAULTS, place, 1, right)


def test_each_fault_for_ever_and_the_run_ends_with_one_line(place: Path) -> None:
    def told(name: str, folder: Path, ran: Ran) -> None:
        assert ran.code == FAULTS[name].code, name
        assert re.fullmatch(r"commander: [^\n]+; next: [^\n]+\n", ran.err), (name, ran.err)
        assert re.search(FAULTS[name].said, ran.err), (name, ran.err)
        assert not list(folder.iterdir()), name

    names = [name for name, named in FAULTS.items() if named.code == 3 and named.said]
    each(names if ROUNDS > 1 else SOME, place, float("inf"), told)
