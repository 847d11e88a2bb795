"""Every model call of every system passes here: counted, and otherwise as it came."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from benchmarks.harness.counts import Call, begun
from tools.embedded.gates import Disconnect
from tools.embedded.scripted import serving
from tools.ollama.server import Server

METHODS = ["GET", "HEAD", "POST", "DELETE"]
ONE_WAY = {"host", "authorization", "connection", "content-length", "transfer-encoding", "accept-encoding"}
"""Headers that each way makes anew."""


class Proxy:
    """Hands requests on to `server` and writes down in `calls` what they cost."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.calls: list[Call] = []
        """Give it a new list for a new run: what an earlier run still does is counted in its own."""

    def app(self) -> Starlette:
        """The proxy as an ASGI app; a client that goes away ends its request at the server too."""

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
            async with httpx.AsyncClient(timeout=None, trust_env=False) as self._client:
                yield

        routes = [Route("/{path:path}", self._hand_on, methods=METHODS)]
        return Starlette(routes=routes, middleware=[Middleware(Disconnect)], lifespan=lifespan)

    async def _hand_on(self, request: Request) -> Response:
        content = await request.body()
        body = parsed(content)
        call = begun(request.url.path, body)
        added = call is not None and unasked(request.url.path, body)
        if added:  # a stream of /v1 tells its counts only to who asks
            content = json.dumps(body | {"stream_options": {"include_usage": True}}).encode()
        if call:
            self.calls.append(call)
        sent = self._client.build_request(
            request.method,
            httpx.URL(self.server.base_url).copy_with(path=request.url.path, query=request.url.query.encode()),
            headers=own(request.headers) | {"accept-encoding": "identity"} | self.server.headers,
            content=content,
        )
        reply = await self._client.send(sent, stream=True)
        pieces = counted(reply, call or Call(request.url.path, body), hidden=added)
        return StreamingResponse(pieces, reply.status_code, own(reply.headers))


def own(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that are handed on."""
    return {name: value for name, value in headers.items() if name not in ONE_WAY}


async def counted(reply: httpx.Response, call: Call, *, hidden: bool) -> AsyncGenerator[bytes, None]:
    """The reply, each event of a stream as soon as it is whole; `hidden`: without the counts, read for us alone."""
    end = b"\n\n" if "event-stream" in reply.headers.get("content-type", "") else b"\n"
    rest = b""
    try:
        async for chunk in reply.aiter_raw():
            *whole, rest = (rest + chunk).split(end)
            for piece in whole:
                if not (call.read(parsed(piece)) and hidden):
                    yield piece + end
        call.read(parsed(rest))
        yield rest
    finally:
        await reply.aclose()


def parsed(text: bytes) -> dict[str, Any]:
    """A JSON object, with or without the mark of an event before it; empty where it is none."""
    try:
        value = json.loads(text.removeprefix(b"data: "))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def unasked(path: str, body: dict[str, Any]) -> bool:
    """Whether the reply is a stream that would not tell its counts."""
    asked = (body.get("stream_options") or {}).get("include_usage")
    return path.startswith("/v1/") and body.get("stream") is True and not asked


@contextmanager
def listening(proxy: Proxy, door: Path) -> Iterator[str]:
    """The proxy at a free loopback port and at the Unix socket `door`, in a thread; the port's base URL."""
    beside = socket(AF_UNIX)
    beside.bind(str(door))
    with serving(proxy.app(), beside) as url:
        yield url
