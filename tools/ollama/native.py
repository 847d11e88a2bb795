"""The wire of `POST /api/chat`: its lines as objects, and what no whole answer looks like."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import httpx
from ollama import ChatResponse

from tools.ollama.faults import PassingError, broken, lost, message, refusal
from tools.ollama.gateway import UNLIMITED, Gateway
from tools.ollama.residence import short
from tools.ollama.stream import lines


async def answer(gateway: Gateway, body: Mapping[str, Any]) -> AsyncGenerator[ChatResponse, None]:
    """The pieces of the answer to `body`, the one that is `done` last.

    Raises:
        PassingError: the connection broke, or what came is not a whole answer.
        CommanderError: the server refuses.
    """
    done = False
    try:
        async with gateway.http.stream("POST", "/api/chat", json=body, timeout=UNLIMITED) as reply:
            if reply.status_code != 200:
                raise refusal(gateway.server, body["model"], reply.status_code, await reply.aread(), reply.headers)
            async for line in lines(reply.aiter_bytes()):
                piece = _piece(gateway, body["model"], line)
                done = bool(piece.done)
                yield piece
                if done:
                    break
    except httpx.HTTPError as error:
        raise PassingError(lost(gateway.server, error)) from error
    if not done:
        raise broken(gateway.server, "ended its answer half-way")


def _piece(gateway: Gateway, model: str, line: bytes) -> ChatResponse:
    if line.startswith(b'{"error"'):
        raise broken(gateway.server, f"broke its answer off: {message(line)}")
    try:
        piece = ChatResponse.model_validate_json(line)
    except ValueError:  # pydantic's own words fill a screen
        raise broken(gateway.server, f"sent what cannot be read: {line[:80]!r}") from None
    check_name(gateway, model, piece.model)
    return piece


def check_name(gateway: Gateway, asked: str, answering: str | None) -> None:
    """An answer names the model that was asked.

    Raises:
        PassingError: it names another one.
    """
    if answering and short(answering).lower() != short(asked).lower():
        raise broken(gateway.server, f"lets {answering} answer for {asked}")
