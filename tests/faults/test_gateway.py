"""The gateway by itself: requests that no model answers, the limits, and how often something is asked for again."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from autogen_core.models import UserMessage

from config import settings
from config.errors import CommanderError, ModelError, ServerError, WindowError
from tests.faults import faults
from tests.faults.faults import LOOKS
from tests.faults.proxy import CHAT, COMPATIBLE, Exchange, Fault, Proxy, faulty
from tools.embedded.scripted import scripted
from tools.events import Event, Notice, ignore
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.faults import Retries, broken
from tools.ollama.gateway import Gateway
from tools.ollama.limits import Limits
from tools.ollama.server import Server

EVER = float("inf")
PATIENT = Limits(load=60.0, first=15.0, idle=15.0, pause=0.04)
LIMITS = Limits(load=60.0, first=1.0, idle=1.0, pause=0.04)
"""For those that wait for the end of them."""
Act = Callable[[Gateway], Awaitable[Any]]


@dataclass
class Played:
    """What became of it."""

    proxy: Proxy
    result: Any
    error: CommanderError | None
    seconds: float
    events: list[Event]

    @property
    def retries(self) -> list[str]:
        """Requests that were made again, as they were told."""
        return [event.text for event in self.events if isinstance(event, Notice) and "asking again" in event.text]


def play(
    act: Act, fault: Fault, first: Mapping[str, int], times: float = 1, limits: Limits = PATIENT, load: float = 0
) -> Played:
    """Let a gateway act against a server with the fault."""
    events: list[Event] = []

    async def acted(url: str) -> tuple[Any, CommanderError | None, float]:
        gateway, start = Gateway(Server(url, limits=limits), events.append), time.monotonic()
        try:
            return await act(gateway), None, time.monotonic() - start
        except CommanderError as error:
            return None, error, time.monotonic() - start
        finally:
            await gateway.close()

    with (
        scripted(lambda messages: "Hello.", load=load) as (upstream, _),
        faulty(upstream, fault, first, times) as proxy,
    ):
        return Played(proxy, *asyncio.run(acted(proxy.url)), events)


async def natively(gateway: Gateway) -> str:
    return (await OllamaAdapter(gateway, "scripted").chat([{"role": "user", "content": "Hi"}])).text


async def compatibly(gateway: Gateway) -> str:
    return str((await OllamaChatClient(gateway, "scripted").create([UserMessage(content="Hi", source="user")])).content)


SURFACES = pytest.mark.parametrize(("path", "ask"), [(CHAT, natively), (COMPATIBLE, compatibly)])


async def tags(gateway: Gateway) -> Any:
    return await gateway.request("GET", "/api/tags")


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_that_fails_is_taken_again(name: str) -> None:
    played = play(tags, LOOKS[name].fault, {"/api/tags": 1}, limits=LIMITS if name == "hangs" else PATIENT)
    assert played.error is None
    assert played.result["models"]
    assert played.retries


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_that_always_fails_is_one_line(name: str) -> None:
    named = LOOKS[name]
    limits = LIMITS if name == "hangs" else PATIENT
    played = play(tags, named.ever or named.fault, {"/api/tags": 1}, EVER, limits)
    assert played.error and played.error.exit_code == 3
    assert re.search(named.said, str(played.error)) and re.fullmatch(r"[^\n]+; next: [^\n]+", str(played.error))
    assert len(played.retries) == 2
    assert played.seconds < 4 * 3


@SURFACES
def test_a_call_is_made_three_times(path: str, ask: Act) -> None:
    played = play(ask, faults.fails, {path: 1}, EVER)
    assert played.proxy.seen.count(path) == 3
    assert [notice.partition("(")[2] for notice in played.retries] == ["2 of 3)", "3 of 3)"]


def test_pauses_grow_and_are_never_the_same() -> None:
    async def pauses() -> tuple[float, ...]:
        server = Server("http://127.0.0.1:9", limits=Limits(pause=0.2))
        retries, marks = Retries(server, ignore), [time.monotonic()]
        while await retries.again(broken(server, "fails")):
            marks.append(time.monotonic())
        return tuple(end - begin for begin, end in pairwise(marks))

    async def many() -> list[tuple[float, ...]]:
        return await asyncio.gather(*(pauses() for _ in range(20)))

    found = asyncio.run(many())
    assert all(0.15 <= first < second and second >= 0.6 for first, second in found)
    assert len({round(first, 3) for first, _ in found}) > 1


@SURFACES
@pytest.mark.parametrize("status", [400, 401, 403, 413, 501])
def test_what_the_server_refuses_is_asked_once(path: str, ask: Act, status: int) -> None:
    async def refuses(exchange: Exchange) -> None:
        await exchange.refuse(status, "no, never")

    played = play(ask, refuses, {path: 1}, EVER)
    assert played.proxy.seen.count(path) == 1
    assert isinstance(played.error, ModelError) and "no, never; next: " in str(played.error)


@SURFACES
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("model requires more system memory (21.5 GiB) than is available (14.2 GiB)", ModelError),
        ("the input length exceeds the context length", WindowError),
    ],
)
def test_what_no_other_try_can_mend_is_asked_once(path: str, ask: Act, said: str, kind: type[CommanderError]) -> None:
    async def refuses(exchange: Exchange) -> None:
        await exchange.refuse(500, said)

    played = play(ask, refuses, {path: 1}, EVER)
    assert played.proxy.seen.count(path) == 1
    assert isinstance(played.error, kind) and said in str(played.error)


@SURFACES
def test_a_server_that_wants_an_hour_of_rest_is_not_waited_for(path: str, ask: Act) -> None:
    played = play(ask, faults.asks_for_an_hour, {path: 1}, EVER)
    assert played.proxy.seen.count(path) == 1
    assert played.error and "(asks for 3600 s of rest)" in str(played.error)
    assert played.seconds < 30


@SURFACES
def test_a_rest_that_the_server_asks_for_is_granted(path: str, ask: Act) -> None:
    played = play(ask, faults.asks_for_patience, {path: 1})
    assert played.result == "Hello."
    assert played.seconds > 0.4


@SURFACES
def test_a_load_takes_its_time_though_an_answer_may_not(path: str, ask: Act) -> None:
    played = play(ask, faults.was_evicted, {path: 1}, limits=LIMITS, load=1.7)
    assert (played.result, played.retries) == ("Hello.", [])
    assert played.seconds > 3.4


def test_a_load_that_never_ends_is_ended_by_its_own_limit() -> None:
    played = play(natively, faults.hangs, {"/api/generate": 1}, EVER, Limits(load=0.5, first=0.2, idle=0.2, pause=0.04))
    assert isinstance(played.error, ServerError) and "/api/generate" in str(played.error)
    assert 1.5 < played.seconds < 2 * 3


@SURFACES
def test_silence_is_not_a_matter_of_bytes(path: str, ask: Act) -> None:
    async def breathes(exchange: Exchange) -> None:
        await exchange.head(200, "text/event-stream" if exchange.compatible else "application/x-ndjson")
        while True:
            await exchange.send(b": still here\n\n" if exchange.compatible else b"\n")
            await asyncio.sleep(0.05)

    played = play(ask, breathes, {path: 1}, EVER, LIMITS)
    assert played.error and "is silent" in str(played.error)
    assert played.seconds < 4 * 3


@SURFACES
def test_slow_is_not_silent(path: str, ask: Act) -> None:
    async def slowly(exchange: Exchange) -> None:
        async for line in exchange.lines():
            await asyncio.sleep(0.4 if line.strip() else 0)
            await exchange.send(line)
        await exchange.end()

    played = play(ask, slowly, {path: 1}, limits=LIMITS)
    assert (played.result, played.retries) == ("Hello.", [])
    assert played.seconds > LIMITS.first


@SURFACES
def test_who_gives_up_in_a_pause_does_not_wait_for_its_end(path: str, ask: Act) -> None:
    async def impatient(gateway: Gateway) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(gateway), 0.5)

    played = play(impatient, faults.fails, {path: 1}, EVER, Limits(pause=20.0))
    assert played.error is None
    assert played.seconds < 15


def test_the_limits_are_the_users() -> None:
    names = ("load", "first_token", "idle")
    given = {f"commander_{name}_timeout": 7.0 + number for number, name in enumerate(names)}
    assert Limits.of(settings.load(**given, commander_retry_pause=3.0)) == Limits(7.0, 8.0, 9.0, 3.0)
    assert Limits.of(settings.load()) == Limits()
