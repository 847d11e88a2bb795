"""The server's own process: uvicorn on loopback, a state file while it listens, an end when nobody needs it."""

import asyncio
import json
import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.embedded import app, catalog, requests
from tools.embedded.address import NONCE, PROTOCOL, Record, proof
from tools.embedded.engine import EngineError, Model
from tools.embedded.gates import Owner
from tools.embedded.llama import LlamaEngine
from tools.embedded.responses import Native

LOG_BYTES = 1 << 20
"""The log file starts anew when it is longer."""
_PATIENCE = 1
"""Seconds that requests under way have left when the server is to end."""


class Usage:
    """How long ago the last request ended; our own look at `/commander` is no use."""

    def __init__(self) -> None:
        self._under_way = 0
        self._last = time.monotonic()

    def idle(self) -> float:
        """Seconds; 0 while a request is under way."""
        return 0.0 if self._under_way else time.monotonic() - self._last

    def gate(self, inner: ASGIApp) -> ASGIApp:
        """The app, watched."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] == "/commander":
                await inner(scope, receive, send)
                return
            self._under_way += 1
            try:
                await inner(scope, receive, send)
            finally:
                self._under_way -= 1
                self._last = time.monotonic()

        return watched


class Process(uvicorn.Server):
    """Writes its record when it listens, and removes it before it stops listening."""

    def __init__(self, folder: Path, port: int, idle: float, limit: int, ready: Callable[[Record], None]) -> None:
        self._folder, self._idle, self._ready = folder, idle, ready
        self._usage, self._engine = Usage(), LlamaEngine()
        self._socket = app.listener(port)
        self.record = Record(self._socket.getsockname()[1], os.getpid(), secrets.token_urlsafe(32))
        gates = [Middleware(Owner, token=self.record.token, open_paths=("/commander",)), Middleware(self._usage.gate)]
        super().__init__(
            uvicorn.Config(
                app.create(self._engine, limit=limit, gates=gates, more=self._routes()),
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                timeout_keep_alive=75,  # longer than a client keeps an idle connection, so that it closes first
                timeout_graceful_shutdown=_PATIENCE,
            )
        )

    def offer(self, model: Model) -> None:
        """Serve this model too."""
        self._engine.add(model)

    def run_until_idle(self) -> None:
        """Serve; returns when nobody needs it, it was told to stop, or a signal came."""
        self.run(sockets=[self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell where."""
        await super().startup(sockets)
        self.record.write(self._folder)
        self._watch = asyncio.ensure_future(self._end_when_idle())
        self._ready(self.record)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Be found no more, then end."""
        self._watch.cancel()
        self.record.remove(self._folder)
        await super().shutdown(sockets)

    async def _end_when_idle(self) -> None:
        while self._usage.idle() < self._idle:
            await asyncio.sleep(min(1.0, self._idle / 4))
            _trim(self._folder / "embedded.log")
        self.should_exit = True

    def _routes(self) -> list[Route]:
        return [
            Route("/commander", self._status),
            Route("/commander/models", self._add, methods=["POST"]),
            Route("/commander/stop", self._stop, methods=["POST"]),
        ]

    async def _status(self, request: Request) -> Response:
        known = proof(self.record.token, request.headers.get(NONCE, ""))
        return Native({"protocol": PROTOCOL, "pid": os.getpid(), "proof": known})

    async def _add(self, request: Request) -> Response:
        body = await requests.body(request)
        try:
            model = await asyncio.to_thread(catalog.describe, body["name"], Path(body["path"]), body["digest"])
        except (OSError, ValueError) as error:
            raise EngineError(str(error), 400) from error
        self.offer(model)
        return Native({"model": model.name})

    async def _stop(self, request: Request) -> Response:
        self.should_exit = True
        return Native({"stopping": True})


def _trim(log: Path) -> None:
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES:
            os.truncate(log, 0)


def main(arguments: Iterable[str]) -> None:
    """The detached process: a state folder, seconds of idleness, and models in memory at most, as JSON."""
    folder, idle, limit = json.loads(next(iter(arguments)))
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("tools.embedded").setLevel(logging.INFO)
    Process(Path(folder), 0, idle, limit, lambda record: None).run_until_idle()


if __name__ == "__main__":
    main(sys.argv[1:])
