"""How quickly the command line answers and a run begins, as ratios: `uv run python benchmarks/startup.py`.

What is compared runs by turns in one session, so that a busy machine slows both. The model is scripted and no part of
the figures; the server in front of it is the embedded one's, in this process.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from tools.embedded.scripted import scripted

TASK = "Compute the sum of the first ten squares and print it"
REPLY = "```python\nprint(sum(n * n for n in range(1, 11)))\n```"
NOTHING = ("-c", "pass")
HELP = ("-m", "commander", "--help")
CLIENT = ("-c", "import autogen_ext.models.openai")
LOG = "commander.log"
SAMPLE = 0.05


class Request:
    """Notes the first request for words of the model, and what the processes then hold."""

    def __init__(self) -> None:
        self.seen = threading.Event()
        self.at = 0.0

    def reply(self, messages: list[dict[str, Any]]) -> str:
        """The script: the same block of code to whatever is asked."""
        if not self.seen.is_set():
            self.at = time.perf_counter()
            self.seen.set()
        return REPLY


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=7, help="runs of each (default 7)")
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        compare("--help", "python -c pass", lambda: seconds(home, HELP), lambda: seconds(home, NOTHING), runs)
        for route in ("code", "strategy"):
            compare(
                f"first request, {route}",
                "import of AutoGen's OpenAI client",
                partial(first_request, home, route),
                lambda: seconds(home, CLIENT),
                runs,
            )
        at_request, peak = memory(home)
    print(f"memory of all processes, without the model: {at_request} MiB at the first request, {peak} MiB at the peak")
    return 0


def compare(name: str, other: str, ours: Callable[[], float], theirs: Callable[[], float], runs: int) -> None:
    """Print the two medians with their ranges, and their ratio; a first run of each, not counted, warms the disk."""
    pairs = [(ours(), theirs()) for _ in range(runs + 1)][1:]
    mine, other_times = zip(*pairs, strict=True)
    ratio = statistics.median(mine) / statistics.median(other_times)
    print(f"{name:24} {spread(mine)}   {other:34} {spread(other_times)}   ratio {ratio:.2f}", flush=True)


def spread(times: tuple[float, ...]) -> str:
    """Median and range."""
    return f"{statistics.median(times):6.3f} s ({min(times):.3f}-{max(times):.3f})"


def seconds(home: Path, arguments: tuple[str, ...]) -> float:
    """How long Python takes for these arguments."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment(home), cwd=home, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def first_request(home: Path, route: str) -> float:
    """From the start of the command to its first request for words of the model."""
    request = Request()
    with scripted(request.reply) as (base_url, _):
        start = time.perf_counter()
        with commander(home, base_url, route) as process:
            while not request.seen.wait(0.005):
                if process.poll() is not None:
                    sys.exit((home / LOG).read_text(encoding="utf-8") + "the command ended before its first request")
    return request.at - start


def memory(home: Path) -> tuple[int, int]:
    """MiB of all processes of a run at the first request, and at the peak."""
    request, samples = Request(), [0.0]
    at_request = 0.0
    with scripted(request.reply) as (base_url, _), commander(home, base_url, "code") as process:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            samples.append(held(root))
            at_request = at_request or (samples[-1] if request.seen.is_set() else 0.0)
            time.sleep(SAMPLE)
    return round(at_request), round(max(samples))


def held(root: psutil.Process) -> float:
    """MiB of a process and its descendants, shared pages divided among those that share them where the system tells."""
    total = 0
    for process in [root, *_descendants(root)]:
        try:
            full = process.memory_full_info()
            total += getattr(full, "pss", full.uss)
        except psutil.Error:
            continue
    return total / 2**20


def _descendants(root: psutil.Process) -> list[psutil.Process]:
    try:
        return root.children(recursive=True)
    except psutil.Error:
        return []


@contextmanager
def commander(home: Path, base_url: str, route: str) -> Iterator[subprocess.Popen[str]]:
    """A run of the command in a workspace of its own; ended, if need be, as by the user."""
    with tempfile.TemporaryDirectory(dir=home) as workspace:
        command = [sys.executable, "-m", "commander", "--json", "--yes", "--base-url", base_url, "--route", route]
        command += ["--model", "scripted:latest", "--max-turns", "3", "--timeout", "60", "--workspace", workspace, TASK]
        with (home / LOG).open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                command, env=environment(home), cwd=home, stdout=output, stderr=subprocess.STDOUT, encoding="utf-8"
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait(20)


def environment(home: Path) -> dict[str, str]:
    """Ours, with user folders of its own and compiled modules kept, as on a user's machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "COMMANDER_"))}
    return kept | {"HOME": str(home), "USERPROFILE": str(home), "XDG_RUNTIME_DIR": str(home)}


if __name__ == "__main__":
    sys.exit(main())
