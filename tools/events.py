"""What happens in a run, as data: every part emits these, and the console, `--json` and tests read them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal


@dataclass(frozen=True)
class Event:
    """Base of all events; `kind` is the name on the wire of `--json`."""

    kind: ClassVar[str] = "event"

    def to_json(self) -> dict[str, Any]:
        """The event as a JSON-safe object with its `kind` first."""
        return {"kind": self.kind} | asdict(self)


@dataclass(frozen=True)
class Notice(Event):
    """One line that the user should know: the chosen server, a warning, a place."""

    kind: ClassVar[str] = "notice"
    text: str
    level: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True)
class Phase(Event):
    """What goes on from now until the next event of any agent: `loading the model`, `reading the prompt`, ..."""

    kind: ClassVar[str] = "phase"
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Progress(Event):
    """A fetch of known size; `done` and `total` in bytes."""

    kind: ClassVar[str] = "progress"
    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Route(Event):
    """Which road the task takes, and why."""

    kind: ClassVar[str] = "route"
    route: str
    reason: str


@dataclass(frozen=True)
class Roles(Event):
    """The models of the run."""

    kind: ClassVar[str] = "models"
    commander: str
    executor: str


@dataclass(frozen=True)
class Plan(Event):
    """The steps that are done now, one after another."""

    kind: ClassVar[str] = "plan"
    steps: list[str]


@dataclass(frozen=True)
class Step(Event):
    """A step of the plan is done: its number from 1, and how many there are."""

    kind: ClassVar[str] = "step"
    number: int
    steps: int


@dataclass(frozen=True)
class Delta(Event):
    """Text as a model writes it."""

    kind: ClassVar[str] = "delta"
    agent: str
    text: str


@dataclass(frozen=True)
class Call(Event):
    """One model call that ended; durations in seconds, None where the server does not tell."""

    kind: ClassVar[str] = "call"
    agent: str
    model: str
    surface: Literal["/api/chat", "/v1/chat/completions"]
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    load_seconds: float | None = None
    done_reason: str = ""


LoadKind = Literal["load", "swap", "reload"]


@dataclass(frozen=True)
class Load(Event):
    """A model came into memory: for the first time, by turns with another one of the run, or again, unplanned."""

    kind: ClassVar[str] = "load"
    model: str
    why: LoadKind
    seconds: float
    cause: str = ""


@dataclass(frozen=True)
class CodeStarted(Event):
    """A block of code begins to run; `source` is byte for byte what runs."""

    kind: ClassVar[str] = "code"
    language: str
    source: str


@dataclass(frozen=True)
class Output(Event):
    """Text that running code printed."""

    kind: ClassVar[str] = "output"
    text: str


@dataclass(frozen=True)
class CodeEnded(Event):
    """A block of code ended; `exit_code` is None when it was ended from outside, `reason` then says why."""

    kind: ClassVar[str] = "result"
    exit_code: int | None
    seconds: float
    changed: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True)
class ToolCalled(Event):
    """The Commander calls a tool."""

    kind: ClassVar[str] = "tool"
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class ToolEnded(Event):
    """What the tool gave; not `good`: an error, which the model may repair."""

    kind: ClassVar[str] = "tool_result"
    name: str
    good: bool
    text: str
    seconds: float


@dataclass(frozen=True)
class Refused(Event):
    """A block that was not allowed to run, with the reason that the model gets."""

    kind: ClassVar[str] = "refused"
    language: str
    source: str
    reason: str


@dataclass(frozen=True)
class Review(Event):
    """What the evidence says of a try."""

    kind: ClassVar[str] = "review"
    holds: bool
    reasons: list[str]


@dataclass(frozen=True)
class Finished(Event):
    """The end of a run: the answer, what changed on disk, what it cost; seconds since the start."""

    kind: ClassVar[str] = "finished"
    exit_code: int
    answer: str
    verified: bool
    added: list[str]
    changed: list[str]
    removed: list[str]
    missing: list[str]
    refused: list[str]
    calls: int
    prompt_tokens: int
    completion_tokens: int
    loads: int
    reloads: int
    swaps: int
    load_seconds: float
    seconds: float


@dataclass(frozen=True)
class State(Event):
    """Where a run stands, for its journal alone: a later process goes on from here.

    `snapshot` is the state that the folder is to be in; while not `settled` it may be in another one.
    """

    kind: ClassVar[str] = "state"
    ledger: dict[str, Any]
    snapshot: str
    settled: bool = True


Emit = Callable[[Event], None]


def ignore(event: Event) -> None:
    """An `Emit` for those who do not listen."""
