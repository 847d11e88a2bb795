"""However a stream is cut on its way, no letter of it is lost."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from itertools import count, pairwise
from typing import Any

import pytest
from autogen_core.models import UserMessage
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tools.embedded.scripted import serving
from tools.events import ignore
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server
from tools.ollama.stream import lines

CUTS = 1000
"""Of each surface's stream."""
LETTERS = 'ab \n\r\t"\\/{}é€ß\u0301\u200d\U0001f980\U0001f469\u0085\u2028\u2029\x0b\x0c\x1c\x7f\u00a0\ufeff'
ROW = {"name": "m:latest", "digest": "d", "context_length": 1 << 20, "expires_at": "2100-01-01T00:00:00Z"}


class Cutting:
    """A server that says what `text` tells for a seed, in pieces that end anywhere, in the middle of a letter too."""

    def __init__(self) -> None:
        self._seeds = {"/api/chat": count(), "/v1/chat/completions": count()}

    @staticmethod
    def text(seed: int) -> str:
        chance = random.Random(seed)
        return "x" + "".join(chance.choices(LETTERS, k=chance.randrange(1, 60)))

    async def chat(self, request: Request) -> Response:
        seed = next(self._seeds[request.url.path])
        chance = random.Random(-seed)
        body = self._native(seed, chance) if request.url.path == "/api/chat" else self._compatible(seed, chance)
        return StreamingResponse(cut(body, chance), media_type="application/octet-stream")

    def _native(self, seed: int, chance: random.Random) -> bytes:
        said = [{"message": {"role": "assistant", "content": piece}} for piece in pieces(self.text(seed), chance)]
        last: dict[str, Any] = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        return b"".join(dumped({"model": "m"} | line) + b"\n" for line in [*said, last])

    def _compatible(self, seed: int, chance: random.Random) -> bytes:
        said: list[dict[str, Any]] = [{"delta": {"content": piece}} for piece in pieces(self.text(seed), chance)]
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        chunks = [
            head | {"choices": [{"index": 0, "finish_reason": None} | choice]}
            for choice in [*said, {"delta": {}, "finish_reason": "stop"}]
        ]
        return b"".join(b"data: " + dumped(chunk) + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"

    async def ps(self, request: Request) -> Response:
        return JSONResponse({"models": [ROW]})

    def app(self) -> Starlette:
        chats = [Route(path, self.chat, methods=["POST"]) for path in self._seeds]
        return Starlette(routes=[Route("/api/ps", self.ps), *chats])


def dumped(line: dict[str, Any]) -> bytes:
    """As Go writes it: letters as they are."""
    return json.dumps(line, ensure_ascii=False).encode()


def pieces(text: str, chance: random.Random) -> list[str]:
    """The text in pieces of some letters."""
    places = sorted({0, len(text), *(chance.randrange(len(text)) for _ in range(5))})
    return [text[begin:end] for begin, end in pairwise(places)]


async def cut(body: bytes, chance: random.Random) -> AsyncIterator[bytes]:
    """The same bytes in pieces of any length."""
    places = sorted({0, len(body), *(chance.randrange(len(body)) for _ in range(chance.choice([0, 1, 9, 40])))})
    for begin, end in pairwise(places):
        yield body[begin:end]


def test_no_letter_is_lost_natively() -> None:
    async def act(url: str) -> None:
        gateway = Gateway(Server(url), ignore)
        adapter = OllamaAdapter(gateway, "m")
        for seed in range(CUTS):
            heard: list[str] = []
            reply = await adapter.chat([{"role": "user", "content": "Hi"}], on_text=heard.append)
            assert (reply.text, "".join(heard)) == (Cutting.text(seed),) * 2, seed
        await gateway.close()

    with serving(Cutting().app()) as url:
        asyncio.run(act(url))


def test_no_letter_is_lost_on_v1() -> None:
    async def act(url: str) -> None:
        gateway = Gateway(Server(url), ignore)
        client = OllamaChatClient(gateway, "m")
        for seed in range(CUTS):
            result = await client.create([UserMessage(content="Hi", source="user")])
            assert result.content == Cutting.text(seed), seed
        await gateway.close()

    with serving(Cutting().app()) as url:
        asyncio.run(act(url))


@pytest.mark.parametrize("tail", [b"", b"\n"])
def test_lines_are_whole_and_none_is_empty(tail: bytes) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for chunk in (b"on", b"e\n\ntwo\nth", b"", b"ree", tail):
            yield chunk

    async def act() -> list[bytes]:
        return [line async for line in lines(chunks())]

    assert asyncio.run(act()) == [b"one", b"two", b"three"]
