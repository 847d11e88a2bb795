"""The tools of a run in one list: those of all servers and our own, offered by relevance, called with care."""

import asyncio
import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from autogen_core import CancellationToken
from autogen_core.tools import ToolResult, ToolSchema, Workbench
from pydantic import BaseModel

from config.errors import CommanderError
from tools.addresses import ADDRESS
from tools.events import Emit, Notice, ignore
from tools.mcp.arguments import fitted, problem
from tools.mcp.connection import ToolError
from tools.mcp.entry import Entry, Lookup
from tools.mcp.listing import Offer
from tools.mcp.marks import DENIED, outcome
from tools.mcp.own import ASK, OwnTools
from tools.mcp.pages import HTML, SAME, STATE, page
from tools.mcp.question import Ask, Confirm, Question, refuse
from tools.mcp.relevance import Index, Size, cost, described, fitting
from tools.mcp.results import Results
from tools.mcp.servers import Servers
from tools.mcp.variables import variables
from tools.workspace import Workspace

_WRONG = re.compile(r"Error: |Element .{1,40} not found")
"""What browser-use 0.13.14 says of a failure, and no more."""
_FILES = re.compile(r"\b\w+\.\w{1,5}\b|\b(?:files?|folders?|director\w+|ficheiros?|arquivos?|pastas?)\b", re.IGNORECASE)
SETTLED = 0.7
"""Seconds after a click, in which a page of this machine comes."""
FEW = 6
"""Tools of a server that stand in its own order; of more the best ones stand first."""
LEAST = 0.3
"""A tool that answers the step so much worse than the best one is not offered."""
TOKENS = 1500
"""What the tools of one step may take of the prompt."""


class ToolBox(Workbench):
    """An AutoGen workbench; no call raises: what goes wrong is an error result that a model can repair.

    McpWorkbench of autogen-ext 0.7.5 is not used: it drops `$defs`, annotations and pages after the first, waits five
    seconds for a call, offers servers a sampling that it refuses, and lets them write to our standard error.
    """

    component_config_schema = BaseModel
    component_provider_override = "tools.mcp.toolbox.ToolBox"

    def __init__(
        self,
        entries: Mapping[str, Entry],
        workspace: Workspace,
        *,
        confirm: Confirm = refuse,
        ask: Ask | None = None,
        emit: Emit = ignore,
        look_up: Lookup | None = None,
    ) -> None:
        self.aim("")
        self.confirm, self.emit = confirm, emit
        self.own = OwnTools(workspace, ask)
        self.results = Results(workspace)
        look_up = look_up or variables({"WORKSPACE": str(workspace.root)})
        self.servers = Servers(entries, workspace.root, look_up, emit)
        self._offered: dict[str, Offer] = {}
        self._told: set[str] = set()

    def aim(self, text: str, tokens: int = TOKENS, size: Size = cost, among: Collection[str] = ()) -> None:
        """From now on, offer what this step may need, in so many tokens; `size` tells how many a tool takes.

        `among`: only of these servers, which the step asks for; our own only where it speaks of files.
        """
        self.text, self.tokens, self._size, self._among = text, tokens, size, frozenset(among)

    async def list_tools(self) -> list[ToolSchema]:
        """Those of the servers that fit the step best, then our own, as many as fit the budget.

        Raises:
            ToolError: none of the servers that the step asks for starts.
        """
        await self.servers.learn(self.text, self._among)
        if self._among and self._among <= self.servers.failed.keys():
            raise ToolError("; ".join(self.servers.failed[name] for name in sorted(self._among)))
        own = [schema for name, schema in self.own.schemas.items() if self._needs(name)]
        budget = self.tokens - sum(map(self._size, own))
        ranked = [*fitting([offer.schema for offer in self._ranked()], budget, self._size), *own]
        chosen = fitting(ranked, self.tokens, self._size)
        by_name = {offer.name: offer for offer in self.servers.offers}
        self._offered |= {name: by_name[name] for each in chosen if (name := each["name"]) in by_name}
        return [ToolSchema(**schema) for schema in chosen]  # type: ignore[typeddict-item]  # schemas are kept whole

    def _needs(self, own: str) -> bool:
        """Whether the step may need this tool of ours."""
        return not self._among or own == ASK or self.results.kept or bool(_FILES.search(ADDRESS.sub(" ", self.text)))

    def _ranked(self) -> list[Offer]:
        """The offers by relevance: first of servers that were used, or that the step speaks of; then by the words."""
        offers = [offer for offer in self.servers.offers if offer.name not in self.own.schemas]
        offers = [offer for offer in offers if not self._among or offer.server in self._among]
        about = {offer.server: f"{offer.server} {self.servers.entries[offer.server].about}" for offer in offers}
        meant = dict(zip(about, Index(about.values()).scores(self.text), strict=True))
        words = Index(described(offer.schema) for offer in offers).scores(self.text)
        best = max(words, default=0) or 1.0
        scores = {
            offer.name: score
            + best * (offer.server in self.servers.used)
            + best * LEAST * 1.5 * bool(meant[offer.server])
            for offer, score in zip(offers, words, strict=True)
        }
        if self._among:  # a few stand as their server lists them
            return offers if len(offers) <= FEW else sorted(offers, key=lambda offer: -scores[offer.name])
        some = [offer for offer in offers if scores[offer.name] > best * LEAST]
        general = [offer for offer in offers if not self.servers.entries[offer.server].about]
        return sorted(some or general, key=lambda offer: -scores[offer.name])

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """The tool's result as marked text, or what went wrong and how to call it right."""
        work = asyncio.ensure_future(self._result(name, dict(arguments or {})))
        if cancellation_token:
            cancellation_token.link_future(work)
        try:
            return await work
        except (CommanderError, OSError) as error:
            return outcome(name, f"Error: {error}", wrong=True)

    async def _result(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        offer = self._offered.get(name) or next((each for each in self.servers.offers if each.name == name), None)
        schema = self.own.schemas.get(name) or (offer.schema if offer else None)
        if schema is None:
            return outcome(name, self._unknown(name), wrong=True)
        arguments = fitted(schema["parameters"], arguments)
        if wrong := problem(schema["parameters"], arguments):
            return outcome(name, f"Error: the arguments of {name} are wrong: {wrong}", wrong=True)
        if offer is None or name in self.own.schemas:
            text = await self.own.call(name, arguments)
            return outcome(name, self.results.marked(name, text), wrong=text.startswith("Error: "))
        return await self._called(offer, arguments)

    async def _called(self, offer: Offer, arguments: dict[str, Any]) -> ToolResult:
        entry, changed = self.servers.entries[offer.server], offer.name in self.servers.changed
        if changed or entry.asks(offer.tool.name, reads=offer.kind == "read"):
            question = Question(offer.server, offer.tool.name, offer.kind, arguments, changed)
            if (reason := await self.confirm(question)) is not None:
                return outcome(offer.name, f"{DENIED}{reason}", wrong=True)
        if not entry.counts(offer.tool.name):
            self._tell(f"{offer.name} calls a model by itself: those calls are not counted")
        try:
            result = await self.servers.call(offer, arguments)
        except CommanderError:
            self._offered.pop(offer.name, None)  # where the tool is another one now, it is looked at again
            raise
        self.servers.used.add(offer.server)
        said = self.results.text(offer.name, result)
        wrong = bool(result.isError) or bool(_WRONG.match(said))
        if not wrong and offer.tool.name in entry.shows:
            said = f"{said}\n{await self._page(offer)}"
        text = self.results.marked(offer.name, said)
        if wrong:
            self._tell(f"{offer.name}: {said[:300]}")
        return outcome(offer.name, text, wrong=wrong)

    async def _page(self, offer: Offer) -> str:
        """What the browser shows after a call that leads to another page."""
        await asyncio.sleep(SETTLED)
        wanted = (STATE,) if offer.tool.name in SAME else (STATE, HTML)
        found = [self.results.text(tool, await self.servers.read(offer.server, tool)) for tool in wanted]
        return page(found[0], found[1] if len(found) > 1 else "")

    def _tell(self, text: str) -> None:
        """A warning for the user, once."""
        if text not in self._told:
            self._told.add(text)
            self.emit(Notice(text, "warning"))

    def _unknown(self, name: str) -> str:
        names = [*self.own.schemas, *(offer.name for offer in self.servers.offers)]
        like = difflib.get_close_matches(name, names, 3, 0.4) or names[:8]
        return f"Error: there is no tool {name}; there are {', '.join(like)}"

    async def start(self) -> None:
        """Nothing: a server is started at its first use."""

    async def stop(self) -> None:
        """End all servers."""
        await self.servers.stop()

    async def reset(self) -> None:
        """Forget what was offered and used."""
        self._offered.clear()
        self.servers.used.clear()

    async def save_state(self) -> Mapping[str, Any]:
        """The servers that were used, so that a resumed run offers their tools first."""
        return {"used": sorted(self.servers.used)}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Take what `save_state` gave."""
        self.servers.used = {name for name in state.get("used", []) if name in self.servers.entries}
