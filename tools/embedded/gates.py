"""What each request passes through: it is the owner's, it comes from this machine, its client is still there."""

import asyncio
import contextlib
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.embedded.responses import Native

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Owner:
    """Refuses who has no token (401), and host names that are not loopback's (403): a page in the user's browser
    can make its own name point here, but it cannot change the Host header (DNS rebinding)."""

    def __init__(self, app: ASGIApp, token: str, open_paths: tuple[str, ...] = ()) -> None:
        self._app, self._expected, self._open = app, f"Bearer {token}".encode(), open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if urlsplit(f"//{headers.get('host', '')}").hostname not in LOOPBACK:
            await Native({"error": "only loopback names are served"}, 403)(scope, receive, send)
        elif scope["path"] in self._open or self._authorized(headers):
            await self._app(scope, receive, send)
        else:
            await Native({"error": "unauthorized"}, 401)(scope, receive, send)

    def _authorized(self, headers: Headers) -> bool:
        return secrets.compare_digest(headers.get("authorization", "").encode(), self._expected)


class Disconnect:
    """Cancels the handler as soon as its client is gone, so that the model stops: at any point, streamed or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app beside a watch of the connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        inbox: asyncio.Queue[Message] = asyncio.Queue()
        handler = asyncio.ensure_future(self._app(scope, inbox.get, send))
        watch = asyncio.ensure_future(_forward(receive, inbox))
        try:
            await asyncio.wait({handler, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
            if not handler.done():
                handler.cancel()
            await asyncio.gather(handler, watch, return_exceptions=True)
        if not handler.cancelled():
            with contextlib.suppress(ClientDisconnect):  # gone before the body had come
                handler.result()


async def _forward(receive: Receive, inbox: asyncio.Queue[Message]) -> None:
    """Hand on the body; return when the client is gone."""
    while True:
        message = await receive()
        await inbox.put(message)
        if message["type"] == "http.disconnect":
            return
