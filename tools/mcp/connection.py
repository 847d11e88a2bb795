"""A session with one server, in a task of its own: the SDK's scopes are left by the task that entered them."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import IO, Any

from mcp import ClientSession, McpError
from mcp.types import (
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ClientRequest,
    Implementation,
    PaginatedRequestParams,
    ServerNotification,
    Tool,
    ToolListChangedNotification,
)

from config.errors import CommanderError, MissingError
from tools.mcp.entry import Entry
from tools.mcp.transport import transport

PAGES, TOOLS = 20, 1000
CLOSING = 8.0
"""Seconds that a server gets for its end; the SDK asks twice, then kills."""
STARTING = 2.0
_WHO = Implementation(name="local-commander", version="0.1.0")


class ToolError(CommanderError):
    """A server could not be started, or did not answer a call; the text goes to the model."""


class Connection:
    """One server that runs, or that could not be started; sampling and elicitation are not offered to it."""

    def __init__(self, name: str, entry: Entry) -> None:
        self.name, self.entry = name, entry
        self.tools: list[Tool] = []
        self.stale = False
        """The server said that its tools are others now."""
        self._session: ClientSession | None = None
        self._entered, self._leave = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether calls can be made."""
        return self._session is not None and self._task is not None and not self._task.done()

    async def start(self) -> None:
        """Start the server and ask for its tools, within its time.

        Raises:
            CommanderError: it does not start, in one line.
        """
        logging.getLogger("mcp").setLevel(logging.CRITICAL)  # it prints a traceback for each line that is no message
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._live(ready, errors))
            try:
                async with asyncio.timeout(self.entry.start):
                    await asyncio.shield(ready)
            except TimeoutError as error:
                await self.stop()
                raise self._failure(f"was not ready within {self.entry.start:g} s", errors) from error
            except MissingError:
                raise
            except asyncio.CancelledError:
                await self.stop()
                raise
            except Exception as error:
                raise self._failure(f"does not start: {cause(error)}", errors) from error

    def _failure(self, what: str, errors: IO[str]) -> ToolError:
        errors.seek(0)
        last = [line.strip() for line in errors.read()[-2000:].splitlines() if line.strip()][-1:]
        said = f" ({last[0][:200]})" if last else ""
        return ToolError(f"the server {self.name} {what}{said}", f"commander mcp test {self.name}")

    async def _live(self, ready: "asyncio.Future[None]", errors: IO[str]) -> None:
        """The life of the session, from its start until it is told to end, or breaks."""
        try:
            async with AsyncExitStack() as stack:
                streams = await stack.enter_async_context(transport(self.name, self.entry, errors))
                self._entered.set()
                session = ClientSession(streams[0], streams[1], message_handler=self._hear, client_info=_WHO)
                await stack.enter_async_context(session)
                await session.initialize()
                self.tools = await _listed(session)
                self._session = session
                ready.set_result(None)
                await self._leave.wait()
        except Exception as error:  # noqa: BLE001, whatever a server or its transport does ends here
            if not ready.done():
                ready.set_exception(error)
        finally:
            self._session = None
            self._entered.set()
            ready.cancel()  # nobody waits where it is not done by now

    async def _hear(self, message: Any) -> None:
        if isinstance(message, ServerNotification) and isinstance(message.root, ToolListChangedNotification):
            self.stale = True

    async def refresh(self) -> None:
        """Ask for the tools again.

        Raises:
            ToolError: it does not tell.
        """
        self.stale = False
        self.tools = await self._within(self.entry.start, _listed(self._running()))

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """What the tool gives, within its time; a call is never made twice.

        Raises:
            ToolError: no result; whether the call took effect is then not known.
        """
        # Not `session.call_tool`: that checks the result against the server's own schema, whose patterns may never end.
        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=dict(arguments)))
        limit = timedelta(seconds=self.entry.timeout)
        sent = self._running().send_request(ClientRequest(request), CallToolResult, limit)
        return CallToolResult.model_validate(await self._within(self.entry.timeout, sent))

    def _running(self) -> ClientSession:
        if self._session is None:
            raise ToolError(f"the server {self.name} is not there any more")
        return self._session

    async def _within(self, seconds: float, work: Any) -> Any:
        try:
            async with asyncio.timeout(seconds + 1):
                return await work
        except Exception as error:
            lost = isinstance(error, TimeoutError) or not isinstance(error, McpError) or error.error.code in _BROKEN
            if lost and not await self._answers():
                await self.stop()
                what = f"the server {self.name} does not answer any more and was ended"
                raise ToolError(f"{what} ({cause(error)}); whether the call took effect is not known") from error
            raise ToolError(f"{self.name}: {cause(error)}") from error

    async def _answers(self) -> bool:
        """Whether the server still lives, after it failed once."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(min(3.0, self.entry.timeout)):
                await self._running().send_ping()
            return True
        return False

    async def stop(self) -> None:
        """End the session, and the server where it is a process of ours."""
        if self._task is None:
            return
        if (
            self._session is None
        ):  # it does not wait to be told; but the SDK must not be cut off while it starts a process
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STARTING):
                    await self._entered.wait()
            self._task.cancel()
        self._session = None
        self._leave.set()
        _, left = await asyncio.wait([self._task], timeout=CLOSING)
        for task in left:
            task.cancel()
            await asyncio.wait([task], timeout=CLOSING)


_BROKEN = frozenset({-32000, 408})
"""Codes of the SDK: connection closed, request timed out."""


async def _listed(session: ClientSession) -> list[Tool]:
    """All tools, page by page; a server that tells of ever more is cut short."""
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(PAGES):
        page = await session.list_tools(params=PaginatedRequestParams(cursor=cursor) if cursor else None)
        found += page.tools
        cursor = page.nextCursor
        if not cursor or len(found) >= TOOLS:
            break
    return found[:TOOLS]


def cause(error: BaseException) -> str:
    """What happened, in one line; of a group, its first error."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return " ".join(str(error).split())[:300] or type(error).__name__
