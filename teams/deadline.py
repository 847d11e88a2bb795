"""A team that is given a task and a time for it."""

import asyncio

from autogen_core import CancellationToken

from teams.factory import Team


async def within(seconds: float, team: Team, task: str) -> None:
    """Run the team until its ledger is closed or the time is up; whoever leaves early stops its agents first."""
    token = CancellationToken()
    running = asyncio.ensure_future(team.run(task=task, cancellation_token=token))
    try:
        done, _ = await asyncio.wait([running], timeout=seconds)
    finally:
        # Cancelling the team itself would wait for its agents, which do not hear of it (autogen-agentchat 0.7.5).
        if not running.done():
            token.cancel()
            await asyncio.wait([running], timeout=1)
            await team.executor.settle()
    if not done:
        team.ledger.give_up([f"the time limit of {seconds:g} s is reached"])
    elif not running.cancelled():
        running.result()
