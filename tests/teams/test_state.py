"""A team's state is saved and loaded as AutoGen does it, and the other team goes on from there."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agents.commander import Commander
from agents.executor import Executor
from teams.factory import Team, create_team
from tests.commander.kept import STEPS, TASK, fill, says
from tools.embedded.scripted import scripted
from tools.events import ignore
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server
from tools.snapshot import Snapshots


def team(url: str, place: Path, turns: int) -> Team:
    """A team for so many turns."""
    gateway, snapshots = Gateway(Server(url), ignore), Snapshots(place, place.with_name("store"))
    executor = Executor(OllamaAdapter(gateway, "scripted"), Box(place, Limits()), snapshots)
    return create_team(Commander(OllamaChatClient(gateway, "scripted")), executor, max_turns=turns)


def test_another_team_goes_on_where_the_first_one_stood(tmp_path: Path) -> None:
    if reason := probe():
        pytest.skip(reason)
    place = fill(tmp_path / "place")

    async def act(url: str, turns: int, state: Mapping[str, Any] | None = None) -> tuple[int, str, Mapping[str, Any]]:
        one = team(url, place, turns)
        try:
            if state:
                await one.load_state(state)
            await one.run(task=TASK)
            return len(one.ledger.accepted), one.ledger.answer, json.loads(json.dumps(await one.save_state()))
        finally:
            await one.close()

    with scripted(says) as (url, _):
        done, answer, state = asyncio.run(act(url, 5))
        assert 0 < done < len(STEPS) and not answer
        done, answer, _ = asyncio.run(act(url, 30, state))
    assert (done, answer) == (len(STEPS), "All words are in log.txt.")
    assert (place / "log.txt").read_text(encoding="utf-8").split() == [*STEPS]
