"""All servers of a run: started on first use, beside each other, and never able to take the run with them."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mcp.types import CallToolResult

from config.errors import CommanderError
from tools.events import Emit, Notice, Phase
from tools.mcp.catalog import planted
from tools.mcp.connection import Connection, ToolError
from tools.mcp.entry import Entry, Lookup
from tools.mcp.listing import Offer, offers, remember, remembered
from tools.mcp.relevance import Index

STARTS = 3
"""A server that dies is started again at its next call, so many times in a run."""


class Servers:
    """The servers that are not disabled, and what is known of their tools."""

    def __init__(self, entries: Mapping[str, Entry], workspace: Path, look_up: Lookup, emit: Emit) -> None:
        self.entries = {name: entry for name, entry in entries.items() if not entry.disabled}
        self.workspace, self.emit = workspace, emit
        self.used: set[str] = set()
        self.changed: set[str] = set()
        """Names of tools that are not what they were when they were offered first."""
        self._look_up = look_up
        self._known: dict[str, list[Offer]] = {}
        self.failed: dict[str, str] = {}
        """Why a server does not start, or is not started again."""
        self._running: dict[str, Connection] = {}
        self._starts: Counter[str] = Counter()
        self._locks = {name: asyncio.Lock() for name in self.entries}

    @property
    def offers(self) -> list[Offer]:
        """The tools that are known, of servers that have not failed."""
        return [offer for name, known in self._known.items() if name not in self.failed for offer in known]

    async def learn(self, text: str, among: Collection[str] = ()) -> None:
        """Know the tools that `text` may need, or of those named: servers that nobody remembers start, all at once."""
        new = [name for name in self.entries if name not in self._known and name not in self.failed]
        wanted = [name for name in new if (name in among if among else self._may_serve(name, text))]
        for name in wanted:
            tools = remembered(name, self.entries[name])
            if tools is not None:
                self._know(name, offers(name, self.entries[name], tools))
        unknown = [name for name in wanted if name not in self._known]
        if unknown:
            self.emit(Phase("starting the tools of", ", ".join(unknown)))
        await asyncio.gather(*(self._try(name) for name in unknown))

    def _may_serve(self, name: str, text: str) -> bool:
        """One that says what it is about serves where the text speaks of that, or it was used; any other always."""
        about = self.entries[name].about
        return not about or name in self.used or Index([f"{name} {about}"]).scores(text)[0] > 0

    async def _try(self, name: str) -> None:
        try:
            await self._server(name)
        except CommanderError as error:
            self.emit(Notice(f"without the tools of {name}: {error}", "warning"))

    async def _server(self, name: str) -> Connection:
        """The server, started if it does not run.

        Raises:
            CommanderError: it does not start, or died too often.
        """
        async with self._locks[name]:
            if name in self.failed:
                raise ToolError(self.failed[name])
            running = self._running.get(name)
            if running is None or not running.alive:
                running = await self._start(name)
            elif running.stale:
                await running.refresh()
                self._learned(running)
            return running

    async def _start(self, name: str) -> Connection:
        self._starts[name] += 1
        try:
            if self._starts[name] > STARTS:
                raise ToolError(f"the server {name} died too often", f"commander mcp test {name}")
            connection = Connection(name, self._entry(name))
            await connection.start()
        except CommanderError as error:
            self.failed[name] = str(error)
            raise
        self._running[name] = connection
        self._learned(connection)
        remember(name, self.entries[name], connection.tools)
        return connection

    def _entry(self, name: str) -> Entry:
        found = self.entries[name].filled(self._look_up)
        if word := planted(found, self.workspace):
            raise ToolError(f"{name} is not started: {word} lies in the workspace, where generated code can write")
        return found

    def _learned(self, connection: Connection) -> None:
        """What a server that runs tells of its tools; what differs from before is noted."""
        before = {offer.name: offer.mark for offer in self._known.get(connection.name, [])}
        self._know(connection.name, offers(connection.name, self.entries[connection.name], connection.tools))
        now = {offer.name: offer.mark for offer in self._known[connection.name]}
        differ = {name for name, mark in now.items() if before.get(name, mark) != mark}
        if differ - self.changed:
            self.emit(Notice(f"{connection.name} changed its tools: {', '.join(sorted(differ))}", "warning"))
        self.changed |= differ

    def _know(self, name: str, found: tuple[list[Offer], list[str]]) -> None:
        """Take these offers, under names that are still free."""
        taken = {offer.name for other, known in self._known.items() if other != name for offer in known}
        self._known[name] = [offer for offer in found[0] if offer.name not in taken]
        twice = [f"{name}: {offer.name} is there twice" for offer in found[0] if offer.name in taken]
        for problem in (*found[1], *twice):
            self.emit(Notice(problem, "warning"))

    async def call(self, offer: Offer, arguments: Mapping[str, Any]) -> CallToolResult:
        """What the tool gives.

        Raises:
            CommanderError: no result, or the tool is not the one that was offered.
        """
        running = await self._server(offer.server)
        now = next((each for each in self._known[offer.server] if each.name == offer.name), None)
        if now is None:
            raise ToolError(f"{offer.server} has no tool {offer.name} any more")
        if now.mark != offer.mark:
            raise ToolError(f"{offer.name} is another tool now, look at it again: {now.schema}")
        return await running.call(offer.tool.name, arguments)

    async def read(self, server: str, tool: str) -> CallToolResult:
        """What a tool without arguments gives, that need not be offered.

        Raises:
            CommanderError: no result.
        """
        return await (await self._server(server)).call(tool, {})

    async def stop(self) -> None:
        """End all, at once."""
        await asyncio.gather(*(connection.stop() for connection in self._running.values()))
        self._running.clear()
