"""A client's smallest request, and what can be seen of it: what was sent, how long it took, what was in memory."""

import asyncio
import json
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from autogen_core.models import LLMMessage, SystemMessage, UserMessage

from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.instance.rows import Known, rows
from tools.ollama.residence import Resident
from tools.ollama.server import LOOPBACK

NATIVE, COMPATIBLE = "/api/chat", "/v1/chat/completions"
LOOKS = 50
"""At `/api/ps`, 20 ms apart, until `expires_at` has moved: Ollama sets it after the reply has ended."""
PORTS = {"http": 80, "https": 443}


@dataclass
class Sent:
    """A request as it went out; `seconds` until the answer began."""

    server: str
    path: str
    body: dict[str, Any]
    at: float
    seconds: float = 0.0


@dataclass(frozen=True)
class Step:
    """One request and its circumstances; the rows are those of its model, before and after."""

    surface: str
    sent: Sent
    before: list[Resident]
    after: list[Resident]
    first_byte: float
    load: float | None
    """Seconds, as the server reports them (`/v1` does not)."""
    preload: float
    """Seconds that the gateway waited for the model to be loaded before it asked."""
    tokens: int

    @property
    def moved(self) -> bool:
        """Whether the model's remaining time began anew."""
        return _newer(self.before, self.after)


@contextmanager
def recording(*clients: httpx.AsyncClient) -> Iterator[list[Sent]]:
    """Every POST that leaves through the clients, as long as the block lasts."""
    sent: list[Sent] = []

    async def asked(request: httpx.Request) -> None:
        if request.method == "POST":
            body = json.loads(await request.aread() or b"{}")
            server, path = place(request.url)
            sent.append(Sent(server, path, body, time.monotonic()))

    async def answered(response: httpx.Response) -> None:
        if response.request.method == "POST":
            sent[-1].seconds = time.monotonic() - sent[-1].at

    distinct = list(dict.fromkeys(clients))
    for client in distinct:
        client.event_hooks["request"].append(asked)
        client.event_hooks["response"].append(answered)
    try:
        yield sent
    finally:
        for client in distinct:
            client.event_hooks["request"].remove(asked)
            client.event_hooks["response"].remove(answered)


def place(url: httpx.URL) -> tuple[str, str]:
    """The server of a request and the path there; each name of this machine's loopback counts as one."""
    path = next((path for path in (NATIVE, COMPATIBLE) if url.path.endswith(path)), url.path)
    host = "127.0.0.1" if url.host.lower() in LOOPBACK else url.host.lower()
    root = f"{url.scheme}://{host}:{url.port or PORTS.get(url.scheme, 0)}{url.path.removesuffix(path)}"
    return root.rstrip("/"), path


class Probe:
    """A client whose requests are watched; the rows of `family` count as its model's."""

    def __init__(self, client: OllamaChatClient | OllamaAdapter, family: Sequence[Known], sent: Sequence[Sent]) -> None:
        self.client = client
        self.gateway = client.gateway
        self.surface = NATIVE if isinstance(client, OllamaAdapter) else COMPATIBLE
        self._digests = {model.digest for model in family}
        self._names = {model.name for model in family}
        self._sent = sent

    async def ask(self, messages: Sequence[dict[str, str]]) -> Step:
        """One token for `messages`."""
        before, mark = await self._rows(), len(self._sent)
        first = await self._first(messages)
        call, requests = self.gateway.calls[-1], self._sent[mark:]
        sent = next(request for request in reversed(requests) if request.path == self.surface)
        preload = sum(request.seconds for request in requests if request.path == "/api/generate")
        after, load = await self._settled(before), call.load_seconds
        return Step(self.surface, sent, before, after, first - sent.at, load, preload, call.prompt_tokens)

    async def _first(self, messages: Sequence[dict[str, str]]) -> float:
        """The moment of the first text, or of the end where no text came."""
        seen: list[float] = []
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "No text content")  # AutoGen: a model that thinks first says nothing yet
            if isinstance(self.client, OllamaAdapter):
                options = {"temperature": 0, "num_predict": 1}
                await self.client.chat(messages, options, lambda text: seen.append(time.monotonic()))
            else:
                arguments = {"temperature": 0, "max_tokens": 1}
                pieces = self.client.create_stream(_typed(messages), extra_create_args=arguments)
                seen.extend([time.monotonic() async for _ in pieces])
        return seen[0] if seen else time.monotonic()

    async def _rows(self) -> list[Resident]:
        found = await rows(self.gateway)
        return [row for row in found if row.digest in self._digests or row.name in self._names]

    async def _settled(self, before: list[Resident]) -> list[Resident]:
        found = await self._rows()
        for _ in range(LOOKS):
            if _newer(before, found):
                break
            await asyncio.sleep(0.02)
            found = await self._rows()
        return found


def _newer(before: list[Resident], after: list[Resident]) -> bool:
    if not before or not after:
        return bool(after)
    return max(row.expires for row in after) > max(row.expires for row in before)


def _typed(messages: Sequence[dict[str, str]]) -> list[LLMMessage]:
    return [
        SystemMessage(content=message["content"])
        if message["role"] == "system"
        else UserMessage(content=message["content"], source="user")
        for message in messages
    ]
