"""How a server is reached: as a process on a leash, or over HTTP; both with bounds on what one message may hold."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import IO, Any, TextIO, cast

import httpx
from mcp import StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import get_default_environment, stdio_client
from mcp.client.streamable_http import streamable_http_client

from config import folders, settings
from config.errors import MissingError
from tools.mcp.entry import Entry

LEASH = Path(__file__).with_name("leash.py")
BODY = 32_000_000
"""Bytes of one HTTP reply at most."""
SILENT = 3600.0
"""Seconds that a stream may say nothing: calls have limits of their own."""
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_FETCHERS = frozenset({"uvx", "uv", "npx", "npm", "pipx", "bunx"})
_FETCHING = (
    "UV",
    *"HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy NPM_CONFIG_REGISTRY NPM_CONFIG_CACHE".split(),
    *"UV_INDEX UV_DEFAULT_INDEX UV_INDEX_URL UV_CACHE_DIR UV_PYTHON UV_PYTHON_DOWNLOADS UV_SYSTEM_CERTS".split(),
)
_INSTALL = {"uvx": "pip install uv", "npx": "install Node.js", "docker": "install Docker"}

Streams = AbstractAsyncContextManager[tuple[Any, ...]]


def transport(name: str, entry: Entry, errors: IO[str]) -> Streams:
    """The two streams to the server, started when they are entered; `errors` takes what it complains of.

    Raises:
        MissingError: its program is not installed.
    """
    if entry.transport == "stdio":
        return stdio_client(_process(name, entry), errlog=cast(TextIO, errors))
    if entry.transport == "sse":
        return sse_client(entry.url, entry.headers, entry.start, SILENT, httpx_client_factory=client)
    return _streamed(entry)


@asynccontextmanager
async def _streamed(entry: Entry) -> AsyncIterator[tuple[Any, ...]]:
    async with (
        client(entry.headers, httpx.Timeout(entry.start, read=SILENT)) as http,
        streamable_http_client(entry.url, http_client=http) as streams,
    ):
        yield streams


def _process(name: str, entry: Entry) -> StdioServerParameters:
    environment = surroundings(entry)
    found = shutil.which(entry.command, path=environment.get("PATH"))
    if found is None:
        remedy = _INSTALL.get(entry.command, f"install {entry.command}, or commander mcp remove {name}")
        raise MissingError(f"{name} needs {entry.command}, which is not installed", remedy)
    place = Path(entry.cwd) if entry.cwd else _home(name)
    return StdioServerParameters(
        command=sys.executable,
        args=["-I", str(LEASH), found, *entry.args],
        env=environment,
        cwd=place,
        encoding_error_handler="replace",
    )


def _home(name: str) -> Path:
    """A folder of the server's own: in the workspace, generated code could lay modules in its way."""
    place = folders.state() / "mcp" / name
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def surroundings(entry: Entry) -> dict[str, str]:
    """A small environment: what every program needs, what fetching needs where it fetches, and the entry's own."""
    fetches = entry.fetches or Path(entry.command).stem.lower() in _FETCHERS
    names = (*_CERTIFICATES, *(_FETCHING if fetches else ()))
    given = {name: value for name in names if (value := settings.foreign(name))}
    given |= {} if not fetches or "UV_SYSTEM_CERTS" in given else {"UV_SYSTEM_CERTS": "1"}  # as uv does for ours
    return {**get_default_environment(), **given, **entry.env}


def client(
    headers: dict[str, str] | None = None, timeout: httpx.Timeout | None = None, auth: httpx.Auth | None = None
) -> httpx.AsyncClient:
    """An HTTP client that follows no redirect (the headers may hold keys) and takes no endless reply."""
    hooks = {"response": [_bounded]}
    return httpx.AsyncClient(headers=headers, timeout=timeout or 30, auth=auth, event_hooks=hooks)


async def _bounded(response: httpx.Response) -> None:
    response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """A reply's bytes, up to the bound."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > BODY:
                raise httpx.ReadError(f"a reply of more than {BODY} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
