"""`commander serve` and `commander models ...`: what the model server has, fetched, made, unloaded, stopped."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from commander.columns import print_columns
from commander.console import screen
from config import folders, settings
from config.errors import ModelError, ServerError, UsageError
from config.settings import Settings
from tools.events import Emit, Notice, ignore
from tools.ollama import library
from tools.ollama.gateway import Gateway
from tools.ollama.library import Held
from tools.ollama.models import chosen, plain
from tools.ollama.residence import Resident, short
from tools.ollama.server import DEFAULT, Server, find

HEAD = ("ROLE", "MODEL", "ON THE SERVER", "SIZE", "IN MEMORY", "CONTEXT", "UNTIL")
USAGE = "commander models, or commander models pull NAME | setup [NAME...] | unload [NAME...] | stop"
INSTALL = {"win32": "winget install Ollama.Ollama", "darwin": "brew install ollama"}.get(
    sys.platform, "curl -fsSL https://ollama.com/install.sh | sh"
)
Row = tuple[str, ...]
Result = TypeVar("Result")


def serve() -> int:
    """Run the embedded server in the foreground until Ctrl-C."""
    from tools.embedded import server

    with screen(json=False) as shown:
        given = settings.load()
        server.serve(given.embedded_model, shown.emit, limit=given.embedded_max_loaded_models)
    return 0


def models(words: Sequence[str], given: Settings, *, yes: bool = False) -> int:
    """Do what follows `commander models`; `yes`: ask nothing.

    Raises:
        UsageError: the verb is not known, or a name is missing or too much.
        MissingError: no server, or it lacks or refuses a model.
    """
    match list(words):
        case []:
            return _list(given)
        case ["pull", name]:
            return _pull(name, given)
        case ["setup", *names]:
            from commander.setup import setup

            return setup(names, given, yes=yes)
        case ["unload", *names]:
            return _unload(names, given)
        case ["stop"]:
            return _stop()
        case other:
            raise UsageError(f"commander models {' '.join(other)} is not known", USAGE)


def _stop() -> int:
    from tools.embedded import server

    with screen(json=False) as shown:
        shown.emit(Notice("the embedded server is stopped" if server.stop() else "no embedded server runs"))
    return 0


def _list(given: Settings) -> int:
    with screen(json=False) as shown:
        server = present(given)
        rows = (
            through(server, shown.emit, lambda gateway: _rows(gateway, given)) if server else _would(given, shown.emit)
        )
    print_columns(HEAD, rows)
    return 0


def present(given: Settings) -> Server | None:
    """The server that runs, an Ollama or ours; nothing is started."""
    found = find(given.ollama_base_url)
    if found:
        return found
    from tools.embedded import server

    address = server.running()
    return Server(address.base_url, address.token, _embedded(given.embedded_model)[0]) if address else None


def names(given: Settings) -> list[str]:
    """The models that the server has which runs; nothing is started."""
    server = present(given)
    found = through(server, ignore, library.held) if server else {}
    return sorted(found)


def ollama(given: Settings, verb: str) -> Server:
    """The Ollama that `commander models VERB` needs.

    Raises:
        ServerError: none answers.
    """
    found = find(given.ollama_base_url)
    if found is None:
        where = DEFAULT.removeprefix("http://")
        remedy = f"{INSTALL}   (or https://ollama.com/download), then ollama serve"
        raise ServerError(f"commander models {verb} needs an Ollama, and none answers at {where}", remedy)
    return found


def through(server: Server, emit: Emit, work: Callable[[Gateway], Coroutine[Any, Any, Result]]) -> Result:
    """What `work` gives, over one connection."""

    async def act() -> Result:
        gateway = Gateway(server, emit)
        try:
            return await work(gateway)
        finally:
            await gateway.close()

    return asyncio.run(act())


def _embedded(choice: str) -> tuple[str, int, bool]:
    """Name and size of the embedded server's model, and whether it is on this machine; nothing is fetched."""
    from tools.embedded import weights

    known = weights.known().get(choice or weights.DEFAULT)
    if known:
        return known.name, known.size, weights.present(known, folders.cache() / "models") is not None
    found = weights.locate(choice, ignore)
    return found.name, found.path.stat().st_size, True


def _would(given: Settings, emit: Emit) -> list[Row]:
    """The row of the model that a task would start with."""
    name, size, here = _embedded(given.embedded_model)
    emit(Notice(f"no Ollama at {DEFAULT.removeprefix('http://')}, no embedded server: a task would start it with this"))
    for setting, value in (("DEFAULT_MODEL", given.default_model), ("EXECUTOR_MODEL", given.executor_model)):
        if value and short(plain(setting, value, ignore)) != short(name):
            emit(Notice(f"{setting}={value} needs an Ollama, and none answers; next: {INSTALL}", "warning"))
    return [("Commander, Executor", name, "on disk" if here else "to be fetched", _size(size), "-", "-", "-")]


async def _rows(gateway: Gateway, given: Settings) -> list[Row]:
    gateway.emit(Notice(f"{'embedded server' if gateway.server.embedded else 'Ollama'} at {gateway.server.base_url}"))
    have, roles = await library.held(gateway), await _roles(gateway, given)
    rows = [await _row(gateway, name, role, have.get(name)) for name, role in roles.items()]
    return rows + [await _row(gateway, name, "", each) for name, each in have.items() if name not in roles]


async def _roles(gateway: Gateway, given: Settings) -> dict[str, str]:
    """The model of each role: what is set, else what a task would choose."""
    brain = plain("DEFAULT_MODEL", given.default_model, gateway.emit) or gateway.server.model
    if not brain:
        try:
            brain = (await chosen(gateway, "", "")).default
        except ModelError as error:
            gateway.emit(Notice(str(error), "warning"))
    brain, hand = short(brain), short(plain("EXECUTOR_MODEL", given.executor_model, gateway.emit) or brain)
    roles = {brain: "Commander, Executor"} if hand == brain else {brain: "Commander", hand: "Executor"}
    return {name: role for name, role in roles.items() if name}


async def _row(gateway: Gateway, name: str, role: str, held: Held | None) -> Row:
    if held is None:
        verb = "setup" if name in library.modelfiles() else "pull"
        gateway.emit(Notice(f"{name} is not on the server; next: commander models {verb} {name}", "warning"))
        return role, name, "missing", "-", "-", "-", "-"
    row = role or "-", name, "yes", _size(held.size)
    if held.resident:
        return *row, _memory(held.resident), str(held.resident.window or "-"), _until(held.resident.expires)
    window = (await library.window(gateway, name) or "default") if role else "-"
    return *row, "-", str(window), "-"


def _memory(resident: Resident) -> str:
    share = f"{min(resident.size_vram / max(resident.size, 1), 1):.0%} GPU" if resident.size_vram else "CPU"
    return f"{_size(resident.size)}, {share}"


def _until(expires: float) -> str:
    """In local time; what is past was not known to the server, while it loads."""
    left = expires - time.time()
    if left < 0:
        return "-"
    if left > 365 * 86400:  # a negative keep_alive
        return "for ever"
    until, today = datetime.fromtimestamp(expires).astimezone(), datetime.now().astimezone().date()
    return until.strftime("%H:%M:%S" if until.date() == today else "%Y-%m-%d %H:%M")


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"


def _pull(name: str, given: Settings) -> int:
    if short(name) in library.modelfiles():
        raise UsageError(f"{name} is a local name, made from a Modelfile", f"commander models setup {name}")
    with screen(json=False) as shown:
        server = ollama(given, "pull")
        through(server, shown.emit, lambda gateway: library.pull(gateway, name))
        shown.emit(Notice(f"{name} is on the server"))
    return 0


def _unload(names: Sequence[str], given: Settings) -> int:
    with screen(json=False) as shown:
        server = present(given)
        if server is None:
            shown.emit(Notice("no model server runs"))
        else:
            through(server, shown.emit, lambda gateway: library.unload(gateway, names))
    return 0
