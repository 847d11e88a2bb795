"""The native surface, as the Executor uses it."""

import asyncio

from tools.embedded.scripted import Reply, scripted
from tools.events import ignore
from tools.ollama.adapter import LOOP, OllamaAdapter
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

ASK = [{"role": "user", "content": "Hi"}]


def test_a_reply_that_goes_round_in_circles_is_ended_and_the_server_stops() -> None:
    async def act(url: str) -> None:
        gateway = Gateway(Server(url), ignore)
        try:
            reply = await OllamaAdapter(gateway, "scripted").chat(ASK)
            assert reply.done_reason == LOOP
            assert len(reply.text) < 2000
            (call,) = gateway.calls
            assert call.done_reason == LOOP
            made = engine.made
            await asyncio.sleep(0.5)
            assert engine.made < made + 50
        finally:
            await gateway.close()

    with scripted([Reply("the same line again and again\n" * 2000, delay=0.001)]) as (url, engine):
        asyncio.run(act(url))
        assert engine.made < 2000


def test_an_answer_that_is_begun_is_told_from_its_beginning() -> None:
    async def act(url: str) -> None:
        gateway = Gateway(Server(url), ignore)
        heard: list[str] = []
        try:
            begun = {"role": "assistant", "content": "```python\ndef one():\n"}
            reply = await OllamaAdapter(gateway, "scripted").chat([*ASK, begun], None, heard.append)
        finally:
            await gateway.close()
        assert reply.text == "".join(heard) == "```python\ndef one():\n    return 1\n```"
        assert engine.asks[0].messages[-1] == begun

    with scripted(["    return 1\n```"]) as (url, engine):
        asyncio.run(act(url))
