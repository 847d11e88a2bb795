"""Whole runs against a server with faults: a plan and a report on `/v1`, two programs on `/api/chat`."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from agents.commander import Commander
from agents.executor import Executor
from agents.ledger import Ledger, Road
from config import settings
from config.errors import CommanderError
from config.settings import Settings
from teams.factory import create_team
from tests.faults.faults import Named
from tools.embedded.scripted import Messages
from tools.events import CodeStarted, Event, Load, Notice
from tools.interpreter.box import Box, Limits
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway
from tools.ollama.models import chosen as chosen_models
from tools.ollama.server import reach
from tools.snapshot import Snapshots

TASK = "Make a.txt, then b.txt"
WORDS = "caf\u00e9 \u20ac \U0001f980\u0085\u2028\x0c\n"
"""Letters of two, three and four bytes, and ends of lines that are none in JSON."""
TEXTS = count()
"""No two programs are the same text."""
REPORT = "b.txt holds how long a.txt is. \u20ac\u2028"


def limits(named: Named) -> dict[str, float]:
    """The settings for a run that meets the fault."""
    return {
        "commander_load_timeout": 60.0,
        "commander_first_token_timeout": named.patience,
        "commander_idle_timeout": named.patience,
        "commander_retry_pause": 0.05,
    }


def said(messages: Messages) -> str:
    """What the model says in such a run."""
    last = messages[-1]["content"]
    if "Reply as JSON" in last:
        return '{"steps": ["Write a word to a.txt", "Write the length of a.txt to b.txt"]}'
    if "# What was done" in last:
        return REPORT
    program = "open('b.txt', 'w').write(str(len(open('a.txt', 'rb').read())))\nprint('wrote b.txt')"
    if "no other\nWrite a word" in last:
        program = f"open('a.txt', 'w', encoding='utf-8', newline='').write({WORDS!r})\nprint('wrote a.txt')"
    return f"```python\n# {next(TEXTS)}\n{program}\n```"


@dataclass
class Run:
    """How a run in this process ended: its ledger, or the error that a user is told."""

    seconds: float = 0.0
    events: list[Event] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    error: CommanderError | None = None

    @property
    def code(self) -> int:
        """The exit code."""
        return self.error.exit_code if self.error else int(bool(self.ledger.missing) or not self.ledger.over)

    @property
    def told(self) -> str:
        """What the user reads at the end."""
        return str(self.error) if self.error else " ".join(self.ledger.missing)

    @property
    def blocks(self) -> int:
        """Blocks of code that ran."""
        return sum(isinstance(event, CodeStarted) for event in self.events)

    @property
    def retries(self) -> list[str]:
        """What was told of requests that were made again."""
        return [event.text for event in self.events if isinstance(event, Notice) and "asking again" in event.text]

    @property
    def reloads(self) -> int:
        """Loads that nobody planned."""
        return sum(isinstance(event, Load) and event.why == "reload" for event in self.events)


def run(url: str, place: Path, named: Named) -> Run:
    """The task from start to end in `place`."""
    run, start = Run(), time.monotonic()
    try:
        asyncio.run(_perform(run, settings.load(ollama_base_url=url, **limits(named)), place))
    except CommanderError as error:
        run.error = error
    run.seconds = time.monotonic() - start
    return run


async def _perform(run: Run, chosen: Settings, place: Path) -> None:
    gateway = Gateway(await asyncio.to_thread(reach, chosen, run.events.append), run.events.append)
    box = Box(place, Limits(block_seconds=20, run_seconds=60))
    try:
        models = await chosen_models(gateway, "", "")
        executor = Executor(OllamaAdapter(gateway, models.executor), box, Snapshots(place, place.with_name("store")))
        team = create_team(Commander(OllamaChatClient(gateway, models.default)), executor)
        team.road = Road("hybrid", "as the test asks")
        try:
            await team.run(task=TASK)
        finally:
            run.ledger = team.ledger
    finally:
        await box.close()
        await gateway.close()


def done(place: Path) -> bool:
    """Whether the task is really done."""
    wanted = WORDS.encode()
    made = {path.name: path.read_bytes() for path in place.iterdir()}
    return made == {"a.txt": wanted, "b.txt": str(len(wanted)).encode()}
