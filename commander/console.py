"""What the user sees: one match over the events, for a terminal, a pipe, or a script (`--json`)."""

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tools import events

T = TypeVar("T")
FOLD = 40
"""Lines of one block's output that are shown."""
GIVEN = 8
"""Lines of a tool's result that are shown."""
PLAIN = str.maketrans("│└", "|`")
ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""Letters that some readers take for the end of a line, as Python's `splitlines` does."""


def clean(text: str) -> str:
    """`text` with control characters made visible: what a program prints must not steer the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in text)


def drawn(text: str, encoding: str) -> str:
    """The text as a terminal of this encoding can show it: an older code page has no lines, and lacks letters."""
    if encoding.lower().startswith("utf"):
        return text
    return text.translate(PLAIN).encode(encoding, "backslashreplace").decode(encoding)


def counted(number: int, noun: str) -> str:
    """`1 load`, `2 loads`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Screen:
    """Shows a run to a person; progress on standard error, the answer on standard output."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.interactive = self.console.is_terminal and sys.stdin.isatty()
        self.live: Live | None = None
        self.start = self.since = time.monotonic()
        self.phase, self.line, self.tokens, self.shown = "starting", "", 0, 0
        self.streamed = ""
        self.fold = ""
        """How to see what is folded."""
        self.progress: events.Progress | None = None

    @property
    def moving(self) -> bool:
        """Whether there is a terminal that shows what goes on as it happens."""
        return self.live is not None

    @property
    def status(self) -> str:
        """What happens now, and since when."""
        now = time.monotonic()
        return f"{self.phase} {now - self.since:.0f} s   (run {now - self.start:.0f} s, {self.tokens} tokens)"

    def __rich__(self) -> Group:
        """The moving last lines: what is being written, and what happens now and since when."""
        row: Table | Text | Spinner = Spinner("dots", Text(self.status, style="dim"))
        if self.progress:
            row = Table.grid(padding=(0, 1))
            done, total = self.progress.done, self.progress.total
            row.add_row(
                Text(self.progress.what),
                ProgressBar(total, done, width=30),
                f"{done / 1e6:.0f} of {total / 1e6:.0f} MB",
            )
        return Group(*([Text(f"  │ {clean(self.line)}", style="dim")] if self.line else []), row)

    def say(self, text: str, style: str = "") -> None:
        """One finished line, or more."""
        self.console.print(Text(drawn(clean(text), self.console.encoding), style=style))

    def emit(self, event: events.Event) -> None:
        """Show `event`."""
        match event:
            case events.Notice(text, level):
                self.say(f"  {text}", {"warning": "yellow", "error": "red"}.get(level, "dim"))
            case events.Load(model, "reload", seconds, cause):
                self.say(f"  {model} was loaded again ({seconds:.1f} s): {cause}", "yellow")
            case events.Phase(name, detail):
                self._phase(f"{name} {detail}".strip())
            case events.Progress():
                self._progress(event)
            case events.Route(route, reason):
                self.say(f"  route  {route}: {reason}", "dim")
            case events.Plan(steps):
                for number, step in enumerate(steps, 1):
                    self.say(f"  {'plan  ' if number == 1 else '      '}  {number}. {step}")
            case events.Step(number, steps):
                self.say(f"  done  step {number} of {steps}", "green")
            case events.Delta(agent, text):
                self._delta(agent, text)
            case events.Call():
                self._flush()
                self.tokens += event.completion_tokens
            case events.CodeStarted(language, source):
                self._code(language, source)
            case events.Output(text):
                self._output(text)
            case events.CodeEnded():
                self._ended(event)
            case events.ToolCalled(name, arguments):
                self._flush()
                self.say(f"  tool  {name} {json.dumps(arguments, ensure_ascii=False)}", "bold")
            case events.ToolEnded():
                self._given(event)
            case events.Refused(language, _, reason):
                self.say(f"  not run ({language}): {reason}", "yellow")
            case events.Review(holds, reasons):
                self.say(
                    f"  review  {'the evidence holds' if holds else ' '.join(reasons)}", "green" if holds else "yellow"
                )
            case events.Finished():
                self._finished(event)

    def _phase(self, phase: str) -> None:
        self._flush()
        if not self.moving and phase.startswith("loading"):
            self.say(f"  {phase}")
        self.phase, self.since = phase, time.monotonic()

    def _progress(self, event: events.Progress) -> None:
        before = self.progress.done if self.progress and self.progress.what == event.what else 0
        if not self.moving and event.done * 10 // max(event.total, 1) > before * 10 // max(event.total, 1):
            self.say(f"  {event.what}: {event.done / 1e6:.0f} of {event.total / 1e6:.0f} MB")
        self.progress = None if event.done >= event.total else event

    def _delta(self, agent: str, text: str) -> None:
        if not self.phase.startswith("writing"):
            self._phase(f"writing ({agent})")
        self.streamed += text
        if not self.moving:
            return
        *whole, self.line = (self.line + text).split("\n")
        for line in whole:
            self.say(f"  │ {line}", "dim")

    def _flush(self) -> None:
        if self.line:
            self.say(f"  │ {self.line}", "dim")
        self.line = ""

    def _code(self, language: str, source: str) -> None:
        self._flush()
        self.say(f"  executor  {language}", "bold")
        if not self.moving or source.strip() not in self.streamed:
            self.block(language, source)
        self.streamed, self.shown = "", 0

    def block(self, language: str, source: str) -> None:
        """A block of code, byte for byte what runs, control characters visible."""
        lexer = {"shell": "bash"}.get(language, language)
        self.console.print(
            Syntax(clean(source), lexer, theme="ansi_dark", background_color="default")
            if self.moving
            else Text(drawn(clean(source), self.console.encoding))
        )

    def _output(self, text: str) -> None:
        for line in text.splitlines():
            self.shown += 1
            if self.shown <= FOLD:
                self.say(f"    {line}")

    def _ended(self, event: events.CodeEnded) -> None:
        if self.shown > FOLD:
            self.say(f"    ... {self.shown - FOLD} more lines{self.fold}", "dim")
        wrote = f", wrote {', '.join(event.changed[:5])}" if event.changed else ""
        how = event.reason or f"exit {event.exit_code}"
        self.say(f"  └ {how} in {event.seconds:.1f} s{wrote}", "dim")

    def _given(self, event: events.ToolEnded) -> None:
        lines = event.text.splitlines()
        for line in lines[:GIVEN]:
            self.say(f"    {line[:200]}", "" if event.good else "yellow")
        more = f", {len(lines) - GIVEN} more lines" if len(lines) > GIVEN else ""
        self.say(f"  └ {'done' if event.good else 'error'} in {event.seconds:.1f} s{more}", "dim")

    def _finished(self, event: events.Finished) -> None:
        if self.live:
            self.live.stop()
        self.say("")
        if event.answer:
            self._answer(event.answer)
        if not event.verified and not event.missing:
            self.say("  (answered, not verified: no two independent tries, or no evidence)", "dim")
        for mark, names in (("+", event.added), ("~", event.changed), ("-", event.removed)):
            for name in names:
                self.say(f"  {mark} {name}")
        for refusal in event.refused:
            self.say(f"  refused: {refusal}", "yellow")
        if event.missing:
            self.say(f"not done: {' '.join(event.missing)}", "red")
        cost = (
            f"{counted(event.calls, 'model call')}, {event.prompt_tokens:,} tokens in, {event.completion_tokens:,} out"
        )
        memory = f"{counted(event.loads, 'load')}, {counted(event.reloads, 'reload')}, {counted(event.swaps, 'swap')}"
        self.say(f"{cost}, {memory} ({event.load_seconds:.1f} s), {event.seconds:.0f} s", "dim")

    def _answer(self, text: str) -> None:
        out = Console(highlight=False, soft_wrap=True)
        out.print(Text(drawn(clean(text), out.encoding)))

    def question(self, text: str) -> str:
        """What the user types; end of file counts as nothing typed."""
        try:
            return self.still(lambda: input(text))
        except EOFError:
            return ""

    def still(self, work: Callable[[], T]) -> T:
        """The result of `work`, which has the terminal for itself: the moving line stands still meanwhile."""
        if self.live:
            self.live.stop()
        try:
            return work()
        finally:
            if self.live:
                self.live.start()


class JsonScreen(Screen):
    """One event a line on standard output, nothing else there."""

    def __init__(self) -> None:
        super().__init__()
        self.interactive = False
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # a pipe on Windows has the code page of the system

    def emit(self, event: events.Event) -> None:
        """Write `event`."""
        sys.stdout.write(json.dumps(event.to_json(), ensure_ascii=False).translate(ENDS) + "\n")
        sys.stdout.flush()


@contextlib.contextmanager
def screen(*, json: bool) -> Iterator[Screen]:
    """The screen for this run; in a terminal with its moving line, which is gone at the end."""
    shown = JsonScreen() if json else Screen()
    if json or not shown.console.is_terminal:
        yield shown
        return
    with Live(shown, console=shown.console, refresh_per_second=8, transient=True) as shown.live:
        yield shown
