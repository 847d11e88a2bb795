"""The Commander's tools as one AutoGen workbench over the ledger: each call and its result are entered there."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from autogen_core import CancellationToken
from autogen_core.tools import ToolResult, ToolSchema, Workbench
from pydantic import BaseModel

from agents.claims import AGAIN, at_hand, hopeless, unfounded
from agents.expectation import expectation
from agents.ledger import Ledger, Used
from tools.events import Emit, ToolCalled, ToolEnded
from tools.mcp.marks import DENIED, outcome, unmarked

RUN_CODE = "run_code"
MAX_CALLS = 10
"""Calls of tools that a run may make; then it must answer."""
REPEATED = "Error: this call was made before, its result is above: go on from it"
SCHEMA = ToolSchema(
    name=RUN_CODE,
    description="Write a file, or compute: the Executor does it with a program, and knows what the tools gave.",
    parameters={
        "type": "object",
        "properties": {"task": {"type": "string", "description": "in words, as 'write ... to x.csv'"}},
        "required": ["task"],
        "additionalProperties": False,
    },
)


Keep = Callable[[], Awaitable[None]]
"""Keeps where the run stands, after each call."""
Prove = Callable[[str], Awaitable[list[str]]]
"""What the folder tells against an answer, in words for the model."""


class Toolset(Workbench):
    """What the Commander can call while the ledger says so; calls of one reply are made one after another."""

    component_config_schema = BaseModel
    component_provider_override = "agents.toolset.Toolset"

    def __init__(self, box: Workbench, emit: Emit, keep: Keep, prove: Prove) -> None:
        self.box = box
        self.ledger = Ledger()
        self._emit, self._keep, self._prove = emit, keep, prove
        self._one = asyncio.Lock()

    async def list_tools(self) -> list[ToolSchema]:
        """The tools for this turn; none when it is time to answer, or for another kind of turn."""
        ledger, last = self.ledger, self.ledger.calls[-1] if self.ledger.calls else None
        if ledger.phase != "tools" or len(ledger.calls) >= MAX_CALLS:
            return []
        repeated = last is not None and last.text.startswith(REPEATED)
        if (repeated and not ledger.faults) or at_hand(ledger):
            return []
        tools = [*await self.box.list_tools(), SCHEMA]
        return [tool for tool in tools if not (repeated and last and tool["name"] == last.name)]

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """The result; whatever goes wrong is one, too."""
        given = dict(arguments or {})
        async with self._one:
            self._emit(ToolCalled(name, given))
            start = time.monotonic()
            result = self._refusal(name, given) or (
                self._handed(given) if name == RUN_CODE else await self.box.call_tool(name, given, cancellation_token)
            )
            text = result.to_text()
            self.ledger.calls.append(Used(name, json.dumps(given, ensure_ascii=False), text, result.is_error))
            if text.startswith(DENIED):
                self.ledger.refused.append(f"{name}: {text.removeprefix(DENIED)}")
            self.ledger.faults = []
            self.ledger.answers *= result.is_error  # what a tool gave is a way on
            if why := hopeless(self.ledger):
                self.ledger.give_up([why])
            await self._keep()
            self._emit(ToolEnded(name, not result.is_error, unmarked(text), time.monotonic() - start))
        return result

    async def problems(self, answer: str) -> list[str]:
        """Why the answer cannot stand."""
        return unfounded(self.ledger, answer) or await self._prove(answer)

    def _refusal(self, name: str, given: Mapping[str, Any]) -> ToolResult | None:
        """Why a call is not made: a program is to run first, or this very call was made before."""
        if self.ledger.phase != "tools":
            return outcome(name, "Error: not called; the program that run_code asks for comes first", wrong=True)
        for used in self.ledger.calls:
            if (used.name, json.loads(used.arguments)) == (name, given) and used.text != REPEATED:
                wrong = f"{AGAIN}give it other arguments: {unmarked(used.text)}"
                return outcome(name, wrong if used.wrong else REPEATED, wrong=True)
        return None

    def _handed(self, given: Mapping[str, Any]) -> ToolResult:
        task = given.get("task")
        if not isinstance(task, str) or not task.strip():
            return outcome(RUN_CODE, 'Error: it needs {"task": "what the program is to do"}', wrong=True)
        self.ledger.steps.append(_whole(task.strip(), self.ledger.task))
        return outcome(RUN_CODE, "The Executor does it now.", wrong=False)

    async def start(self) -> None:
        """Nothing: a server is started at its first use."""

    async def stop(self) -> None:
        """End all servers."""
        await self.box.stop()

    async def reset(self) -> None:
        """Forget what was offered and used."""
        await self.box.reset()

    async def save_state(self) -> Mapping[str, Any]:
        """What the servers need to go on."""
        return await self.box.save_state()

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Take what `save_state` gave."""
        await self.box.load_state(state)


def _whole(step: str, task: str) -> str:
    """The step, or the task where the step would not write all the files that the task asks for."""
    wanted = expectation(task, ()).creates
    return step if set(wanted) <= set(expectation(step, ()).creates) else task
