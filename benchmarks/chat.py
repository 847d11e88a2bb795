"""What the chat's screen costs: `uv run python benchmarks/chat.py`.

The model is scripted, served by this process, and no part of the figures. The processor's time for a stream in the chat
stands beside that of the same stream with `--json` to nowhere: the difference is what rendering takes.
"""

import argparse
import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tools.embedded.scripted import Reply, scripted

PARAGRAPH = "The **chat** shows a stream, with `code` and words that are set as Markdown while they come.\n\n"
CODE = "```python\nfor number in range(10):\n    print(number, number**2)\n```\n\n"
TASK = "Explain in words what a stream is"


class Chat:
    """The chat in a pseudo-terminal that nobody looks at."""

    def __init__(self, url: str, folder: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(OLLAMA_BASE_URL=url, TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1", **homes(folder))
            os.execv(sys.executable, [sys.executable, "-m", "commander"])  # noqa: S606, the program itself
        self.process = psutil.Process(self.pid)
        self.wait("/help")

    def wait(self, expected: str, seconds: float = 1200) -> None:
        """Read until this is shown."""
        shown, end = "", time.monotonic() + seconds
        while expected not in shown:
            if time.monotonic() > end:
                sys.exit(f"not shown: {expected}\n{shown}")
            if select.select([self.terminal], [], [], 0.2)[0]:
                shown = shown[-10_000:] + os.read(self.terminal, 65536).decode("utf-8", "replace")

    def say(self, text: str, until: str = "reloads") -> None:
        """Send a message and wait for its end."""
        os.write(self.terminal, f"{text}\r".encode())
        self.wait(until)

    def spent(self) -> float:
        """Seconds of a processor that it has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def leave(self) -> None:
        """End it."""
        os.write(self.terminal, b"\x04")
        os.waitpid(self.pid, 0)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tokens", type=int, default=10_000, help="tokens of the stream (default 10,000)")
    arguments.add_argument("--rate", type=float, default=100, help="tokens a second (default 100)")
    arguments.add_argument("--turns", type=int, default=200, help="turns of the long conversation (default 200)")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stream(Path(folder), given.tokens, given.rate)
        turns(Path(folder), given.turns)
    return 0


def homes(folder: Path) -> dict[str, str]:
    """Folders of the user's that are empty, beside the one to work in."""
    return {
        name: str(folder.parent / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
    }


def stream(folder: Path, tokens: int, rate: float) -> None:
    """The processor's time of one long answer, as a share of the time that it takes to come."""
    place = folder / "stream"
    place.mkdir()
    text = (PARAGRAPH + CODE) * (tokens // 40 + 1)
    pieces = [text[at : at + 4] for at in range(0, len(text), 4)][:tokens]
    with scripted(lambda messages: Reply(pieces), delay=1 / rate) as (url, engine):
        chat = Chat(url, place)
        chat.say("/route strategy", "route strategy")
        before, begun = chat.spent(), time.monotonic()
        chat.say(TASK)
        took, shown = time.monotonic() - begun, chat.spent() - before
        chat.leave()
        made, engine.made = engine.made, 0
        begun = time.monotonic()
        plain = silent(url, place)
        other = time.monotonic() - begun
    print(f"{made:,} tokens in {took:.0f} s: the chat took {shown / took:.1%} of a processor")
    print(f"the same with --json to nowhere, start included: {engine.made:,} in {other:.0f} s, {plain / other:.1%}")
    print(f"rendering: {(shown - plain) / took:.1%} (more by what the start of the other took)")


def silent(url: str, place: Path) -> float:
    """Seconds of a processor for the same without a screen."""
    command = [sys.executable, "-m", "commander", "--json", "--route", "strategy", TASK]
    environment = {**os.environ, "OLLAMA_BASE_URL": url, **homes(place)}
    before = os.times()
    subprocess.run(command, cwd=place, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def turns(folder: Path, count: int) -> None:
    """What the program holds in memory as the conversation goes on."""
    place = folder / "turns"
    place.mkdir()
    with scripted(lambda messages: PARAGRAPH + CODE) as (url, _):
        chat = Chat(url, place)
        chat.say("/route strategy", "route strategy")
        held = []
        for _ in range(count):
            chat.say(TASK)
            held.append(chat.process.memory_info().rss / 2**20)
        chat.leave()
    tenth = max(1, count // 10)
    print(f"memory after {tenth} turns {held[tenth - 1]:.0f} MiB, after {count} turns {held[-1]:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())
