"""The team: Commander and Executor in one SelectorGroupChat over one ledger."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from autogen_agentchat.base import TaskResult
from autogen_agentchat.conditions import FunctionalTermination
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage
from autogen_agentchat.teams import SelectorGroupChat
from autogen_core import CancellationToken

from agents.checks import expected
from agents.commander import Commander
from agents.executor import Executor
from agents.ledger import Ledger, Road
from agents.overview import overview
from agents.state import Kept
from teams.decision import decided
from teams.router import road
from teams.selector import next_speaker
from tools.events import Route

MAX_TURNS = 12


class Team(Kept, SelectorGroupChat):
    """A group chat whose next speaker is read off the ledger; `ledger` holds the last run's result."""

    def __init__(self, commander: Commander, executor: Executor, *, max_turns: int = MAX_TURNS) -> None:
        self.commander = commander
        self.executor = executor
        self.ledger = Ledger()
        self.road: Road | None = None
        """Set: the road of every task, whatever the rules say."""
        self.restored: Ledger | None = None
        """Set: the next run goes on from it."""
        self.talk, self.added = "", list[str]()
        """What was said before the task, and what the user says while a run goes on."""
        super().__init__(
            [commander, executor],
            model_client=commander.client,
            selector_func=lambda messages: next_speaker(self.ledger),
            termination_condition=FunctionalTermination(lambda messages: self.ledger.over),
            max_turns=max_turns,
            allow_repeated_speaker=True,
        )

    async def run_stream(
        self,
        *,
        task: str | BaseChatMessage | Sequence[BaseChatMessage] | None = None,
        cancellation_token: CancellationToken | None = None,
        output_task_messages: bool = True,
    ) -> AsyncGenerator[BaseAgentEvent | BaseChatMessage | TaskResult, None]:
        """Work on `task`.

        Raises:
            CommanderError: the server or the model failed; what was done until then is in `ledger`.
        """
        await self.begin(task if isinstance(task, str) else _text(task))
        stream = super().run_stream(
            task=task, cancellation_token=cancellation_token, output_task_messages=output_task_messages
        )
        try:
            async for item in stream:
                if isinstance(item, BaseChatMessage):
                    self.executor.mark()
                yield item
        finally:
            await stream.aclose()
        self._conclude()

    async def close(self) -> None:
        """Release what the agents hold; the team cannot be used afterwards."""
        await self.executor.close()

    async def begin(self, task: str) -> None:
        """A new ledger for `task`, or the restored one, shared by both agents."""
        self.ledger, self.restored = self.restored or await self._opened(task), None
        self.added[:0], self.ledger.added = self.ledger.added, self.added
        self.commander.join(self.ledger)
        self.executor.ledger = self.ledger

    async def _opened(self, task: str) -> Ledger:
        way = self.road or road(task, self.talk)
        if not way.sure:
            way = await decided(way, task, self.executor.adapter, self.commander.client.model, self.talk)
            self.executor.emit(Route(way.kind, way.reason))
        workspace = self.executor.workspace
        expects = await asyncio.to_thread(expected, task, workspace)
        survey = await asyncio.to_thread(overview, workspace, task, expects)
        advised = self.executor.second is not None
        return Ledger(task, way, survey, expects, list(way.steps), talk=self.talk, advised=advised)

    def _conclude(self) -> None:
        ledger = self.ledger
        if ledger.error is not None:
            raise ledger.error
        if not ledger.over:
            last = ledger.tries[-1].problems if ledger.tries else ()
            ledger.give_up(["the limit of turns is reached", *last])


def create_team(commander: Commander, executor: Executor, *, max_turns: int = MAX_TURNS) -> Team:
    """The team of a Commander and an Executor; `run` and `run_stream` as in any AutoGen team."""
    return Team(commander, executor, max_turns=max_turns)


def _text(task: BaseChatMessage | Sequence[BaseChatMessage] | None) -> str:
    messages = [task] if isinstance(task, BaseChatMessage) else list(task or [])
    return "\n".join(message.to_text() for message in messages)
