"""One task from start to end: the composition root, where every part is made and handed to the others."""

import asyncio
import importlib
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from agents.ledger import Road
from commander.aside import aside
from commander.place import make_box, uncovered
from commander.request import Request
from commander.result import finished
from config.settings import Settings
from teams.router import road
from tools.events import Emit, Finished, Notice, Phase, Roles, Route
from tools.interpreter.box import Box
from tools.ollama.gateway import Gateway
from tools.ollama.models import Models, chosen
from tools.ollama.server import reach
from tools.snapshot import Snapshot

if TYPE_CHECKING:
    from teams.factory import Team


async def perform(request: Request, settings: Settings, emit: Emit) -> Finished:
    """Do the task.

    Raises:
        CommanderError: something that the run needs is missing, or failed on the way.
    """
    start = time.monotonic()
    task = request.task
    way = request.ledger.road if request.ledger else request.tooling.road(task, road(task, request.talk))
    if request.route and not (request.route == way.kind and way.sure):
        way = Road(request.route, "as asked for")  # type: ignore[arg-type]  # argparse's choices
    if way.sure:
        emit(Route(way.kind, way.reason))
    async with AsyncExitStack() as stack:
        snapshots = request.snapshots
        now = await asyncio.to_thread(snapshots.take)
        place, closed = snapshots.workspace.root, uncovered(snapshots, now, emit)
        box = make_box(place, settings, closed, jailed=request.jailed, network=request.network)
        stack.push_async_callback(box.close)
        if way.kind in {"code", "hybrid"}:
            await box.start()
            for note in filter(None, [box.python.note, *box.notes]):
                emit(Notice(note, "warning"))
        autogen = aside(lambda: importlib.import_module("teams.deadline"))
        emit(Phase("looking for the model server"))
        server = await aside(lambda: reach(settings, emit))
        gateway = Gateway(server, emit)
        stack.push_async_callback(gateway.close)
        models = await chosen(gateway, settings.default_model, settings.executor_model)
        emit(Roles(models.default, models.executor))
        await gateway.load(models.executor if way.kind == "code" or way.steps else models.default)
        within = (await autogen).within
        team = make_team(gateway, models, box, request, settings, way, now)
        team.road, team.restored, team.executor.held = way, request.ledger, now.id
        team.talk, team.added = request.talk, request.added
        stack.push_async_callback(team.commander.close)
        await within(settings.commander_timeout, team, task)
        changes = snapshots.diff(request.before or now, await asyncio.to_thread(snapshots.take))
        return finished(team.ledger, gateway, changes, time.monotonic() - start)


def make_team(
    gateway: Gateway, models: Models, box: Box, request: Request, settings: Settings, way: Road, now: Snapshot
) -> "Team":
    """The two agents and their chat, for a task that takes this road."""
    from agents.commander import Commander
    from agents.executor import Executor
    from teams.factory import create_team
    from tools.ollama.adapter import OllamaAdapter
    from tools.ollama.chat_client import OllamaChatClient

    executor = Executor(OllamaAdapter(gateway, models.executor), box, request.snapshots, request.consent)
    executor.at_once = settings.commander_parallel
    if models.default != models.executor:
        executor.second = OllamaAdapter(gateway, models.default)
    client = OllamaChatClient(gateway, models.default)
    client.native = models.tools
    toolset = request.tooling.toolset(request.task, way, request.before or now, executor, client)
    return create_team(Commander(client, toolset=toolset), executor, max_turns=settings.commander_max_turns)
