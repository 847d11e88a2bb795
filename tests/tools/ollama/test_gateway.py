"""What a run knows of its models in memory, and what never passes unseen."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from autogen_core.models import UserMessage
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config.errors import WindowError
from tools.embedded.app import create
from tools.embedded.scripted import ScriptedEngine, model, serving
from tools.events import Event, Load, Notice
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.residence import Resident, disturbance
from tools.ollama.server import Server

BRAIN, HAND = model("brain:latest", weights="b", digest="b" * 64), model("hand:latest", weights="h", digest="a" * 64)
ASK = [{"role": "user", "content": "Hi"}]


@contextmanager
def two_models(limit: int, load: float = 0.0) -> Iterator[tuple[str, ScriptedEngine]]:
    """A server with two models, `limit` of them in memory; its base URL."""
    engine = ScriptedEngine(lambda messages: "Hello.", BRAIN, HAND, load=load)
    with serving(create(engine, limit=limit)) as url:
        yield url, engine


@asynccontextmanager
async def opened(url: str, events: list[Event]) -> AsyncIterator[Gateway]:
    """A gateway, closed at the end."""
    gateway = Gateway(Server(url), events.append)
    try:
        yield gateway
    finally:
        await gateway.close()


def play(url: str, scene: Callable[[Gateway, list[Event]], Coroutine[Any, Any, None]]) -> None:
    """Act a scene."""

    async def act() -> None:
        events: list[Event] = []
        async with opened(url, events) as gateway:
            await scene(gateway, events)

    asyncio.run(act())


def loads(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.model, event.why) for event in events if isinstance(event, Load)]


async def both(gateway: Gateway, *turns: str) -> None:
    """Calls by turns: the brain on `/v1`, the hand natively."""
    client, adapter = OllamaChatClient(gateway, "brain"), OllamaAdapter(gateway, "hand")
    for turn in turns:
        if turn == "brain":
            await client.create([UserMessage(content="Hi", source="user")])
        else:
            await adapter.chat(ASK)


def test_with_room_for_one_each_change_is_a_swap_and_the_server_says_the_same() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        await both(gateway, "brain", "brain", "hand", "hand", "hand", "brain")
        assert loads(events) == [("brain", "load"), ("hand", "swap"), ("brain", "swap")]

    with two_models(1) as (url, engine):
        play(url, scene)
        assert [name for name, _ in engine.loads] == ["brain:latest", "hand:latest", "brain:latest"]


def test_with_room_for_two_nothing_is_swapped() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        await both(gateway, "brain", "hand", "brain", "hand")
        assert loads(events) == [("brain", "load"), ("hand", "load")]

    with two_models(2) as (url, _):
        play(url, scene)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ({"path": "/api/chat", "model": "hand", "messages": ASK, "options": {"num_ctx": 512}}, "a window of 512"),
        ({"path": "/api/generate", "model": "hand", "keep_alive": 0}, "unloaded by another client"),
        ({"path": "/api/chat", "model": "brain", "messages": ASK}, "another client's brain took its place"),
    ],
)
def test_an_unplanned_reload_is_told_with_its_cause(fault: dict[str, Any], cause: str) -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        await both(gateway, "hand")
        async with httpx.AsyncClient(base_url=url, timeout=10) as other:
            (await other.post(fault["path"], json={**fault, "stream": False})).raise_for_status()
        await both(gateway, "hand", "hand")
        told = [event for event in events if isinstance(event, Load)]
        assert [load.why for load in told] == ["load", "reload"]
        assert cause in told[1].cause
        assert gateway.window("hand") == HAND.window

    with two_models(1) as (url, _):
        play(url, scene)


def test_two_names_of_the_same_weights_are_one_load() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        await both(gateway, "brain", "hand", "brain", "hand")
        assert loads(events) == [("brain", "load")]
        assert gateway.window("hand") == HAND.window

    engine = ScriptedEngine(lambda messages: "Hello.", BRAIN, model("hand:latest", weights="b", digest="b" * 64))
    with serving(create(engine)) as url:
        play(url, scene)
        assert len(engine.loads) == 1


class Card:
    """An Ollama with a card that holds one of two models; what is loaded second spills to the CPU."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.told: list[str] = []

    async def ps(self, request: Request) -> Response:
        return JSONResponse({"models": list(self.rows.values())})

    async def generate(self, request: Request) -> Response:
        body = await request.json()
        name = body["model"]
        self.told.append(f"{name} {body.get('keep_alive', 'load')}")
        if body.get("keep_alive") == 0:
            self.rows.pop(name, None)
        else:
            vram = 4 if self.rows.keys() - {name} else 10
            row = {"name": name, "digest": name, "context_length": 8192, "size": 10, "size_vram": vram}
            self.rows[name] = row | {"expires_at": "2100-01-01T00:00:00Z"}
        return JSONResponse({"done": True})

    def app(self) -> Starlette:
        """The two pages that loading needs."""
        return Starlette(routes=[Route("/api/ps", self.ps), Route("/api/generate", self.generate, methods=["POST"])])


def test_of_two_models_that_do_not_fit_beside_each_other_one_leaves() -> None:
    card = Card()

    async def scene(gateway: Gateway, events: list[Event]) -> None:
        for name in ("brain", "hand", "hand", "brain"):
            await gateway.load(name)
        assert loads(events) == [("brain", "load"), ("hand", "swap"), ("brain", "swap")]
        assert [row["size_vram"] for row in card.rows.values()] == [10]

    with serving(card.app()) as url:
        play(url, scene)
    turn = ["hand load", "brain 0", "hand 0", "hand load"]
    assert card.told[1:5] == turn


def test_a_model_that_its_own_call_finds_gone_is_told_by_its_load_duration() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        adapter = OllamaAdapter(gateway, "hand")
        await adapter.chat(ASK)
        await adapter.chat(ASK, {"num_ctx": 1024})  # what the design forbids: it loads the model inside of the call
        told = [event for event in events if isinstance(event, Load)]
        assert [load.why for load in told] == ["load", "reload"]
        assert told[1].seconds >= 0.6

    with two_models(1, load=0.6) as (url, _):
        play(url, scene)


def test_causes_of_a_disturbance() -> None:
    last = Resident("a", "d1", 8192, 10, 10, time.time() + 100)
    assert disturbance(last, {"a": last}, {"a"}) == ""
    gone = Resident("a", "d1", 8192, 10, 10, time.time() - 1)
    assert "OLLAMA_KEEP_ALIVE" in disturbance(gone, {}, {"a"})
    assert "started anew" in disturbance(last, {}, {"a"})
    assert "replaced" in disturbance(last, {"a": Resident("a", "d2", 8192, 10, 10, 0)}, {"a"})
    assert "same weights as b" in disturbance(last, {"b": Resident("b", "d1", 4096, 9, 9, 0)}, {"a"})


def test_a_prompt_that_would_fill_the_window_is_held_back_on_both_surfaces() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        long = "word " * 8000
        with pytest.raises(WindowError, match="too many for the window of 8,192 of hand"):
            await OllamaAdapter(gateway, "hand").chat([{"role": "user", "content": long}])
        with pytest.raises(WindowError, match="too many for the window of 8,192 of brain"):
            await OllamaChatClient(gateway, "brain").create([UserMessage(content=long, source="user")])
        assert gateway.calls == []

    with two_models(2) as (url, engine):
        play(url, scene)
        assert engine.asks == []


def test_an_answer_to_a_prompt_that_was_cut_is_no_answer() -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        dense = "1 2 " * 4500  # two tokens in four characters: more than any estimate says
        with pytest.raises(WindowError, match="8,192 or more"):
            await OllamaChatClient(gateway, "brain").create([UserMessage(content=dense, source="user")])

    with two_models(2) as (url, _):
        play(url, scene)


def test_a_run_waits_for_the_batch_of_another_one(tmp_path: Path) -> None:
    async def scene(first: Gateway, events: list[Event]) -> None:
        await both(first, "brain")
        said: list[Event] = []
        async with opened(url, said) as second:
            waiting = asyncio.ensure_future(both(second, "hand"))
            await asyncio.sleep(0.5)
            assert not waiting.done()
            await both(first, "brain")
            first.lease.release()
            await asyncio.wait_for(waiting, 10)
        assert [event.text for event in said if isinstance(event, Notice)] == [
            "another run uses brain; hand is loaded when it has done its steps"
        ]
        assert [name for name, _ in engine.loads] == ["brain:latest", "hand:latest"]

    with two_models(1) as (url, engine):
        play(url, scene)


def test_a_run_that_died_holds_nobody_up(tmp_path: Path) -> None:
    async def scene(gateway: Gateway, events: list[Event]) -> None:
        await both(gateway, "hand")
        folder = gateway.lease.folder
        (folder / "1-1.json").write_text('{"model": "brain"}', encoding="utf-8")
        gateway.lease.release()
        await asyncio.wait_for(both(gateway, "hand", "brain", "hand"), 10)
        assert not (folder / "1-1.json").exists()

    with two_models(1) as (url, _):
        play(url, scene)
