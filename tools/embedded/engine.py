"""What the app asks of an engine: models, loaded runners of them, and tokens as they come."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

WINDOW = 8192
"""Default context window of a model, in tokens."""


class EngineError(Exception):
    """The engine cannot do what was asked, or died; `status` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Model:
    """A name over weights; two names with the same `weights` share one runner, as in Ollama."""

    name: str
    weights: str
    digest: str
    size: int
    modified_at: str
    window: int = WINDOW
    capabilities: tuple[str, ...] = ("completion", "tools")
    details: dict[str, Any] = field(default_factory=dict)
    show: dict[str, Any] = field(default_factory=dict)
    """What `/api/show` tells beyond the fields above: modelfile, template, model_info, tensors."""


@dataclass(frozen=True)
class Ask:
    """One generation: `prompt` is what the model reads, as tokens; options in Ollama's words."""

    prompt: list[int]
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = field(default_factory=list)
    schema: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """Text as it is written, a token or so."""

    text: str


@dataclass(frozen=True)
class End:
    """The last item of a generation; durations in seconds."""

    reason: Literal["stop", "length"]
    prompt_count: int
    prompt_seconds: float
    count: int
    seconds: float
    evaluated: int | None = None
    """Tokens of the prompt that were not in the cache; None: not known."""


class Runner(Protocol):
    """A model in memory."""

    @property
    def window(self) -> int:
        """Tokens that a prompt may have."""

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""

    def alive(self) -> bool:
        """False once it has died."""

    async def render(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str:
        """The messages as the one text that the model reads."""

    async def tokenize(self, text: str) -> list[int]:
        """The text as tokens, special ones included."""

    def generate(self, ask: Ask) -> AsyncGenerator[Piece | End, None]:
        """Pieces, then one `End`; closing the generator stops the model; raises EngineError."""

    async def close(self) -> None:
        """Frees the memory; never raises."""


class Engine(Protocol):
    """Where models come from."""

    def models(self) -> list[Model]:
        """Every name that can be asked for, newest first."""

    async def load(self, model: Model, options: dict[str, Any]) -> Runner:
        """A runner with these runner options, `num_ctx` among them; raises EngineError."""
