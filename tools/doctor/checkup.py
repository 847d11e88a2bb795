"""All checks in their order: the settings, the machine, the way to the server, the server, its models, their speed."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from config import folders
from config.errors import CommanderError
from config.settings import Settings, env_files
from tools.doctor import address, jail, machine, memory, models, server, serving, settings, speed, variables
from tools.doctor.check import Check, broken
from tools.doctor.inventory import Inventory, loaded, take
from tools.events import Emit, Event, Notice, Phase
from tools.interpreter.jail import find_bwrap
from tools.ollama import fit
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """What was typed: settings by name (None: not given) and the workspace; `install`: the command for an Ollama."""

    typed: Mapping[str, Any]
    workspace: Path | None
    here: Path
    install: str


def checkup(asked: Asked, emit: Emit) -> Iterator[Check]:
    """Every check, each as soon as it is known; `emit` hears what is being looked at."""
    given, problems = settings.read(asked.typed)
    place, fits = machine.workspace(asked.workspace, asked.here, folders.ROOT)
    yield machine.uv()
    yield from problems
    yield from _told(".env", _settings(given, asked, place))
    yield fits
    emit(Phase("trying the jail"))
    yield from _told("jail", _code(given, place))
    emit(Phase("looking for the model server"))
    found, said = server.locate(given, asked.install)
    yield from _told("address", _way(given, found))
    yield from said
    yield from _told("disk", _disk(given, place, found))
    yield from _told("server", _server(given, asked, found, said, emit))


def _settings(given: Settings, asked: Asked, place: Path) -> Iterator[Check]:
    yield from settings.files(env_files())
    yield from settings.origins(given, asked.typed)
    yield from settings.ignored((asked.here, place), env_files())
    yield from settings.models(given)


def _code(given: Settings, place: Path) -> Iterator[Check]:
    bwrap = find_bwrap()
    yield jail.jail(bwrap)
    yield jail.limits(given)
    yield jail.python(given, place)
    yield jail.node(bwrap)


def _way(given: Settings, found: Server | None) -> Iterator[Check]:
    yield from address.address(given.ollama_base_url)
    yield from address.host(given.ollama_base_url)
    yield address.proxy(given.ollama_base_url)
    yield from address.wsl(given.ollama_base_url, found)


def _disk(given: Settings, place: Path, found: Server | None) -> Iterator[Check]:
    fetch = server.to_fetch(given) if found is None and not given.ollama_base_url else 0
    places = {"cache": folders.cache(), "state": folders.state(), "workspace": place}
    try:
        places["temporary files"] = Path(tempfile.gettempdir())
    except OSError as error:
        yield broken("disk", str(error), "df -h   (a full or read-only disk?)")
    yield from machine.disk(places, fetch)


def _server(given: Settings, asked: Asked, found: Server | None, said: Iterable[Check], emit: Emit) -> Iterator[Check]:
    there, running = fit.memory(), serving.servings()
    ours = found is None or found.embedded
    if ours:
        yield from server.elsewhere(running, given.ollama_base_url)
    if ours and not given.ollama_base_url:
        yield from server.embedded(given)
    if found is None and not given.ollama_base_url:
        yield server.memory(given, psutil.virtual_memory().available)
    yield memory.card(found, there, asked.install)
    seen = variables.variables(found, serving.at(found, running) if found else None)
    if ours and seen.values:
        yield from variables.check(seen, served=False, two=bool(given.executor_model))
    if found is not None:
        yield from _models(given, found, seen, there, emit)
    elif not any(check.state == "broken" for check in said):
        yield from models.without_server(given, asked.install)


def _models(
    given: Settings, found: Server, seen: variables.Variables, there: fit.Memory, emit: Emit
) -> Iterator[Check]:
    inventory = through(found, emit, lambda gateway: take(gateway, given))
    yield server.version(found, inventory.version)
    if not found.embedded:
        yield from variables.check(seen, served=True, two=len(set(inventory.roles.values())) > 1)
    yield from models.models(inventory, found)
    yield from models.windows(inventory, found, seen, there)
    yield from memory.memory(found, inventory, there)
    yield from _told("speed", _speed(found, inventory, there, emit))


def _speed(found: Server, inventory: Inventory, there: fit.Memory, emit: Emit) -> Iterator[Check]:
    if name := speed.measurable(inventory):
        emit(Phase("measuring the speed of", f"{name} (this may load it)"))
        yield through(found, emit, lambda gateway: speed.speed(gateway, name))
    rows = through(found, emit, loaded)
    yield from memory.residence(found, inventory, rows, there)


def through(found: Server, emit: Emit, work: Callable[[Gateway], Coroutine[Any, Any, Result]]) -> Result:
    """What `work` gives, over one connection; what it tells is no line of its own among the checks."""

    def quiet(event: Event) -> None:
        match event:
            case Notice(text):
                emit(Phase(text))
            case Phase():
                emit(event)

    async def act() -> Result:
        gateway = Gateway(found, quiet)
        try:
            return await work(gateway)
        finally:
            await gateway.close()

    return asyncio.run(act())


def _told(name: str, checks: Iterator[Check]) -> Iterator[Check]:
    """The checks; where the program itself would end with an error, or the system refuses, that is the last one."""
    try:
        yield from checks
    except CommanderError as error:
        yield broken(name, error.what, error.remedy or "commander --help")
    except OSError as error:  # no room, no right, nothing to write in: each place of it is looked at by itself
        yield broken(name, f"the system refuses: {error}", "df -h   (a full or read-only disk?)")
