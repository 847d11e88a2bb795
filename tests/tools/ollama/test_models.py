"""Which server and which models a run uses."""

import asyncio
from typing import Any

import pytest

from config.errors import ModelError, ServerError, UsageError
from tools.embedded.scripted import model, scripted
from tools.events import Event, Notice
from tools.ollama.gateway import Gateway
from tools.ollama.models import Models, chosen
from tools.ollama.server import Server, find, normalized


def pick(*models: Any, default: str = "", executor: str = "", embedded: str = "") -> tuple[Models, str]:
    """What is chosen from a server with these models, and what is said."""
    said: list[Event] = []

    async def act(url: str) -> Models:
        gateway = Gateway(Server(url, model=embedded), said.append)
        try:
            return await chosen(gateway, default, executor)
        finally:
            await gateway.close()

    with scripted([], *models) as (url, _):
        found = asyncio.run(act(url))
    return found, " ".join(event.text for event in said if isinstance(event, Notice))


def test_the_first_documented_name_wins_with_its_reason() -> None:
    found, said = pick(model("huge:latest", size=9 << 30), model("qwen2.5:14b"), model("qwen2.5-coder:7b"))
    assert found == Models("qwen2.5:14b", "qwen2.5:14b")
    assert "documented" in said


def test_else_the_largest_that_fits_and_completes() -> None:
    found, said = pick(
        model("small:latest", size=1 << 20),
        model("middle:latest", size=1 << 24),
        model("monster:latest", size=1 << 50),
        model("nomic-embed-text:latest", size=1 << 25),
    )
    assert found.default == "middle"
    assert "largest" in said


def test_each_role_may_have_its_own() -> None:
    found, _ = pick(model("a:latest"), model("b:latest"), default="a", executor="b")
    assert found == Models("a", "b")


def test_what_cannot_serve_is_refused_with_the_next_command() -> None:
    with pytest.raises(ModelError, match=r"EXECUTOR_MODEL=c is not on the server.*ollama pull c"):
        pick(model("a:latest"), default="a", executor="c")
    with pytest.raises(ModelError, match="not a chat model"):
        pick(model("a:latest", capabilities=("embedding",)), default="a")
    with pytest.raises(ModelError, match=r"DEFAULT_MODEL=q needs an Ollama.*ollama serve"):
        pick(model("a:latest"), default="q", embedded="a")
    with pytest.raises(ModelError, match="no installed model fits"):
        pick(model("monster:latest", size=1 << 50))


@pytest.mark.parametrize(
    "url", ["http://host:11434", "http://host:11434/", "http://host:11434/v1", "http://host:11434/v1/", "host:11434"]
)
def test_addresses_in_many_forms_are_one(url: str) -> None:
    assert normalized(url) == "http://host:11434"


@pytest.mark.parametrize("url", ["http://", "ftp://host", "http://host:port", "http://host:0"])
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(UsageError, match="OLLAMA_BASE_URL"):
        normalized(url)


def test_the_default_address_is_used_where_something_answers() -> None:
    with scripted([]) as (url, _):
        assert find("", default=url) == Server(url)
        assert find(f"{url}/v1/") == Server(url)
    assert find("", default="http://127.0.0.1:9") is None
    with pytest.raises(ServerError, match="ollama serve"):
        find("http://127.0.0.1:9")
