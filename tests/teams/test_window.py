"""Prompts that are too long for the window: shortened or refused, never cut."""

import asyncio
from pathlib import Path

import pytest

from agents.commander import Commander
from agents.executor import Executor
from agents.ledger import Road, RouteKind
from config.errors import WindowError
from teams.factory import create_team
from tools.embedded.scripted import Messages, model, scripted
from tools.events import ignore
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server
from tools.snapshot import Snapshots

WINDOW = 1500
LONG = "The team talks for a long time. "


def said(messages: Messages) -> str:
    """What suits each role: a plan, a program with much output, words."""
    asked = messages[-1]["content"]
    if "as the Executor" in asked:
        return f"```python\nprint({LONG!r} * 300)\nopen('out.txt', 'a').write('x')\n```"
    return '{"steps": ["Write out.txt", "Write out.txt again"]}' if "as JSON" in asked else "It is done."


async def conversation(url: str, place: Path, kind: RouteKind, task: str) -> str:
    """Why the task was refused; empty: it was done."""
    gateway = Gateway(Server(url), ignore)
    snapshots = Snapshots(place, place.with_name("store"))
    executor = Executor(OllamaAdapter(gateway, "scripted"), Box(place, Limits()), snapshots)
    team = create_team(Commander(OllamaChatClient(gateway, "scripted")), executor)
    team.road = Road(kind, "as the test asks")
    try:
        await team.run(task=task)
    except WindowError as error:
        return str(error)
    finally:
        await team.close()
    assert team.ledger.answer
    return ""


@pytest.mark.parametrize("kind", ["strategy", "code", "hybrid"])
def test_long_conversations_are_shortened_or_refused_and_none_is_cut(tmp_path: Path, kind: RouteKind) -> None:
    if reason := probe():
        pytest.skip(reason)
    place = tmp_path / "place"
    place.mkdir()
    for number in range(40):
        (place / f"notes{number}.txt").write_text(LONG * 20, encoding="utf-8")
    why = []
    with scripted(said, model(window=WINDOW)) as (url, engine):
        for words in (1, 30, 60, 90, 120, 150, 400):
            task = f"Read the files here, then write out.txt: {LONG * words}"
            why.append(asyncio.run(conversation(url, place, kind, task)))
        assert max(len(ask.prompt) for ask in engine.asks) < WINDOW
    refused = [reason for reason in why if reason]
    assert why[0] == "" and why == ["" for _ in why[: -len(refused)]] + refused
    for reason in refused:
        assert f"too many for the window of {WINDOW:,}" in reason and "next: " in reason
