"""The tools of a run: whether a task needs them, and what it takes to call them."""

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agents import evidence
from agents.checks import WRITTEN, text
from agents.claims import unwritten
from agents.expectation import expectation, suffix
from agents.ledger import Road
from commander.console import Screen
from commander.permission import Permission
from tools.interpreter.box import BlockResult
from tools.mcp.catalog import catalog
from tools.mcp.entry import Entry
from tools.mcp.meant import meant
from tools.snapshot import Changes, Snapshot, Snapshots

if TYPE_CHECKING:
    from agents.executor import Executor
    from agents.toolset import Toolset
    from tools.ollama.chat_client import OllamaChatClient

KEPT = "tool-results/"


@dataclass(frozen=True)
class Tooling:
    """The servers that there are, and who is asked before a call."""

    entries: Mapping[str, Entry]
    permission: Permission

    @classmethod
    def of(cls, options: Namespace, snapshots: Snapshots, screen: Screen) -> "Tooling":
        """As typed, over the shipped and the user's own servers.

        Raises:
            UsageError: a list of servers makes no sense.
        """
        return cls(catalog(options.mcp, snapshots.workspace.root), Permission(screen, yes=options.yes))

    def road(self, task: str, way: Road) -> Road:
        """The road of a task that speaks of a server, else `way`."""
        names = meant(self.entries, task, sure=way.sure)
        return Road("tools", f"needs the tools of {', '.join(names)}") if names else way

    def toolset(
        self, task: str, way: Road, before: Snapshot, executor: "Executor", client: "OllamaChatClient"
    ) -> "Toolset | None":
        """What can be called for the task, over the folder that was in the state `before`; None on other roads."""
        if way.kind != "tools":
            return None
        from agents.toolset import Toolset
        from tools.mcp import relevance, signature
        from tools.mcp.toolbox import ToolBox
        from tools.mcp.variables import variables

        snapshots, workspace, emit = executor.snapshots, executor.workspace, executor.emit
        ask = self.permission.ask if self.permission.screen.interactive else None
        look_up = variables({"WORKSPACE": str(workspace.root)})
        box = ToolBox(self.entries, workspace, confirm=self.permission.confirm, ask=ask, emit=emit, look_up=look_up)
        among = meant(self.entries, task, sure=True)
        box.aim(task, size=relevance.cost if client.native else signature.cost, among=among)

        expects = expectation(task, before.saved)

        async def keep() -> None:
            executor.mark(await asyncio.to_thread(snapshots.take))

        async def prove(answer: str) -> list[str]:
            changes = snapshots.diff(before, await asyncio.to_thread(snapshots.take))
            made = {path: text(workspace, path) for path in expects.creates if suffix(path) in WRITTEN}
            found = evidence.problems(expects, BlockResult(0, answer, 0), _made(changes), workspace, task)
            return found or unwritten(task, made)

        return Toolset(box, emit, keep, prove)


def _made(changes: Changes) -> Changes:
    """The changes without the results that were kept."""
    return replace(changes, added=tuple(path for path in changes.added if not path.startswith(KEPT)))
