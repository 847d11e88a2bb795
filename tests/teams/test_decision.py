"""What no rule decides is asked of the model that is loaded."""

import asyncio

import pytest

from agents.ledger import Road
from teams.decision import decided
from tools.embedded.app import create
from tools.embedded.scripted import ScriptedEngine, model, serving
from tools.events import ignore
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

UNSURE = Road("code", "something is to be made", sure=False)


@pytest.mark.parametrize(
    ("says", "kind"), [('{"route": "strategy"}', "strategy"), ('{"route": "code"}', "code"), ("I think so.", "code")]
)
@pytest.mark.parametrize("loaded", ["brain", "hand", ""])
def test_the_loaded_model_decides_and_nonsense_changes_nothing(says: str, kind: str, loaded: str) -> None:
    engine = ScriptedEngine(
        lambda messages: says, model("brain:latest", weights="b"), model("hand:latest", weights="h")
    )

    async def act(url: str) -> Road:
        gateway = Gateway(Server(url), ignore)
        try:
            if loaded:
                await gateway.load(loaded)
            return await decided(UNSURE, "Ein Gedicht, bitte", OllamaAdapter(gateway, "hand"), "brain")
        finally:
            await gateway.close()

    with serving(create(engine)) as url:
        road = asyncio.run(act(url))
    assert road.kind == kind
    assert [name for name, _ in engine.loads] == [f"{loaded or 'hand'}:latest"]
    assert len(engine.asks) == 1


def test_a_rule_needs_no_model() -> None:
    road = Road("strategy", "asks for words")
    gateway = Gateway(Server("http://127.0.0.1:1"), ignore)
    assert asyncio.run(decided(road, "x", OllamaAdapter(gateway, "m"), "m")) is road
