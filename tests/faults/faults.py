"""Every fault of a model server by its name."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from tests.faults.proxy import Exchange, Fault

BEGUN = 2
"""Lines of an answer that come before a fault in its middle."""
AWAY = 0.1
"""Seconds for which a server that starts anew is not there."""


async def hangs(exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def hangs_in_the_middle(exchange: Exchange) -> None:
    await begin(exchange)
    await hangs(exchange)


async def resets(exchange: Exchange) -> None:
    exchange.reset()


async def resets_in_the_middle(exchange: Exchange) -> None:
    await begin(exchange)
    exchange.reset()


async def closes_in_the_middle(exchange: Exchange) -> None:
    await begin(exchange)


async def ends_half_way(exchange: Exchange) -> None:
    await begin(exchange)
    await exchange.end()


async def is_no_json(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.send(b'{"models": [')
    await exchange.end()


async def tells_an_error(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.send(b'{"error": "the server lost its mind"}')
    await exchange.end()


async def begin(exchange: Exchange) -> None:
    """The first pieces of the answer as they should be."""
    async for number, line in numbered(exchange):
        await exchange.send(line)
        if number >= BEGUN:
            return


async def numbered(exchange: Exchange) -> AsyncIterator[tuple[int, bytes]]:
    """The lines that are not empty, from 1 on."""
    number = 0
    async for line in exchange.lines():
        if line.strip():
            number += 1
            yield number, line + (b"\n" if exchange.compatible else b"")


async def fails(exchange: Exchange) -> None:
    await exchange.refuse(500, "llama runner process has terminated: signal: killed")


async def is_overloaded(exchange: Exchange) -> None:
    await exchange.refuse(503, "server busy, please try again.  maximum pending requests exceeded")


async def is_rate_limited(exchange: Exchange) -> None:
    await exchange.refuse(429, "too many requests")


async def asks_for_patience(exchange: Exchange) -> None:
    await exchange.refuse(429, "too many requests", retry_after="0.4")


async def asks_for_an_hour(exchange: Exchange) -> None:
    await exchange.refuse(429, "too many requests", retry_after="3600")


async def is_not_found(exchange: Exchange) -> None:
    await exchange.refuse(404, f"model '{exchange.asked.get('model')}' not found")


async def is_a_page_of_a_proxy(exchange: Exchange) -> None:
    await exchange.head(502, "text/html")
    await exchange.send(b"<html><h1>502 Bad Gateway</h1></html>")
    await exchange.end()


async def is_malformed(exchange: Exchange) -> None:
    await begin(exchange)
    await say(exchange, b'{"model": "scr')
    await exchange.end()


async def is_something_else(exchange: Exchange) -> None:
    await begin(exchange)
    await say(exchange, b"[42]")
    await exchange.end()


async def is_half_a_letter(exchange: Exchange) -> None:
    await begin(exchange)
    await say(exchange, piece(exchange, "caf\u00e9").encode().replace(b"\xc3\xa9", b"\xc3"))
    await exchange.end()


async def tells_an_error_inside(exchange: Exchange) -> None:
    await begin(exchange)
    said = "an error was encountered while running the model: unexpected EOF"
    await say(exchange, json.dumps({"error": {"message": said} if exchange.compatible else said}).encode())
    await exchange.end()


async def is_empty(exchange: Exchange) -> None:
    await answer(exchange, "", "stop")


async def only_thinks(exchange: Exchange) -> None:
    await answer(exchange, "", "stop", thought="Let me think about this.")


async def is_cut(exchange: Exchange) -> None:
    await answer(exchange, "```python\nopen('five.txt', 'w').write('1\\n2\\n", "length")


async def names_another_model(exchange: Exchange) -> None:
    async for line in exchange.lines():
        await exchange.send(line.replace(b'"model":"', b'"model":"other-'))
    await exchange.end()


async def has_no_end(exchange: Exchange) -> None:
    await begin(exchange)
    while True:
        await exchange.send(b"x" * (8 << 20))


async def is_endless(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.send(b" " * (8 << 20))


async def has_a_huge_line(exchange: Exchange) -> None:
    async for number, line in numbered(exchange):
        await exchange.send(
            line.replace(b'"model":', b'"more":"' + b"x" * (8 << 20) + b'","model":') if number == 1 else line
        )
    await exchange.end()


async def comes_byte_by_byte(exchange: Exchange) -> None:
    async for line in exchange.lines():
        for place in range(len(line)):
            await exchange.send(line[place : place + 1])
    await exchange.end()


async def starts_anew(exchange: Exchange) -> None:
    await exchange.call("/api/generate", model=exchange.asked["model"], keep_alive=0)
    await resets_in_the_middle(exchange)
    await exchange.proxy.refuse_all(AWAY)


async def goes_for_a_moment(exchange: Exchange) -> None:
    exchange.reset()
    await exchange.proxy.refuse_all(AWAY)


async def goes_for_good(exchange: Exchange) -> None:
    exchange.reset()
    await exchange.proxy.refuse_all(float("inf"))


async def was_evicted(exchange: Exchange) -> None:
    await exchange.call("/api/generate", model=exchange.asked["model"], keep_alive=0)
    await exchange.through()


async def was_replaced(exchange: Exchange) -> None:
    await exchange.through()
    ask = {"model": exchange.asked["model"], "prompt": "Hi", "options": {"num_ctx": 4096, "num_predict": 1}}
    await exchange.call("/api/generate", **ask)


async def answer(exchange: Exchange, text: str, reason: str, thought: str = "") -> None:
    """A whole answer of our own."""
    await exchange.head(200, "text/event-stream" if exchange.compatible else "application/x-ndjson")
    if thought:
        await say(exchange, piece(exchange, "", thought=thought).encode())
    if text:
        await say(exchange, piece(exchange, text).encode())
    await say(exchange, piece(exchange, "", reason=reason).encode())
    if exchange.compatible:
        await say(exchange, b"[DONE]")
    await exchange.end()


async def say(exchange: Exchange, line: bytes) -> None:
    """A line in the surface's form."""
    await exchange.send(b"data: " + line + b"\n\n" if exchange.compatible else line + b"\n")


def piece(exchange: Exchange, text: str, *, reason: str = "", thought: str = "") -> str:
    """A piece of an answer as JSON; with a reason, the last."""
    model, counts = exchange.asked["model"], {"prompt_eval_count": 9, "eval_count": 9}
    content: dict[str, Any] = {"role": "assistant", "content": text}
    if not exchange.compatible:
        message = content | ({"thinking": thought} if thought else {})
        end = {"done": True, "done_reason": reason} | counts if reason else {"done": False}
        return json.dumps(
            {"model": model, "created_at": "2026-01-01T00:00:00Z", "message": message} | end, ensure_ascii=False
        )
    delta = content | ({"reasoning": thought} if thought else {})
    choice = {"index": 0, "delta": delta, "finish_reason": reason or None}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    return json.dumps(head | {"choices": [choice]}, ensure_ascii=False)


@dataclass(frozen=True)
class Named:
    """A fault, and what a user reads when it never ends, as a pattern; nothing: the task ends right all the same."""

    fault: Fault
    said: str = ""
    code: int = 3
    ever: Fault | None = None
    """What it is when it never ends, where that is something else."""
    patience: float = 15.0
    """Seconds for an answer to begin, and between its pieces; short only where they are to run out."""
    load: float = 0.0
    """Seconds that the server takes to load a model."""
    reloads: int = 0
    """Loads that it costs, and that are told."""


FAULTS = {
    "refused": Named(goes_for_a_moment, "does not answer", ever=goes_for_good),
    "accepts and hangs": Named(hangs, "is silent", patience=1.0),
    "hangs in the middle": Named(hangs_in_the_middle, "is silent", patience=1.0),
    "reset": Named(resets, "does not answer"),
    "reset in the middle": Named(resets_in_the_middle, "does not answer"),
    "closed in the middle": Named(closes_in_the_middle, "does not answer"),
    "ends without done": Named(ends_half_way, "half-way"),
    "500": Named(fails, "answers 500: llama runner process has terminated"),
    "503": Named(is_overloaded, "answers 503: server busy"),
    "429": Named(is_rate_limited, "answers 429: too many requests"),
    "429 with Retry-After": Named(asks_for_patience, "asks for 0.4 s"),
    "502 of a proxy": Named(is_a_page_of_a_proxy, "502 Bad Gateway"),
    "404": Named(is_not_found, "not found"),
    "malformed line": Named(is_malformed, "cannot be read"),
    "another kind of line": Named(is_something_else, "cannot be read"),
    "half a letter": Named(is_half_a_letter, "cannot be read"),
    "error inside a 200": Named(tells_an_error_inside, "unexpected EOF"),
    "empty": Named(is_empty, "says nothing", 1),
    "only thinking": Named(only_thinks, "says nothing", 1),
    "length": Named(is_cut, "cut off", 1),
    "wrong model": Named(names_another_model, "lets other-"),
    "no end": Named(has_no_end, "more than 64 MiB"),
    "huge line": Named(has_a_huge_line),
    "split letters": Named(comes_byte_by_byte),
    "loading": Named(was_evicted, patience=1.3, load=2.1, reloads=1),
    "restart": Named(starts_anew, "does not answer"),
    "evicted": Named(was_evicted, load=0.55, reloads=1),
    "replaced": Named(was_replaced, reloads=2),
}

LOOKS = {
    "hangs": Named(hangs, "does not answer to /api/tags", patience=1.0),
    "refused": Named(goes_for_a_moment, "does not answer", ever=goes_for_good),
    "reset": Named(resets, "does not answer"),
    "500": Named(fails, "answers 500"),
    "503": Named(is_overloaded, "answers 503"),
    "429": Named(is_rate_limited, "answers 429"),
    "502 of a proxy": Named(is_a_page_of_a_proxy, "502 Bad Gateway"),
    "404": Named(is_not_found, "not found"),
    "no end": Named(is_endless, "more than 64 MiB"),
    "no JSON": Named(is_no_json, "cannot be read"),
    "error inside a 200": Named(tells_an_error, "lost its mind"),
}
"""The same for a request that no model answers."""
