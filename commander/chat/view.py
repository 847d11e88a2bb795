"""The chat's screen: what happens goes above the line where the user types, what moves stands beside it."""

import asyncio
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from prompt_toolkit.application import run_in_terminal
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from commander.chat.stream import THEME, Stream
from commander.console import FOLD, Screen, clean, counted
from tools import events

T = TypeVar("T")
BRIEF = 12
"""Lines of a program that is not what the model wrote, up to which it is shown."""
KEPT = 200_000
"""Characters of a block's output that `/expand` can show."""


@dataclass
class Cost:
    """What the conversation took."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    loads: int = 0
    swaps: int = 0
    seconds: float = 0

    def add(self, event: events.Finished) -> None:
        """Count a turn."""
        self.calls += event.calls
        self.prompt_tokens += event.prompt_tokens
        self.completion_tokens += event.completion_tokens
        self.loads += event.loads + event.reloads
        self.swaps += event.swaps
        self.seconds += event.seconds

    def __str__(self) -> str:
        tokens = f"{self.prompt_tokens:,} tokens in, {self.completion_tokens:,} out"
        memory = f"{counted(self.loads, 'load')}, {counted(self.swaps, 'swap')}"
        return f"{counted(self.calls, 'model call')}, {tokens}, {memory}, {self.seconds:.0f} s"


@dataclass(frozen=True)
class Asked:
    """A question that waits for the user."""

    text: str
    answer: "Future[str]"


class ChatScreen(Screen):
    """Shows events of a turn; may be called from any thread."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        super().__init__()
        self.console = Console(highlight=False, soft_wrap=True)
        self.interactive = True
        self.fold = ": /expand"
        self.loop = loop
        self.changed: Callable[[], None] = lambda: None
        """Draws the moving parts anew."""
        self.asked: Asked | None = None
        self.roles: events.Roles | None = None
        self.finished: events.Finished | None = None
        """The last turn's end."""
        self.plan: list[str] = []
        self.output: list[str] = []
        """What the last block printed."""
        self.loaded = ""
        """The model that came into memory last."""
        self.context = 0
        """Tokens of the last prompt and its answer."""
        self.total = Cost()
        self._stream: Stream | None = None
        self.arrived: Callable[[], None] = lambda: None
        """Told before a question is shown."""

    @property
    def moving(self) -> bool:
        """The prompt is drawn all the time."""
        return True

    def emit(self, event: events.Event) -> None:
        """Show `event`."""
        match event:
            case events.Roles():
                self.roles = event
            case events.Load(model):
                self.loaded = model
            case events.Plan(steps):
                self.plan = list(steps)
            case events.Call():
                self.context = event.prompt_tokens + event.completion_tokens
            case events.Finished():
                self.finished = event
                self.total.add(event)
        super().emit(event)
        self.changed()

    def begin(self) -> None:
        """A turn begins."""
        self.start = self.since = time.monotonic()
        self.phase, self.tokens, self.finished, self._stream = "starting", 0, None, None

    def _delta(self, agent: str, text: str) -> None:
        if self._stream is None or not self.phase.startswith("writing"):
            self._phase(f"writing ({agent})")
            self._stream = Stream(prose=agent == "commander")
        for part in self._stream.add(text):
            self.console.print(part)
        self.line = "" if self._stream.data else self._stream.line
        self.streamed = self._stream.text

    def _flush(self) -> None:
        self.line = ""
        if self._stream:
            for part in self._stream.rest():
                self.console.print(part)

    def _code(self, language: str, source: str) -> None:
        self.output = []
        lines = source.strip().splitlines()
        if source.strip() not in self.streamed and len(lines) > BRIEF:  # a file that is saved, and what checks it
            self._flush()
            self.say(f"  executor  {language}, {len(lines)} lines: {lines[0][:60]} ... (/expand shows them)", "bold")
            self.output, self.streamed, self.shown = [f"{source}\n"], "", 0
        else:
            super()._code(language, source)

    def _output(self, text: str) -> None:
        if sum(map(len, self.output)) < KEPT:
            self.output.append(text)
        super()._output(text)

    def _answer(self, text: str) -> None:
        said = self._stream.text if self._stream and self._stream.prose else ""
        ran = self.finished is not None and not self.finished.calls
        if ran or (text.strip() and text.strip() in said):
            return  # it stands above, as it came
        if said:
            self.console.print(Markdown(clean(text), code_theme=THEME))
            return
        lines = text.strip("\n").split("\n")
        self.console.print(Text(clean("\n".join(lines[:FOLD]))))
        if len(lines) > FOLD:
            self.say(f"    ... {len(lines) - FOLD} more lines: /expand", "dim")

    def question(self, text: str) -> str:
        """What the user types; nothing where the turn ends meanwhile. For threads beside the loop."""
        asked = Asked(text, Future())
        self.loop.call_soon_threadsafe(self._ask, asked)
        return asked.answer.result()

    def _ask(self, asked: Asked) -> None:
        self.arrived()
        self.asked = asked
        self.changed()

    def reply(self, text: str) -> None:
        """Answer the question that waits."""
        asked, self.asked = self.asked, None
        if asked and not asked.answer.done():
            asked.answer.set_result(text)

    def still(self, work: Callable[[], T]) -> T:
        """The result of `work`, which has the terminal for itself. For threads beside the loop."""
        return asyncio.run_coroutine_threadsafe(_alone(work), self.loop).result()


async def _alone(work: Callable[[], T]) -> T:
    return await run_in_terminal(work, in_executor=True)
