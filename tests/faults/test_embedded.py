"""The embedded server is killed in the middle of a run, or ended because nobody used it: it is started again."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from autogen_core.models import UserMessage

from config import folders, settings
from tests.tools.embedded.conftest import gguf
from tools.embedded.address import Record
from tools.embedded.server import stop
from tools.events import Call, Event, Notice
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.limits import Limits
from tools.ollama.server import Server, embedded


@pytest.fixture
def weights(tmp_path: Path) -> Iterator[Path]:
    """A model of 60 KB; at the end its server is stopped."""
    path = tmp_path / "tiny.gguf"
    path.write_bytes(gguf())
    yield path
    stop()


def kill() -> None:
    """The server, and with it its model."""
    record = Record.read(folders.state())
    assert record
    server = psutil.Process(record.pid)
    server.kill()
    assert psutil.wait_procs([server], timeout=10)[0]


async def both(gateway: Gateway, model: str) -> None:
    """A short answer on each surface."""
    client = OllamaChatClient(gateway, model)
    client.most = 4
    await client.create([UserMessage(content="Hi", source="user")])
    await OllamaAdapter(gateway, model).chat([{"role": "user", "content": "Hi"}], {"num_predict": 4})


def test_a_server_that_was_killed_is_started_again(weights: Path) -> None:
    events: list[Event] = []
    server = embedded(settings.load(embedded_model=str(weights)), events.append, "no Ollama")

    async def act() -> None:
        gateway = Gateway(
            Server(server.base_url, server.token, server.model, Limits(pause=0.05), server.anew), events.append
        )
        try:
            await both(gateway, server.model)
            kill()
            await both(gateway, server.model)
            assert gateway.server.base_url != server.base_url
            assert [load.why for load in gateway.loads] == ["load", "reload"]
        finally:
            await gateway.close()

    asyncio.run(act())
    assert sum(isinstance(event, Call) for event in events) == 4
    told = [event.text for event in events if isinstance(event, Notice)]
    assert "the embedded server had ended; started again" in told
