"""What the user is asked before a tool is called."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["read", "write", "destructive", "unknown"]
"""What a server says that its tool does."""


@dataclass(frozen=True)
class Question:
    """A call that waits for a yes; `changed`: the tool is not what it was when it was offered first."""

    server: str
    tool: str
    kind: Kind
    arguments: Mapping[str, Any]
    changed: bool = False


Confirm = Callable[[Question], Awaitable[str | None]]
"""Asks whether a call may be made: None for yes, else the reason that the model gets."""

Ask = Callable[[str], Awaitable[str]]
"""Asks the user a question of the model's; the answer, empty where there is none."""


async def refuse(question: Question) -> str | None:
    """Nobody is there to say yes."""
    return "it would have to be asked for, and there is no terminal"
