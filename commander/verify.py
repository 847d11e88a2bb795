"""`commander verify`: the proof that both agents use one model instance, line by line."""

import json
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from commander.aside import aside
from commander.console import clean, screen
from config import settings
from config.errors import ModelError
from config.settings import Settings
from tools.events import Emit, Phase, ignore
from tools.ollama.instance.check import LIMITS, Check


async def verify(options: Namespace) -> int:
    """Check what `options` name (json, base_url, model, executor_model); 0 when all holds, else 1.

    Raises:
        CommanderError: no server answers, or a setting is wrong.
    """
    chosen = settings.load(
        default_model=options.model, executor_model=options.executor_model, ollama_base_url=options.base_url
    )
    done: list[Check] = []
    async with AsyncExitStack() as stack:
        page = Page(Console(file=sys.stdout, highlight=False))  # before a moving line takes standard output over
        shown = None if options.json else stack.enter_context(screen(json=False))
        if shown and shown.live and page.table:
            page = Page(shown.console)
        found = await stack.enter_async_context(aclosing(look(chosen, shown.emit if shown else ignore)))
        async for check in found:
            done.append(check)
            if not options.json:
                page.show(check)
    if options.json:
        holds = all(check.holds for check in done)
        print(json.dumps({"holds": holds, "checks": [asdict(check) for check in done], "limits": LIMITS}, indent=2))
    else:
        page.conclude(done)
    return 0 if all(check.holds for check in done) else 1


async def look(chosen: Settings, emit: Emit) -> AsyncGenerator[Check, None]:
    """The checks, of the clients that a run would use."""
    emit(Phase("looking for the model server"))
    from tools.ollama.adapter import OllamaAdapter
    from tools.ollama.chat_client import OllamaChatClient
    from tools.ollama.gateway import Gateway
    from tools.ollama.instance.checks import checks
    from tools.ollama.models import chosen as chosen_models
    from tools.ollama.server import reach

    server = await aside(lambda: reach(chosen, emit))
    gateway = Gateway(server, emit)
    try:
        models = await chosen_models(gateway, chosen.default_model, chosen.executor_model)
    except ModelError as error:
        yield Check("models", False, error.what, error.remedy)
    else:
        clients = OllamaChatClient(gateway, models.default), OllamaAdapter(gateway, models.executor)
        async with aclosing(checks(*clients, models)) as found:
            async for check in found:
                yield check
    finally:
        await gateway.close()


class Page:
    """The checks as a table in a terminal, as plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.table = console.is_terminal

    def show(self, check: Check) -> None:
        """One check, as soon as it is known."""
        self._row("ok" if check.holds else "NO", check.name, check.evidence, "green" if check.holds else "bold red")
        if check.remedy:
            self._row("", "next", check.remedy, "yellow")

    def conclude(self, checks: Sequence[Check]) -> None:
        """What it comes to, and what it cannot show."""
        broken = [check.name for check in checks if not check.holds]
        said = f"does not hold: {', '.join(broken)}" if broken else f"all {len(checks)} checks hold"
        self._say(said, "bold red" if broken else "bold green")
        for number, text in enumerate(LIMITS):
            self._row("", "" if number else "not shown", text, "dim")

    def _row(self, mark: str, name: str, text: str, style: str) -> None:
        if not self.table:
            self._say(f"{mark:2}  {name:13}  {clean(text)}")
            return
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=2)
        grid.add_column(width=13)
        grid.add_column(overflow="fold")
        grid.add_row(Text(mark, style), Text(name), Text(clean(text), style="" if mark else style))
        self.console.print(grid, soft_wrap=False)

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style), soft_wrap=True)
