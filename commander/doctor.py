"""`commander doctor`: what a first run can trip over, line by line, each with what to type next."""

import json
import logging
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.doctor.check import Check, broken
from tools.doctor.program import ROOT, program, sync

if TYPE_CHECKING:  # a package may be missing, and to tell that is what this is for
    from rich.console import Console
    from rich.text import Text

    from tools.events import Emit

STYLES = {"ok": "green", "warning": "yellow", "broken": "bold red"}


def doctor(options: Namespace) -> int:
    """Look at what `options` name (json, workspace, debug, settings); 1: something is broken. No server is started."""
    first = [*program()]
    try:
        from commander.models import INSTALL
        from tools.doctor.checkup import Asked, checkup
    except ImportError as error:
        missing = broken("packages", f"{error}: the rest cannot be looked at", sync(ROOT))
        return _told([*first, missing], as_json=options.json)
    asked = Asked(_typed(options), options.workspace, Path.cwd(), INSTALL)
    with _quiet(debug=options.debug):
        if options.json:
            return _told([*first, *checkup(asked, lambda event: None)], as_json=True)
        return _shown(lambda emit: chain(first, checkup(asked, emit)))


def _typed(options: Namespace) -> dict[str, Any]:
    return {
        "default_model": options.model,
        "executor_model": options.executor_model,
        "ollama_base_url": options.base_url,
        "commander_python": options.python,
        "commander_max_turns": options.max_turns,
        "commander_timeout": options.timeout,
    }


def _shown(checks: "Callable[[Emit], Iterable[Check]]") -> int:
    """Each check as soon as it is known."""
    from rich.console import Console

    from commander.console import screen

    done: list[Check] = []
    with ExitStack() as stack:
        page = Page(Console(file=sys.stdout, highlight=False))  # before a moving line takes standard output over
        shown = stack.enter_context(screen(json=False))
        if shown.live and page.table:
            page = Page(shown.console)
        for check in checks(shown.emit):
            done.append(check)
            page.show(check)
    page.conclude(done)
    return _code(done)


def _told(checks: Sequence[Check], *, as_json: bool) -> int:
    """All at once, with Python's own means."""
    if as_json:
        print(json.dumps({"checks": [asdict(check) for check in checks]}, indent=2))
    else:
        print("\n".join(line if line.isprintable() else ascii(line)[1:-1] for each in checks for line in lines(each)))
        print(conclusion(checks))
    return _code(checks)


def lines(check: Check) -> list[str]:
    """The check as plain text, `next` below it."""
    told = [(check.state, check.name, check.seen)] + [("", "next", check.next)] * bool(check.next)
    return [f"{mark:7}  {name:14}  {flat(text)}" for mark, name, text in told]


def flat(text: str) -> str:
    """The text as one line."""
    return re.sub(r"\s*[\r\n\t\v\f]\s*", " ", text)


def conclusion(checks: Sequence[Check]) -> str:
    """What it comes to."""
    bad = {state: [each.name for each in checks if each.state == state] for state in ("broken", "warning")}
    warned = f"{len(bad['warning'])} warning{'s' * (len(bad['warning']) != 1)}"
    if bad["broken"]:
        return f"broken: {', '.join(dict.fromkeys(bad['broken']))}; {warned}"
    return f"nothing is broken; {warned}" if bad["warning"] else f"all {len(checks)} checks are ok"


def _code(checks: Sequence[Check]) -> int:
    return int(any(check.state == "broken" for check in checks))


@contextmanager
def _quiet(*, debug: bool) -> Iterator[None]:
    """Without what libraries log: python-dotenv tells of lines that the checks tell of."""
    logging.disable(logging.NOTSET if debug else logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Page:
    """The checks in aligned columns: with colours in a terminal, as plain lines elsewhere."""

    def __init__(self, console: "Console") -> None:
        self.console = console
        self.table = console.is_terminal

    def show(self, check: Check) -> None:
        """One check, as soon as it is known; a command stays one line, so that it can be copied."""
        from rich.text import Text

        from commander.console import clean

        seen, *below = [clean(line) for line in lines(check)]
        if self.table:
            self._row(check, clean(flat(check.seen)))
        else:
            self._say(Text(seen))
        for line in below:
            self._say(Text(line, "cyan"))

    def conclude(self, checks: Sequence[Check]) -> None:
        """What it comes to."""
        from rich.text import Text

        style = STYLES["broken"] if _code(checks) else STYLES["ok"]
        self._say(Text(conclusion(checks), f"bold {style}"))

    def _row(self, check: Check, seen: str) -> None:
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2))
        for width in (7, 14, None):
            grid.add_column(width=width, overflow="fold")
        grid.add_row(Text(check.state, STYLES[check.state]), Text(check.name), Text(seen))
        self.console.print(grid, soft_wrap=False)

    def _say(self, text: "Text") -> None:
        self.console.print(text, soft_wrap=True)
