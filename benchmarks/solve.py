"""Which tasks are solved, side by side with the same model: `uv run python benchmarks/solve.py`.

Systems take turns on each task, in a fresh folder each; results are appended to a file, and what is in it already is
not run again. What they wrote is judged in the jail. The model is the embedded one.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.tasks.catalog import TASKS
from benchmarks.tasks.task import Task
from config.folders import ROOT
from config.settings import load
from tools.events import ignore
from tools.interpreter.box import Box, Limits
from tools.interpreter.environment import clean_environment
from tools.interpreter.jail import HOME, Jail, find_bwrap
from tools.interpreter.pythons import own_python
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.gateway import Gateway
from tools.ollama.server import reach
from tools.replies import code_blocks

SECONDS = 120
BARE = (
    "\n\nReply with one code block, Python or shell; it is run in the folder of the files. "
    "If no code is needed, answer in words."
)


@dataclass
class Result:
    """What one system made of one task."""

    system: str
    task: str
    group: str
    solved: bool
    exit_code: int
    problems: list[str]
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    answer: str

    @property
    def claimed(self) -> bool:
        """Whether it said that the task is done."""
        return self.exit_code == 0


Said = tuple[int, str, int, int, int]
"""Exit code, answer, calls, tokens in, tokens out."""


def main() -> int:
    """Run what is missing in the results, then print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--systems", nargs="+", default=["commander", "bare"], choices=list(SYSTEMS))
    arguments.add_argument("--tasks", nargs="*", default=[], help="names or groups (default: all)")
    arguments.add_argument("--results", type=Path, default=Path("results.jsonl"))
    given = arguments.parse_args()
    wanted = [task for task in TASKS if not given.tasks or {task.name, task.group} & set(given.tasks)]
    there = {(result.system, result.task) for result in read(given.results)}
    for task in wanted:
        for system in given.systems:
            if (system, task.name) not in there:
                result = solve(system, task)
                with given.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
                print(f"{task.name:20} {system:10} {told(result)}", flush=True)
    names = {task.name for task in wanted}
    print("\n".join(table([result for result in read(given.results) if result.task in names], given.systems)))
    return 0


def solve(system: str, task: Task) -> Result:
    """One system's try, judged."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place, "folder")
        folder.mkdir()
        task.prepare(folder)
        start = time.monotonic()
        code, answer, calls, read_tokens, written = SYSTEMS[system](task, folder)
        seconds = round(time.monotonic() - start, 1)
        wrong = judged(task, folder, answer)
    counts = (calls, read_tokens, written)
    return Result(system, task.name, task.group, not wrong, code, wrong, *counts, seconds, answer)


def commander(task: Task, folder: Path) -> Said:
    """The product, as a user starts it."""
    command = [sys.executable, "-m", "commander", "--json", "--timeout", str(SECONDS), "--workspace", str(folder)]
    ran = subprocess.run([*command, task.text], capture_output=True, encoding="utf-8", timeout=3 * SECONDS)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    calls = [event for event in events if event["kind"] == "call"]
    answer = str(events[-1]["answer"]) if events and events[-1]["kind"] == "finished" else ""
    tokens = [sum(call[key] for call in calls) for key in ("prompt_tokens", "completion_tokens")]
    return ran.returncode, answer, len(calls), tokens[0], tokens[1]


def bare(task: Task, folder: Path) -> Said:
    """The model alone: one call, its first block of code is run."""
    return asyncio.run(_bare(task, folder))


async def _bare(task: Task, folder: Path) -> Said:
    gateway = Gateway(reach(load(), ignore), ignore)
    box = Box(folder, Limits(block_seconds=SECONDS))
    try:
        messages = [{"role": "user", "content": task.text + BARE}]
        options = {"temperature": 0, "seed": 1, "num_predict": 2048}
        reply = await OllamaAdapter(gateway, gateway.server.model, "bare").chat(messages, options)
        blocks = [block for block in code_blocks(reply.text) if block.language in {"python", "shell"}]
        ran = await box.run(blocks[0].language, blocks[0].code) if blocks else None
    finally:
        await box.close()
        await gateway.close()
    (call,) = gateway.calls
    prose = re.sub(r"```.*?(```|$)", "", reply.text, flags=re.S)
    code = 0 if ran is None else ran.exit_code if ran.exit_code is not None else 1
    return code, f"{prose}\n{ran.output if ran else ''}", 1, call.prompt_tokens, call.completion_tokens


SYSTEMS: dict[str, Callable[[Task, Path], Said]] = {"commander": commander, "bare": bare}


def judged(task: Task, folder: Path, answer: str) -> list[str]:
    """What the task's checker finds, in a jail around the folder."""
    bwrap, python = find_bwrap(), own_python()
    if not isinstance(bwrap, Path):
        raise SystemExit(f"no jail to judge in: {bwrap.what}")
    jail = Jail(folder, shown=[*python.folders, ROOT])
    environment = {**clean_environment(python.executable, HOME), "PYTHONPATH": str(ROOT)}
    command = [*jail.command(bwrap, environment), str(python.executable), "-B", str(ROOT / "benchmarks" / "judge.py")]
    asked = json.dumps({"task": task.name, "answer": answer})
    ran = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", timeout=180)
    return [str(each) for each in json.loads(ran.stdout)] if ran.returncode == 0 else [ran.stderr[-500:]]


def read(file: Path) -> Iterator[Result]:
    """The results so far."""
    if file.is_file():
        yield from (Result(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())


def told(result: Result) -> str:
    """One result in a line."""
    claim = "" if result.claimed == result.solved else "CLAIMED" if result.claimed else "not claimed"
    why = "solved" if result.solved else result.problems[0][:70]
    return f"{result.calls:2} calls {result.seconds:4.0f} s  {why} {claim}"


def table(results: list[Result], systems: list[str]) -> Iterator[str]:
    """A line a system."""
    heads = ["system", "tasks", "solved, and said so", "solved, not said", "said, not solved"]
    heads += ["calls", "tokens in", "tokens out", "seconds"]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for system in systems:
        own = [result for result in results if result.system == system]
        counts = [(True, True), (True, False), (False, True)]
        cells = [len(own), *(sum((r.solved, r.claimed) == pair for r in own) for pair in counts)]
        cells += [sum(r.calls for r in own), sum(r.tokens_in for r in own), sum(r.tokens_out for r in own)]
        yield f"| {system} | {' | '.join(map(str, cells))} | {sum(r.seconds for r in own):.0f} |"


if __name__ == "__main__":
    raise SystemExit(main())
