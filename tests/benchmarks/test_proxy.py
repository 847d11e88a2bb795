"""The proxy counts what the server counts, hands on what comes as it comes, and lets go with its client."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.harness.counts import Call, begun, complete, summed
from benchmarks.harness.proxy import Proxy, listening
from tools.embedded.scripted import Reply, ScriptedEngine, scripted, serving
from tools.ollama.server import Server

WORDS = "one two three four"
ASKED = {"model": "scripted:latest", "messages": [{"role": "user", "content": "count to four"}]}


@contextmanager
def proxied(folder: Path, reply: Reply) -> Iterator[tuple[str, Proxy, ScriptedEngine]]:
    """A scripted server behind the proxy: its URL, the proxy, the engine."""
    with scripted(lambda messages: reply) as (base_url, engine):
        proxy = Proxy(Server(base_url))
        with listening(proxy, folder / "socket") as url:
            yield url, proxy, engine


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/chat", "/api/generate"])
@pytest.mark.parametrize("stream", [True, False])
def test_counts_are_the_servers(path: str, stream: bool, tmp_path: Path) -> None:
    with proxied(tmp_path, Reply(WORDS)) as (url, proxy, engine):
        body = ASKED | {"stream": stream, "prompt": "count to four"}
        text = httpx.post(url + path, json=body).raise_for_status().text
        (ask,), (call,) = engine.asks, proxy.calls
    assert (call.tokens_in, call.tokens_out) == (len(ask.prompt), 4)
    assert "four" in text
    assert summed(proxy.calls).calls == 1


def test_counts_nobody_asked_for_are_taken_out_again(tmp_path: Path) -> None:
    with proxied(tmp_path, Reply(WORDS)) as (url, proxy, _):
        path = f"{url}/v1/chat/completions"
        plain = httpx.post(path, json=ASKED | {"stream": True}).text
        asked = httpx.post(path, json=ASKED | {"stream": True, "stream_options": {"include_usage": True}}).text
    assert "usage" not in plain
    assert "usage" in asked
    assert plain.endswith("data: [DONE]\n\n")
    assert summed(proxy.calls).tokens_out == 8


def test_other_requests_are_handed_on_and_not_counted(tmp_path: Path) -> None:
    with proxied(tmp_path, Reply(WORDS)) as (url, proxy, _):
        assert httpx.get(f"{url}/api/version").json()["version"]
        assert httpx.post(f"{url}/api/generate", json={"model": "scripted:latest"}).json()["done_reason"] == "load"
        missing = httpx.post(f"{url}/api/chat", json=ASKED | {"model": "absent"})
    assert missing.status_code == 404
    assert "not found" in missing.json()["error"]
    assert summed(proxy.calls).tokens_in == 0


def test_pieces_come_as_they_are_made(tmp_path: Path) -> None:
    with (
        proxied(tmp_path, Reply(WORDS, delay=0.3)) as (url, _, _),
        httpx.stream("POST", f"{url}/api/chat", json=ASKED) as reply,
    ):
        times = [time.monotonic() for _ in reply.iter_lines()]
    assert times[3] - times[0] > 0.45


def test_client_that_goes_away_ends_the_generation(tmp_path: Path) -> None:
    with proxied(tmp_path, Reply(["word "] * 200, delay=0.02)) as (url, proxy, engine):
        with httpx.stream("POST", f"{url}/api/chat", json=ASKED) as reply:
            assert "word" in next(reply.iter_lines())
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{url}/api/chat", json=ASKED | {"stream": False}, timeout=httpx.Timeout(5, read=0.2))
        time.sleep(0.3)
        made = engine.made
        time.sleep(0.3)
        assert engine.made == made
        told = summed(proxy.calls)
        complete(proxy.calls, proxy.server)
    assert (told.calls, told.tokens_in) == (2, 0)
    assert told.tokens_out > 0
    assert summed(proxy.calls) == replace(told, tokens_in=2 * len(engine.asks[0].prompt))


def test_socket_is_the_same_proxy(tmp_path: Path) -> None:
    door = httpx.HTTPTransport(uds=str(tmp_path / "socket"))
    with proxied(tmp_path, Reply(WORDS)) as (_, proxy, _), httpx.Client(transport=door) as client:
        client.post("http://ollama/api/chat", json=ASKED).raise_for_status()
    assert summed(proxy.calls).tokens_out == 4


def test_token_of_the_server_takes_the_place_of_the_clients(tmp_path: Path) -> None:
    seen = []

    async def note(request: Request) -> Response:
        seen.append((request.url.path, request.url.query, request.headers["authorization"]))
        return Response()

    with (
        serving(Starlette(routes=[Route("/{path:path}", note)])) as base_url,
        listening(Proxy(Server(base_url, token="secret")), tmp_path / "socket") as url,
    ):
        httpx.get(f"{url}/api/tags?a=b", headers={"Authorization": "Bearer other"}).raise_for_status()
    assert seen == [("/api/tags", "a=b", "Bearer secret")]


def test_speaker_is_chosen_where_the_prompt_says_so() -> None:
    selector = [{"role": "system", "content": 'Then select the next role from ["a", "b"] to play.'}]
    ledger = [{"role": "user", "content": "- Who should speak next? (select from: a, b)"}]
    told = [{"role": "user", "content": "Who is next?"}]
    calls = [begun("/v1/chat/completions", {"messages": messages}) for messages in (selector, ledger, told)]
    assert [call is not None and call.selects for call in calls] == [True, True, False]
    assert begun("/api/tags", {}) is None


@pytest.mark.parametrize(
    ("reply", "evaluated"),
    [
        ({"usage": {"prompt_tokens": 50, "completion_tokens": 5}}, None),
        ({"usage": {"prompt_tokens": 50, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 30}}}, 20),
        ({"prompt_eval_count": 50, "eval_count": 5, "timings": {"prompt_n": 8}}, 8),
    ],
)
def test_evaluated_only_where_told(reply: dict[str, object], evaluated: int | None) -> None:
    call = Call("/api/chat", {})
    assert call.read(json.loads(json.dumps(reply)))
    assert (call.tokens_in, call.tokens_out, call.tokens_evaluated) == (50, 5, evaluated)
    assert summed([call, Call("/api/chat", {})]).tokens_evaluated == evaluated
