"""A model server with faults: a proxy on a loopback port before the real app."""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

LINE = 1 << 27
"""Bytes of a line at most."""
CHAT, COMPATIBLE = "/api/chat", "/v1/chat/completions"
JSON = "application/json"


class Exchange:
    """One request, and all that can be done to its answer."""

    def __init__(self, proxy: "Proxy", method: str, path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        self.proxy, self.method, self.path, self._body, self._writer = proxy, method, path, body, writer
        self.compatible = path.startswith("/v1")

    @property
    def asked(self) -> dict[str, Any]:
        """The request's body."""
        found: dict[str, Any] = json.loads(self._body or b"{}")
        return found

    async def head(self, status: int = 200, kind: str = JSON, **headers: str) -> None:
        """Begin the answer; its length is not told before."""
        lines = [f"HTTP/1.1 {status} Status", f"content-type: {kind}", "transfer-encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode())
        await self._writer.drain()

    async def send(self, data: bytes) -> None:
        """A piece of the answer."""
        if data:
            self._writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            await self._writer.drain()

    async def end(self) -> None:
        """The answer is whole, as far as HTTP goes."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def reset(self) -> None:
        """End the connection as a process that is killed does."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def refuse(self, status: int, said: str, **headers: str) -> None:
        """An answer with a status of failure, in the form of the surface."""
        error = {"message": said, "type": "api_error", "param": None, "code": None} if self.compatible else said
        await self.head(status, **headers)
        await self.send(json.dumps({"error": error}).encode())
        await self.end()

    async def lines(self) -> AsyncIterator[bytes]:
        """What the real server answers, its head first sent on as it is."""
        async for line in self.proxy.ask(self.method, self.path, self._body, self.head):
            yield line

    async def through(self) -> None:
        """The answer as it should be."""
        async for line in self.lines():
            await self.send(line)
        await self.end()

    async def call(self, path: str, **body: Any) -> None:
        """Another client's request to the real server."""

        async def unheard(status: int, kind: str) -> None:
            assert status == 200

        async for _ in self.proxy.ask("POST", path, json.dumps(body).encode(), unheard):
            pass


Fault = Callable[[Exchange], Awaitable[None]]
Head = Callable[[int, str], Awaitable[None]]


class Proxy:
    """Puts `fault` in the place of answers: for each path in `first` from the request of that number on, so often."""

    def __init__(self, upstream: str, fault: Fault, first: Mapping[str, int], times: float) -> None:
        self._upstream = urlsplit(upstream)
        self._fault, self._first, self._times = fault, first, times
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._tasks = set[asyncio.Task[None]]()
        self._port = 0
        self.seen: list[str] = []
        """The paths that were asked for."""
        self.faults = 0
        """Answers that the fault took the place of."""

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self._port}"

    async def listen(self) -> None:
        """At the same port each time."""
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self._port, limit=LINE)
        self._port = self._server.sockets[0].getsockname()[1]

    async def refuse_all(self, seconds: float) -> None:
        """Listen no more for so long; infinite: never again."""
        assert self._server
        self._server.close()
        if seconds < float("inf"):
            await asyncio.sleep(seconds)
            await self.listen()

    async def ask(self, method: str, path: str, body: bytes, head: Head) -> AsyncIterator[bytes]:
        """The lines that the real server answers, after `head` got status and kind."""
        reader, writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port, limit=LINE)
        try:  # HTTP/1.0: the answer ends with the connection, and comes in no pieces of HTTP's own
            lines = [f"{method} {path} HTTP/1.0", "host: 127.0.0.1", f"content-length: {len(body)}", "", ""]
            writer.write("\r\n".join(lines).encode() + body)
            status, headers = await _head(reader)
            await head(int(status.split()[1]), headers.get("content-type", JSON))
            while line := await reader.readline():
                yield line
        finally:
            writer.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            start, headers = await _head(reader)
            method, path, _ = start.split()
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            await self._answer(Exchange(self, method, path, body, writer))
        writer.close()
        self._tasks.discard(task)

    async def _answer(self, exchange: Exchange) -> None:
        self.seen.append(exchange.path)
        number = self.seen.count(exchange.path) - self._first.get(exchange.path, 1 << 30)
        if 0 <= number < self._times:
            self.faults += 1
            await self._fault(exchange)
        else:
            await exchange.through()

    def run(self, ready: threading.Event) -> None:
        """Serve until `stop`."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self.listen())
        ready.set()
        self._loop.run_forever()
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())  # an answer that was cut off is still being read
        self._loop.run_until_complete(asyncio.sleep(0))  # what was closed lets its socket go
        self._loop.close()

    def stop(self) -> None:
        """End it, whatever hangs."""
        self._loop.call_soon_threadsafe(self._loop.stop)


async def _head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return start, {name.strip().lower(): value.strip() for name, _, value in pairs}


@contextmanager
def faulty(upstream: str, fault: Fault, first: Mapping[str, int], times: float = 1) -> Iterator[Proxy]:
    """A proxy as long as the block lasts."""
    proxy, ready = Proxy(upstream, fault, first, times), threading.Event()
    thread = threading.Thread(target=proxy.run, args=[ready], daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(10)
        assert not thread.is_alive()
