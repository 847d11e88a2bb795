"""Programs for independent steps are written at the same time."""

import asyncio
import re
from itertools import count
from pathlib import Path

import httpx
import pytest

from agents.commander import Commander
from agents.executor import Executor
from teams.factory import create_team
from tools.embedded.app import create
from tools.embedded.scripted import Messages, ScriptedEngine, model, scripted, serving
from tools.events import Call, ignore
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server
from tools.snapshot import Snapshots

TASK = "1. Write the word one to a.txt. 2. Write the word two to b.txt. 3. Write the word three to c.txt."
TEXTS = count()


def said(messages: Messages) -> str:
    """The program for the step that is asked for."""
    asked = messages[-1]["content"]
    step = re.search(r"# Task\nWrite the word (\w+) to (\w\.txt)", asked)
    if "as the Executor" not in asked or not step:
        return "All three are written."
    return f"```python\nopen('{step[2]}', 'w').write('{step[1]}')\nprint('wrote {step[2]}')  # {next(TEXTS)}\n```"


@pytest.mark.parametrize("loaded", [["hand"], ["hand", "brain"]])
def test_requests_are_spread_over_the_models_that_are_loaded(tmp_path: Path, loaded: list[str]) -> None:
    if reason := probe():
        pytest.skip(reason)
    place = tmp_path / "place"
    place.mkdir()
    engine = ScriptedEngine(said, model("hand:latest", weights="h"), model("brain:latest", weights="b"))

    async def act(url: str) -> list[Call]:
        gateway = Gateway(Server(url), ignore)
        for name in loaded:
            await gateway.load(name)
        executor = Executor(OllamaAdapter(gateway, "hand"), Box(place, Limits()), Snapshots(place, tmp_path / "store"))
        executor.at_once, executor.second = 3, OllamaAdapter(gateway, "brain")
        team = create_team(Commander(OllamaChatClient(gateway, "hand")), executor)
        try:
            await team.run(task=TASK)
        finally:
            await team.close()
        return gateway.calls

    with serving(create(engine)) as url:
        calls = asyncio.run(act(url))
    first = [call.model for call in calls[:3]]
    assert sorted(first) == (["brain", "hand", "hand"] if len(loaded) > 1 else ["hand"] * 3)
    assert len(engine.loads) == len(loaded)


@pytest.mark.parametrize(("at_once", "together"), [(1, 1), (2, 2), (8, 3)])
def test_as_many_requests_at_once_as_are_allowed(tmp_path: Path, at_once: int, together: int) -> None:
    if reason := probe():
        pytest.skip(reason)
    place = tmp_path / "place"
    place.mkdir()
    sent: list[str] = []

    async def act(url: str) -> bool:
        gateway, gate = Gateway(Server(url), ignore), asyncio.Barrier(together)

        async def asked(request: httpx.Request) -> None:
            if request.url.path == "/api/chat":
                sent.append("asked")
                if len(sent) <= together:  # none is sent before all of them are to be
                    async with asyncio.timeout(30):
                        await gate.wait()

        async def answered(response: httpx.Response) -> None:
            if response.url.path == "/api/chat":
                sent.append("answered")

        gateway.http.event_hooks = {"request": [asked], "response": [answered]}
        executor = Executor(
            OllamaAdapter(gateway, "scripted"), Box(place, Limits()), Snapshots(place, tmp_path / "store")
        )
        executor.at_once = at_once
        team = create_team(Commander(OllamaChatClient(gateway, "scripted")), executor)
        try:
            await team.run(task=TASK)
        finally:
            await team.close()
        return team.ledger.verified

    with scripted(said, delay=0.01) as (url, _):
        assert asyncio.run(act(url))
    assert sent.index("answered") == together
    assert {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()} == {
        "a.txt": "one",
        "b.txt": "two",
        "c.txt": "three",
    }
    assert sent.count("asked") == 6
