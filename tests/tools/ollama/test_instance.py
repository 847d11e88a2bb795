"""One instance is told from two, on servers with a fault planted in each."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from autogen_core.models import CreateResult, LLMMessage
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.errors import ServerError
from tools.embedded.app import create
from tools.embedded.engine import Model
from tools.embedded.scripted import ScriptedEngine, model, scripted, serving
from tools.events import ignore
from tools.ollama.adapter import Messages, OllamaAdapter, Reply
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.instance.check import Check
from tools.ollama.instance.checks import checks
from tools.ollama.instance.pace import Pace, limit
from tools.ollama.instance.probe import COMPATIBLE, NATIVE, Sent, Step, place
from tools.ollama.instance.rows import rows
from tools.ollama.instance.runners import runners
from tools.ollama.models import Models
from tools.ollama.server import Server

LOAD = 0.3
"""Seconds of a load where time is to tell it."""
SINGLE = Models("scripted", "scripted")
WIRE = Path(__file__).parents[1] / "embedded" / "ollama-wire.json"
Body = dict[str, Any]
Found = dict[str, Check]


def found(
    url: str,
    models: Models = SINGLE,
    *,
    brain: type[OllamaChatClient] = OllamaChatClient,
    hand: type[OllamaAdapter] = OllamaAdapter,
    other: str = "",
) -> Found:
    """What the checks say of clients of these kinds; `other` is the Executor's server."""

    async def act() -> Found:
        gateways = [Gateway(Server(url), ignore)] + ([Gateway(Server(other), ignore)] if other else [])
        clients = brain(gateways[0], models.default), hand(gateways[-1], models.executor)
        try:
            return {check.name: check async for check in checks(*clients, models)}
        finally:
            for gateway in gateways:
                await gateway.close()

    return asyncio.run(act())


def yes(messages: Any) -> str:
    """What every model says."""
    return "Yes."


def broken(said: Found) -> list[str]:
    """The names of what does not hold; each of them has something to type."""
    names = [check.name for check in said.values() if not check.holds]
    assert all(said[name].remedy for name in names)
    assert not any("\n" in check.evidence for check in said.values())
    return names


def named(name: str, window: int = 8192, blob: str = "") -> Model:
    """A model of that name; the same `blob` means the same weights, as `/api/show` tells it."""
    digest = (name.encode().hex() * 64)[:64]
    show = {"modelfile": f"# FROM {name}\n\nFROM /models/blobs/sha256-{blob or name}\nTEMPLATE x\n", "parameters": ""}
    return model(f"{name}:latest", digest=digest, weights=blob or name, window=window, show=show)


def proxy(
    url: str,
    before: Callable[[str, Body], Awaitable[None]],
    after: Callable[[str], Awaitable[None]] | None = None,
) -> Starlette:
    """What stands between: `before` may change a POST's body; `after` comes when it is answered."""

    async def forward(request: Request) -> Response:
        path, body = request.url.path, None
        if request.method == "POST":
            body = await request.json()
            await before(path, body)
        async with httpx.AsyncClient(base_url=url, verify=False) as client:
            reply = await client.request(request.method, path, json=body)
        if after and body is not None:
            await after(path)
        return Response(reply.content, reply.status_code, {"content-type": reply.headers["content-type"]})

    return Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])])


async def nothing(path: str, body: Body) -> None:
    """Changes nothing."""


async def unload(url: str) -> None:
    """As another program does it."""
    async with httpx.AsyncClient(base_url=url, verify=False) as client:
        await client.post("/api/generate", json={"model": "scripted", "keep_alive": 0})


class Windowed(OllamaAdapter):
    """Asks for a window of its own."""

    window = 4096

    async def chat(self, messages: Messages, options: Any = None, *rest: Any, **more: Any) -> Reply:
        return await super().chat(messages, {**(options or {}), "num_ctx": self.window}, *rest, **more)


class Fitting(Windowed):
    """Asks for the window that the model has anyway."""

    window = 8192


class Remembering(OllamaAdapter):
    """Sends what was said before, too."""

    past: Sequence[Mapping[str, str]] = ()

    async def chat(self, messages: Messages, *rest: Any, **more: Any) -> Reply:
        self.past = [*self.past, *messages]
        return await super().chat(self.past, *rest, **more)


class Straying(OllamaAdapter):
    """Asks for another model than it was told to."""

    def __init__(self, gateway: Gateway, model: str) -> None:
        super().__init__(gateway, "b")


def gossips() -> tuple[type[OllamaChatClient], type[OllamaAdapter]]:
    """Two clients over one list of messages: the Commander hears what the Executor was told."""
    heard: list[str] = []

    class Talking(OllamaAdapter):
        async def chat(self, messages: Messages, *rest: Any, **options: Any) -> Reply:
            heard.append(messages[-1]["content"])
            return await super().chat(messages, *rest, **options)

    class Hearing(OllamaChatClient):
        async def create_stream(
            self, messages: Sequence[LLMMessage], **options: Any
        ) -> AsyncGenerator[str | CreateResult, None]:
            last = messages[-1].model_copy(update={"content": f"{messages[-1].content} {heard}"})
            async for piece in super().create_stream([*messages[:-1], last], **options):
                yield piece

    return Hearing, Talking


def test_a_healthy_server_holds_all() -> None:
    with scripted(yes, load=LOAD) as (url, engine):
        said = found(url)
        assert broken(said) == []
        assert list(said) == ["server", "models", "loaded", "same server", "same model", "same instance", "contexts"]
        assert engine.loads == [("scripted:latest", 8192)]
        assert "loaded in" in said["loaded"].evidence
        assert "one row" in said["same instance"].evidence
        assert "a load: " in said["same instance"].evidence
        assert broken(found(url)) == [], "nor when the model is in memory at the start"
        assert len(engine.loads) == 1


@pytest.mark.parametrize("load", [0.0, LOAD])
def test_a_window_of_its_own_is_found_with_and_without_time(load: float) -> None:
    with scripted(yes, load=load) as (url, _):
        said = found(url, hand=Windowed)
    assert broken(said) == ["same instance"]
    evidence = said["same instance"].evidence
    assert f"the request on {NATIVE} carries num_ctx=4096" in evidence
    assert "window 4096 after /api/chat" in evidence
    assert "window 8192 after /v1" in evidence
    assert ("of a load" in evidence or "a load, in" in evidence) == bool(load)
    assert "PARAMETER" in said["same instance"].remedy


def test_the_models_own_window_is_no_fault() -> None:
    with scripted(yes) as (url, _):
        assert broken(found(url, hand=Fitting)) == []


def test_two_names_with_other_parameters_evict_each_other() -> None:
    models = named("a", 8192, "blob"), named("b", 4096, "blob")
    with scripted(yes, *models, load=LOAD) as (url, _):
        said = found(url, Models("a", "b"))
    assert broken(said) == ["same instance"]
    assert "to load the model before 6 of 6 requests" in said["same instance"].evidence
    assert "two names over the same weights sha256-blob" in said["same model"].evidence
    assert "two names with different parameters evict each other" in said["same instance"].evidence
    assert "EXECUTOR_MODEL" in said["same instance"].remedy


def test_two_names_with_the_same_parameters_share() -> None:
    with scripted(yes, named("a", blob="blob"), named("b", blob="blob")) as (url, engine):
        said = found(url, Models("a", "b"))
    assert broken(said) == []
    assert "the Commander asks for a, the Executor for b" in said["same model"].evidence
    assert len(engine.loads) == 1


def test_two_servers_are_two_instances() -> None:
    with scripted(yes) as (one, _), scripted(yes) as (two, _):
        said = found(one, other=two)
    assert broken(said) == ["same server", "same instance"]
    assert one in said["same server"].evidence
    assert two in said["same server"].evidence


def test_two_names_of_one_server_are_one() -> None:
    with scripted(yes, load=LOAD) as (url, _):
        assert broken(found(url, other=f"{url.replace('127.0.0.1', 'localhost')}/")) == []


@pytest.mark.parametrize("surface", [NATIVE, COMPATIBLE])
def test_an_eviction_that_hides_before_each_request_is_told_by_time(surface: str) -> None:
    with ExitStack() as stack:
        url, _ = stack.enter_context(scripted(yes, load=LOAD))

        async def evict(path: str, body: Body) -> None:
            if path == surface:
                await unload(url)

        said = found(stack.enter_context(serving(proxy(url, evict))))
    assert broken(said) == ["same instance"]
    expected = "load_duration is that of a load every time" if surface == NATIVE else "a load, in 3 of 6 requests"
    assert expected in said["same instance"].evidence


def test_an_eviction_once_between_two_requests_is_seen() -> None:
    count = 0
    with ExitStack() as stack:
        url, _ = stack.enter_context(scripted(yes))

        async def evict(path: str) -> None:
            nonlocal count
            count += path == NATIVE
            if path == NATIVE and count == 7:
                await unload(url)

        said = found(stack.enter_context(serving(proxy(url, nothing, evict))))
    assert broken(said) == ["same instance"]
    assert "it was gone after 1 on /api/chat" in said["same instance"].evidence
    assert "not in memory before 1 on /v1 of 6 requests" in said["same instance"].evidence


def test_a_server_that_keeps_nothing_is_told() -> None:
    with serving(create(ScriptedEngine(yes), keep=0)) as url:
        said = found(url)
    assert broken(said) == ["loaded"]
    assert "OLLAMA_KEEP_ALIVE" in said["loaded"].remedy


def test_two_models_that_fit_together_hold() -> None:
    with scripted(yes, named("a"), named("b", 4096), load=LOAD) as (url, engine):
        said = found(url, Models("a", "b"))
    assert broken(said) == []
    assert "two models (hybrid)" in said["same model"].evidence
    assert "no swap in 4 requests" in said["both loaded"].evidence
    assert len(engine.loads) == 2


def test_one_model_at_a_time_is_named_with_its_cause() -> None:
    engine = ScriptedEngine(yes, named("a"), named("b"), load=0.2)
    with serving(create(engine, limit=1)) as url:
        said = found(url, Models("a", "b"))
    assert broken(said) == ["both loaded"]
    assert "2 swaps in" in said["both loaded"].evidence
    assert "OLLAMA_MAX_LOADED_MODELS" in said["both loaded"].remedy


@pytest.mark.parametrize("most", [1, 100])
def test_a_proxy_that_merges_histories_is_found(most: int) -> None:
    past: list[Any] = []

    async def merge(path: str, body: Body) -> None:
        if path in {NATIVE, COMPATIBLE}:
            own = body["messages"]
            body["messages"] = past[-most:] + own
            past.extend(own)

    with ExitStack() as stack:
        url, _ = stack.enter_context(scripted(yes, load=LOAD))
        said = found(stack.enter_context(serving(proxy(url, merge))))
    assert "contexts" in broken(said)
    assert "prompt tokens" in said["contexts"].evidence


def test_a_client_that_sends_its_past_is_found() -> None:
    with scripted(yes) as (url, _):
        said = found(url, hand=Remembering)
    assert broken(said) == ["contexts"]
    assert "messages, not the 2 handed over" in said["contexts"].evidence


def test_words_of_the_other_role_are_found() -> None:
    brain, hand = gossips()
    with scripted(yes) as (url, _):
        said = found(url, brain=brain, hand=hand)
    assert broken(said) == ["contexts"]
    assert "a request on /v1 carries the other role's words" in said["contexts"].evidence


def test_another_model_than_the_set_one_is_found() -> None:
    with scripted(yes, named("a"), named("b")) as (url, _):
        said = found(url, Models("a", "a"), hand=Straying)
    assert "same model" in broken(said)
    assert "requests ask for a and b, set are a and a" in said["same model"].evidence


def test_a_missing_model_ends_it() -> None:
    with scripted([]) as (url, _):
        said = found(url, Models("scripted", "other"))
    assert broken(said) == ["models"]
    assert list(said) == ["server", "models"]
    assert said["models"].remedy == "ollama pull other"


def test_a_model_that_cannot_be_loaded_ends_it() -> None:
    async def refuse(path: str, body: Body) -> None:
        if path == "/api/generate":
            body["model"] = "nowhere"

    with ExitStack() as stack:
        url, _ = stack.enter_context(scripted([]))
        said = found(stack.enter_context(serving(proxy(url, refuse))))
    assert broken(said) == ["loaded"]
    assert "model 'nowhere' not found" in said["loaded"].evidence


def test_no_server_is_an_error() -> None:
    with pytest.raises(ServerError):
        found("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("http://localhost:11434/v1/chat/completions", "http://127.0.0.1:11434"),
        ("http://[::1]:11434/api/chat", "http://127.0.0.1:11434"),
        ("http://LOCALHOST/api/chat", "http://127.0.0.1:80"),
        ("https://gpu.lan/ollama/v1/chat/completions", "https://gpu.lan:443/ollama"),
        ("https://gpu.lan:443/ollama/api/chat", "https://gpu.lan:443/ollama"),
    ],
)
def test_addresses_of_one_server_are_one(url: str, server: str) -> None:
    assert place(httpx.URL(url))[0] == server


@pytest.mark.parametrize("warm", [0.0, 0.001, 0.08, 0.19, 0.24])
@pytest.mark.parametrize("load", [None, 1.5, 4.2, 60.0])
def test_measured_loads_are_over_the_limit_and_warm_calls_below(warm: float, load: float | None) -> None:
    assert 0.24 < limit(warm, load) < 1.5


def test_a_late_byte_counts_from_the_second_on() -> None:
    def step(surface: str, first: float, load: float | None = None) -> Step:
        return Step(surface, Sent("", surface, {}, 0), [], [], first, load, 0, 1)

    pace = Pace(0.1, 0.1, None)
    quick, late = step(COMPATIBLE, 0.1), step(COMPATIBLE, 2.0)
    assert pace.slow([quick, late, step(NATIVE, 2.0, 0.1)]) == []
    assert pace.slow([late, late, quick]) == [late, late]
    assert len(pace.slow([quick, step(NATIVE, 2.0, 1.9)])) == 1
    assert not pace.always_loads
    assert Pace(1.9, 2.0, None).always_loads
    assert Pace(0.3, 0.3, 0.4).always_loads


def test_the_processes_under_a_local_server_are_its_runners() -> None:
    runner = "import sys; print(flush=True); sys.stdin.read()"
    server = f"""import socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0))
child = subprocess.Popen([sys.executable, "-c", {runner!r}, "sha256-abc"], stdin=sys.stdin, stdout=subprocess.PIPE)
child.stdout.readline()
print(listener.getsockname()[1], child.pid, flush=True)
child.wait()"""
    with subprocess.Popen([sys.executable, "-c", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        port, pid = map(int, process.stdout.readline().split())
        for weights in ("", "sha256-abc", "sha256-def"):
            assert [each for each, _ in runners(Server(f"http://127.0.0.1:{port}"), weights)] == [pid]
        assert runners(Server(f"http://gpu.lan:{port}")) == frozenset()
        process.stdin.close()


def test_ollamas_own_rows_are_read() -> None:
    exchanges = json.loads(WIRE.read_text("utf-8"))["exchanges"]
    lines = {each["name"]: each["response"]["lines"][0] for each in exchanges if "lines" in each["response"]}

    async def ps(request: Request) -> Response:
        return Response(lines["ps after keep_alive"], media_type="application/json")

    async def act(url: str) -> None:
        gateway = Gateway(Server(url), ignore)
        (row,) = await rows(gateway)
        await gateway.close()
        assert (row.name, row.window, row.digest[:8]) == ("commander-exec", 8192, "b241c877")
        assert row.expires == datetime(2026, 11, 22, 0, 49, 2, 279380, UTC).timestamp()

    with serving(Starlette(routes=[Route("/api/ps", ps)])) as url:
        asyncio.run(act(url))
