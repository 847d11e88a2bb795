"""The Starlette app over an engine: both surfaces, with Ollama's words for what goes wrong."""

import os
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tools.embedded import compatible, native
from tools.embedded.engine import Engine, EngineError
from tools.embedded.gates import Disconnect
from tools.embedded.memory import KEEP, LIMIT, Memory
from tools.embedded.responses import Compatible, Native
from tools.embedded.service import Service


def create(
    engine: Engine,
    *,
    limit: int = LIMIT,
    keep: float = KEEP,
    gates: Sequence[Middleware] = (),
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """An Ollama over `engine`: at most `limit` weights in memory, each kept for `keep` seconds after its last use."""
    memory = Memory(engine, limit, keep)
    service = Service(engine, memory)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await memory.close()

    return Starlette(
        routes=[*native.routes(service), *compatible.routes(service), *more],
        middleware=[*gates, Middleware(Disconnect)],
        exception_handlers={EngineError: _failed, 404: _no_page, 405: _no_method},
        lifespan=lifespan,
    )


def listener(port: int = 0) -> socket.socket:
    """A socket at a loopback port, a free one by default, for uvicorn to listen at.

    Of the protocol TCP by name: asyncio sets TCP_NODELAY on no other, and each small answer would wait 40 ms.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere it would let others take the port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, EngineError)  # noqa: S101 - registered for this type alone
    if request.url.path.startswith("/v1/"):
        return Compatible(compatible.error(error), error.status)
    return Native({"error": str(error)}, error.status)


async def _no_page(request: Request, error: Exception) -> Response:
    return _plain("404 page not found", 404)


async def _no_method(request: Request, error: Exception) -> Response:
    return _plain("405 method not allowed", 405)


def _plain(text: str, status: int) -> Response:
    return Response(text, status, {"content-type": "text/plain"})
