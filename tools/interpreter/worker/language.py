"""What all languages have in common: a block runs, its output is followed, its time is limited."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from queue import Empty
from typing import Any, ClassVar

from tools.interpreter.worker.child import Child
from tools.interpreter.worker.console import FLOOD, Catch, Console, Ended, Item

GRACE = 0.8
"""Seconds between an interrupt and the kill."""
KILLED = -9
Chunk = dict[str, str]


@dataclass(frozen=True)
class Tools:
    """The programs that run the languages (`javascript` is empty where there is no node), and what they may know."""

    python: str
    shell: str
    javascript: str
    environment: Mapping[str, str]
    """Taken before Open Interpreter adds its own variables."""


@dataclass
class Turn:
    """The one block under way: what runs, how long it may, and how it ended."""

    language: str
    code: str
    seconds: float
    output_bytes: int
    fresh: bool = False
    exit_code: int | None = None
    reason: str = ""
    begun: bool = field(default=False)


class Language:
    """A language as Open Interpreter wants it: `run` yields its chunks; made by it with its `computer`."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    file_extension: ClassVar[str]
    persistent: ClassVar[bool] = True

    def __init__(self, computer: Any) -> None:
        self._llm = computer.interpreter.llm
        self.console: Console = self._llm.console
        self.tools: Tools = self._llm.tools
        self.child: Child | None = None

    def begin(self, code: str, block: int) -> Child:
        """Starts the block in a new process, or hands it to the one that is there."""
        raise NotImplementedError

    def run(self, code: str) -> Iterator[Chunk]:
        """Runs the block; what it prints comes as chunks, how it ended stands in the turn."""
        turn: Turn = self._llm.turn
        if turn.fresh:
            self.forget()
        block, catch = self.console.open(turn.output_bytes)
        try:
            self.child = self.begin(unframe(code), block)
        except (OSError, RuntimeError) as error:  # no process or no thread left: the limit is reached
            turn.reason = f"{self.name} could not start: {error}"
            return
        for text in self._follow(block, catch, turn):
            # Any other format than "output": that one Open Interpreter rewrites (@@@HIDE_TRACEBACK@@@) and truncates.
            yield {"type": "console", "format": "verbatim", "content": text}
        self._conclude(turn)

    def _follow(self, block: int, catch: Catch, turn: Turn) -> Iterator[str]:
        deadline = time.monotonic() + turn.seconds
        means: list[Callable[[], None]] = [self.stop, self.terminate, lambda: self.console.close(block, KILLED)]
        while not isinstance(item := next_item(catch, deadline), Ended):
            if isinstance(item, str):
                yield item
                continue
            turn.reason = turn.reason or (
                f"output limit of {FLOOD >> 20} MB" if item else f"time limit of {turn.seconds:g} s"
            )
            if means:
                means.pop(0)()
            deadline = time.monotonic() + GRACE
        turn.exit_code = item.exit_code

    def _conclude(self, turn: Turn) -> None:
        if turn.reason:
            turn.exit_code = None
        elif turn.exit_code is not None and turn.exit_code < 0:
            turn.reason = f"ended by {signal_name(-turn.exit_code)}"
            turn.exit_code = 128 - turn.exit_code
        if turn.reason:
            turn.reason += self._state_note()

    def _state_note(self) -> str:
        if not self.persistent:
            return ""
        return "; its variables are kept" if self.child and self.child.alive else "; its variables are lost"

    def stop(self) -> None:
        """Interrupts the block; the state stays where the code lets it."""
        if self.child:
            self.child.interrupt()

    def forget(self) -> None:
        """Ends the language, so that the next block starts anew."""
        self.terminate()
        self.child = None

    def terminate(self) -> None:
        """Ends the language with all its processes; the state is lost."""
        if self.child:
            self.child.end()


def next_item(catch: Catch, deadline: float) -> Item | None:
    """The next thing that the block did, None at the deadline."""
    try:
        return catch.items.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        return None


def signal_name(number: int) -> str:
    """`SIGSEGV` rather than 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def frame(code: str) -> str:
    """The code between two characters that hide its ends.

    Open Interpreter edits code that begins with a backtick, `functions.execute(` or `{"language":`, or that ends with
    `executeexecute`, refuses empty code, and runs a shell block that begins with `apt install` by itself.
    """
    return f"\x02{code}\x03"


def unframe(code: str) -> str:
    """What `frame` was given."""
    return code[1:-1]
