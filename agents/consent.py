"""What the user is asked before code runs; by default nothing: the jail is what protects."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


class DeniedError(Exception):
    """The user does not want it; the text is the reason that the model gets."""


Approve = Callable[[str, str], Awaitable[str]]
"""Asks whether a block (language, source) may run, and gives the source as it is to run; raises DeniedError."""

Confirm = Callable[[list[str]], Awaitable[list[str] | str]]
"""Asks whether a plan may be done: its steps as they are to be done, or why not."""


async def unchanged(steps: list[str]) -> list[str] | str:
    """Do every plan as it is."""
    return steps


async def always(language: str, source: str) -> str:
    """Let every block run: the jail is what protects."""
    return source


@dataclass(frozen=True)
class Consent:
    """The two questions of a run."""

    approve: Approve = always
    confirm: Confirm = unchanged


UNASKED = Consent()
