"""What a model server can do wrong: how it is told, and what is worth another try.

This is the one owner of retries. A model call changes nothing, so it may be made again; a block of code never is.
"""

import asyncio
import json
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from config.errors import CommanderError, ModelError, ServerError, WindowError
from tools.events import Emit, Notice
from tools.ollama.server import Server

TRIES = 3
"""Of one request; with the pauses in between, a server that systemd starts anew (3 s) is there for the last."""
LONGEST = 30.0
"""Seconds of a `Retry-After` that are waited for; a server that asks for more has given up on us."""
AGAIN = frozenset({404, 408, 409, 425, 429, 500, 502, 503, 504})
"""A 404 among them: for a moment a model has no name while it is made anew, and a proxy knows no server."""
MEMORY = "requires more system memory"


class PassingError(Exception):
    """One try of a request failed; `error` is what the user is told where no other try follows."""

    def __init__(self, error: CommanderError, wait: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        """Seconds that the server asks to be left alone."""


class Retries:
    """The tries of one request: few, and each after a longer pause than the one before, never quite the same."""

    def __init__(self, server: Server, emit: Emit) -> None:
        self.number = 1
        self._pause, self._emit = server.limits.pause, emit

    async def again(self, fault: PassingError) -> bool:
        """Whether another try follows the fault; it is announced, and waited for."""
        pause = self._pause * 4 ** (self.number - 1) * random.uniform(0.75, 1.25)  # noqa: S311, no secret
        wait = max(pause, fault.wait)
        if self.number == TRIES or wait > LONGEST:
            return False
        self.number += 1
        self._emit(Notice(f"{fault.error.what}; asking again in {wait:.1f} s ({self.number} of {TRIES})", "warning"))
        await asyncio.sleep(wait)
        return True


def lost(server: Server, error: Exception) -> ServerError:
    """The error for a connection that broke, was silent, or spoke nonsense."""
    reason = error.__cause__ or error  # openai says "Connection error." and keeps what happened as the cause
    said = " ".join(str(reason).split())[:200] or "the connection broke"
    if isinstance(error, TimeoutError):
        return ServerError(f"the model server at {server.base_url} is silent: {said}", look(server))
    if isinstance(error, ValueError):
        return ServerError(f"the model server at {server.base_url} sent what cannot be read: {said}", look(server))
    there = not isinstance(error, httpx.ConnectError) and not isinstance(reason, httpx.ConnectError)
    remedy = look(server) if there or server.embedded else "ollama serve"
    return ServerError(f"the model server at {server.base_url} does not answer: {said}", remedy)


def broken(server: Server, what: str, wait: float = 0.0) -> PassingError:
    """The error for an answer that is none, in the words that follow the server's address."""
    return PassingError(ServerError(f"the model server at {server.base_url} {what}", look(server)), wait)


def look(server: Server) -> str:
    """What to type next where a server answers wrongly."""
    return "run the task again" if server.embedded else "commander doctor"


def refusal(server: Server, what: str, status: int, body: bytes, headers: Mapping[str, str]) -> Exception:
    """What to raise for an answer with a status of failure to `what`: a PassingError where another try may help."""
    said = message(body)
    if "exceeds the context length" in said:
        return WindowError(f"{what}: {said}")
    if MEMORY in said:
        return ModelError(f"{what}: {said}", "a smaller model: commander models setup")
    if status not in AGAIN:
        return ModelError(f"{what}: {said}", "commander models")
    if status == 404:
        return PassingError(ModelError(f"{what}: {said}", "commander models"))
    wait = 0.0
    with suppress(ValueError):  # a date is as good as none
        wait = float(headers.get("retry-after", 0))
    asks = f" (asks for {wait:g} s of rest)" if wait else ""
    return broken(server, f"answers {status}: {said}{asks}", wait)


def too_long(tokens: str, model: str, window: int) -> WindowError:
    """The error for a prompt that the window cannot hold."""
    what = f"the prompt has {tokens} tokens, too many for the window of {window:,} of {model}"
    return WindowError(what, "a shorter task, or a model with a larger num_ctx in its Modelfile")


def message(body: Any) -> str:
    """What an error says, in either surface's form, or as the page of a proxy."""
    found = body
    if isinstance(body, bytes):
        try:
            found = json.loads(body)
        except ValueError:
            found = body.decode("utf-8", "replace")
    found = found.get("error", found) if isinstance(found, dict) else found
    found = found.get("message", found) if isinstance(found, dict) else found
    return " ".join(str(found).split())[:200] or "nothing"
