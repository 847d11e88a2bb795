"""How far generated code may go: in the jail, or asked for."""

from argparse import Namespace

from commander.aside import aside
from commander.console import Screen
from tools.events import Emit, Notice

NO_TERMINAL = "it would have to be asked for, and there is no terminal"


class Approval:
    """What the user said about blocks of code; `always` holds for the rest of the task."""

    def __init__(self, screen: Screen, *, ask: bool) -> None:
        self.screen = screen
        self.asking = ask

    async def approve(self, language: str, source: str) -> str | None:
        """None when the block may run, else the reason that the model gets."""
        if not self.asking:
            return None
        if not self.screen.interactive:
            return NO_TERMINAL
        self.screen.block(language, source)
        answer = (
            (await aside(lambda: self.screen.question("run it? [y]es, [n]o, [a]lways for this task: "))).strip().lower()
        )
        if answer in {"a", "always"}:
            self.asking = False
            return None
        if answer in {"y", "yes"}:
            return None
        return await aside(lambda: self.screen.question("why not? (the model is told) ")) or "the user said no"


def confined(options: Namespace, emit: Emit) -> bool:
    """Whether code runs in the jail; if not, why not is said."""
    from tools.interpreter.jail import probe

    if options.unsafe_no_jail:
        emit(Notice("no jail, as asked for: generated code runs with your rights", "warning"))
        return False
    why = probe()
    if why:
        emit(Notice(f"no jail: {why}; each block of code is asked for", "warning"))
    return why is None
