"""`commander mcp ...`: the servers of tools, listed, tested, added, removed, turned on and off."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commander.columns import print_columns
from commander.console import Screen, screen
from config.errors import UsageError
from tools.events import Emit, Notice
from tools.mcp import catalog
from tools.mcp.entry import Entry
from tools.mcp.listing import Offer, offers, remember, remembered

USAGE = "commander mcp list | test NAME | add NAME [KEY=VALUE...] COMMAND|URL|JSON | remove NAME | on NAME | off NAME"
_SETTING = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def mcp(words: Sequence[str], named: Sequence[Path]) -> int:
    """Do what follows `commander mcp`; `named`: files of `--mcp`.

    Raises:
        UsageError: the verb is not known, a name is wrong, or a file makes no sense.
        CommanderError: a server that is tested does not start.
    """
    with screen(json=False) as shown:
        match list(words):
            case [] | ["list"]:
                _list(catalog.catalog(named), shown)
            case ["test", name]:
                _test(name, _one(name, named), shown)
            case ["add", name, *rest] if rest:
                _add(name, rest, shown.emit)
            case ["remove", name]:
                _remove(name, shown.emit)
            case [("on" | "off") as verb, name]:
                _switch(name, _one(name, named), on=verb == "on", emit=shown.emit)
            case other:
                raise UsageError(f"commander mcp {' '.join(other)} is not known", USAGE)
    return 0


def _one(name: str, named: Sequence[Path]) -> Entry:
    found = catalog.catalog(named)
    if name not in found:
        raise UsageError(f"no server is called {name} (there are: {', '.join(found)})", "commander mcp list")
    return found[name]


def _list(found: dict[str, Entry], shown: Screen) -> None:
    rows = [(name, *_row(name, entry)) for name, entry in found.items()]
    shown.still(lambda: print_columns(("NAME", "STATE", "TOOLS", "ASKED", "HOW"), rows))
    shown.emit(Notice(f"your own servers: {catalog.own_file()}"))


def _row(name: str, entry: Entry) -> tuple[str, ...]:
    tools = remembered(name, entry)
    count = "not started yet" if tools is None else str(len(offers(name, entry, tools)[0]))
    asked = {"kind": "before writing", "always": "always", "never": "never"}[entry.approval]
    how = entry.url or " ".join([entry.command, *entry.args])
    return "off" if entry.disabled else "on", count, asked, how if len(how) <= 80 else f"{how[:77]}..."


def _test(name: str, entry: Entry, shown: Screen) -> None:
    found, problems = asyncio.run(_started(name, entry))
    for problem in problems:
        shown.emit(Notice(problem, "warning"))
    rows = [(each.name, each.kind, _short(each)) for each in found]
    shown.still(lambda: print_columns(("TOOL", "KIND", "DOES"), rows))
    shown.emit(Notice(f"{name} starts, and offers {len(found)} tools"))


async def _started(name: str, entry: Entry) -> tuple[list[Offer], list[str]]:
    from tools.mcp.connection import Connection  # the SDK takes a second: not for `list`
    from tools.mcp.variables import variables

    look_up = variables({"WORKSPACE": str(Path.cwd())})
    connection = Connection(name, entry.filled(look_up))
    await connection.start()
    try:
        remember(name, entry, connection.tools)
        return offers(name, entry, connection.tools)
    finally:
        await connection.stop()


def _short(offer: Offer) -> str:
    words = str(offer.schema["description"])
    return words if len(words) <= 90 else f"{words[:87]}..."


def _add(name: str, rest: Sequence[str], emit: Emit) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a server", "take letters, digits, - and _, 32 at most")
    data = _typed(rest)
    catalog.entry(name, data, Path("what was typed"))
    servers = catalog.raw(catalog.own_file())
    file = catalog.write({**servers, name: data})
    emit(Notice(f"{'changed' if name in servers else 'added'} {name} in {file}; next: commander mcp test {name}"))


def _typed(rest: Sequence[str]) -> dict[str, Any]:
    """An entry from what was typed: an object as JSON, an address, or settings and a command."""
    if len(rest) == 1 and rest[0].lstrip().startswith("{"):
        try:
            return dict(json.loads(rest[0]))
        except ValueError as error:
            raise UsageError(f"the entry is no JSON: {error}", USAGE) from error
    settings: dict[str, str] = {}
    words = [word for position, word in enumerate(rest) if word != "--" or "--" in rest[:position]]
    while words and (match := _SETTING.fullmatch(words[0])):
        settings[match[1]] = match[2]
        words.pop(0)
    if len(words) == 1 and words[0].startswith(("http://", "https://")):
        return {"url": words[0], **({"headers": settings} if settings else {})}
    if not words:
        raise UsageError("no command is given", USAGE)
    return {"command": words[0], "args": words[1:], **({"env": settings} if settings else {})}


def _remove(name: str, emit: Emit) -> None:
    servers = catalog.raw(catalog.own_file())
    shipped = catalog.raw(catalog.SHIPPED)
    if name not in servers:
        remedy = f"commander mcp off {name}" if name in shipped else "commander mcp list"
        raise UsageError(f"{name} is not among your own servers", remedy)
    file = catalog.write({other: data for other, data in servers.items() if other != name})
    emit(Notice(f"removed {name} from {file}{'; the shipped entry holds again' if name in shipped else ''}"))


def _switch(name: str, entry: Entry, *, on: bool, emit: Emit) -> None:
    if entry.disabled is not on:
        emit(Notice(f"{name} is {'on' if on else 'off'} already"))
        return
    servers = catalog.raw(catalog.own_file())
    file = catalog.write({**servers, name: {**servers.get(name, {}), "disabled": not on}})
    emit(Notice(f"{name} is {'on' if on else 'off'} ({file})"))
