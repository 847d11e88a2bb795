"""What comes over a connection to a model server: whole lines, and never more than fits."""

from collections.abc import AsyncIterable, AsyncIterator

import httpx

LARGEST = 64 << 20
"""Bytes of one reply; the answers of a large model are a hundredth of that, a server gone mad has no end."""


async def lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The lines in `chunks`, however these are cut; empty ones are left out.

    httpx ends a line at U+0085, U+2028 and others too, which may stand in JSON as they are (httpx 0.28.1).
    """
    rest = bytearray()
    async for chunk in chunks:
        *whole, tail = chunk.split(b"\n")
        for line in whole:
            rest += line
            if rest:
                yield bytes(rest)
            rest.clear()
        rest += tail
    if rest:
        yield bytes(rest)


async def limit(response: httpx.Response) -> None:
    """Let a reply end that is larger than any can be: a hook for httpx."""
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101, the response of an AsyncClient
    response.stream = _Limited(response.stream)


class _Limited(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > LARGEST:
                raise httpx.RemoteProtocolError(f"the reply has more than {LARGEST >> 20} MiB")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
