"""Responses with the headers and the bytes that Ollama sends."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

JSON = "application/json; charset=utf-8"


class Native(Response):
    """A JSON object of `/api`."""

    media_type = JSON

    def __init__(self, content: Any, status_code: int = 200) -> None:
        super().__init__(dumps(content), status_code, {"content-type": JSON})


class Compatible(Response):
    """A JSON object of `/v1`, with the end of line that Ollama puts there."""

    def __init__(self, content: Any, status_code: int = 200) -> None:
        super().__init__(dumps(content) + "\n", status_code, {"content-type": "application/json"})


class Stream(Response):
    """Lines as they come; closes its source when the client is gone, whatever the server was waiting for."""

    def __init__(self, lines: AsyncGenerator[str, None], content_type: str) -> None:
        self.status_code = 200
        self.background = None
        self._lines = lines
        self.body = b""
        self.init_headers({"content-type": content_type})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send each line when it is there."""
        async with aclosing(self._lines) as lines:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for line in lines:
                await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def dumps(content: Any) -> str:
    """JSON without spaces, as Go writes it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
