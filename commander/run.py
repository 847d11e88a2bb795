"""One task from start to end: the composition root, where every part is made and handed to the others."""

import asyncio
import importlib
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents.consent import Consent
from agents.ledger import Road
from commander.aside import aside
from commander.place import make_box, store, uncovered
from commander.result import finished
from config.settings import Settings
from teams.router import road
from tools.events import Emit, Finished, Notice, Phase, Route
from tools.interpreter.box import Box
from tools.ollama.gateway import Gateway
from tools.ollama.models import Models, chosen
from tools.ollama.server import reach
from tools.snapshot import Snapshots

if TYPE_CHECKING:
    from teams.factory import Team


@dataclass(frozen=True)
class Request:
    """What the user wants done, where, and how far code may go; `jailed` False: the user was told and asked."""

    task: str
    workspace: Path
    consent: Consent
    route: str = ""
    jailed: bool = True
    network: bool = False


async def perform(request: Request, settings: Settings, emit: Emit) -> Finished:
    """Do the task.

    Raises:
        CommanderError: something that the run needs is missing, or failed on the way.
    """
    start = time.monotonic()
    way = road(request.task)
    if request.route and request.route != way.kind:
        way = Road(request.route, "as asked for")  # type: ignore[arg-type]  # argparse's choices
    if way.sure:
        emit(Route(way.kind, way.reason))
    async with AsyncExitStack() as stack:
        snapshots = Snapshots(request.workspace, stack.enter_context(store()))
        before = await asyncio.to_thread(snapshots.take)
        box = make_box(
            request.workspace, settings, uncovered(snapshots, before), jailed=request.jailed, network=request.network
        )
        stack.push_async_callback(box.close)
        if way.kind != "strategy":
            await box.start()
            for note in filter(None, [box.python.note, *box.notes]):
                emit(Notice(note, "warning"))
        autogen = aside(lambda: importlib.import_module("teams.factory"))
        emit(Phase("looking for the model server"))
        server = await aside(lambda: reach(settings, emit))
        gateway = Gateway(server, emit)
        stack.push_async_callback(gateway.close)
        models = await chosen(gateway, settings.default_model, settings.executor_model)
        await gateway.load(models.executor if way.kind == "code" or way.steps else models.default)
        await autogen
        team = make_team(gateway, models, box, snapshots, request, settings)
        team.road = way
        await work(team, request.task, settings.commander_timeout)
        changes = snapshots.diff(before, await asyncio.to_thread(snapshots.take))
        return finished(team.ledger, gateway, changes, time.monotonic() - start)


def make_team(
    gateway: Gateway, models: Models, box: Box, snapshots: Snapshots, request: Request, settings: Settings
) -> "Team":
    """The two agents and their chat."""
    from agents.commander import Commander
    from agents.executor import Executor
    from teams.factory import create_team
    from tools.ollama.adapter import OllamaAdapter
    from tools.ollama.chat_client import OllamaChatClient

    commander = Commander(OllamaChatClient(gateway, models.default))
    executor = Executor(OllamaAdapter(gateway, models.executor), box, snapshots, request.consent)
    executor.at_once = settings.commander_parallel
    if models.default != models.executor:
        executor.second = OllamaAdapter(gateway, models.default)
    return create_team(commander, executor, max_turns=settings.commander_max_turns)


async def work(team: "Team", task: str, seconds: float) -> None:
    """Run the team until its ledger is closed or the time is up; whoever leaves early stops its agents first."""
    from autogen_core import CancellationToken

    token = CancellationToken()
    running = asyncio.ensure_future(team.run(task=task, cancellation_token=token))
    try:
        done, _ = await asyncio.wait([running], timeout=seconds)
    finally:
        # Cancelling the team itself would wait for its agents, which do not hear of it (autogen-agentchat 0.7.5).
        if not running.done():
            token.cancel()
            await asyncio.wait([running], timeout=1)
            await team.executor.settle()
    if not done:
        team.ledger.give_up([f"the time limit of {seconds:g} s is reached"])
    elif not running.cancelled():
        running.result()
