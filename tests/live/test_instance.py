"""The proof on the real 0.5B weights: it holds, and a window of its own is seen by time and by process."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tools.embedded.server import ensure, stop
from tools.events import ignore
from tools.ollama.adapter import Messages, OllamaAdapter, Reply
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.instance.check import Check
from tools.ollama.instance.checks import checks
from tools.ollama.models import Models
from tools.ollama.server import Server

pytestmark = pytest.mark.live
MODEL = "qwen2.5-coder:0.5b-instruct-q4_K_M"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module's own."""
    folder = tmp_path_factory.mktemp("state")
    address = ensure(MODEL, folder=folder)
    yield Server(address.base_url, address.token, address.model)
    stop(folder)


class Windowed(OllamaAdapter):
    """Asks for a window of its own."""

    async def chat(self, messages: Messages, options: Any = None, *rest: Any, **more: Any) -> Reply:
        return await super().chat(messages, {**(options or {}), "num_ctx": 4096}, *rest, **more)


def found(server: Server, hand: type[OllamaAdapter]) -> dict[str, Check]:
    async def act() -> dict[str, Check]:
        gateway = Gateway(server, ignore)
        clients = OllamaChatClient(gateway, server.model), hand(gateway, server.model)
        try:
            return {check.name: check async for check in checks(*clients, Models(server.model, server.model))}
        finally:
            await gateway.close()

    return asyncio.run(act())


def test_both_surfaces_are_served_by_one_process(server: Server) -> None:
    said = found(server, OllamaAdapter)
    assert [check for check in said.values() if not check.holds] == []
    assert "embedded server" in said["server"].evidence
    assert "runner process" in said["same instance"].evidence


def test_a_window_of_its_own_is_a_load_and_another_process(server: Server) -> None:
    said = found(server, Windowed)
    assert [check.name for check in said.values() if not check.holds] == ["same instance"]
    evidence = said["same instance"].evidence
    assert "window 4096 after /api/chat" in evidence
    assert "a load" in evidence
    assert "the runner's process changed" in evidence
