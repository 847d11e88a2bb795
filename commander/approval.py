"""How far generated code may go: in the jail, or asked for."""

import sys
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING

from agents.consent import Consent, DeniedError
from commander.aside import aside
from commander.console import Screen
from tools.events import Emit, Notice, Plan

if TYPE_CHECKING:
    from config.settings import Settings

RUN = "run it? [y]es, [n]o, [e]dit, [a]lways for this task: "
PLAN = "do it like this? [y]es, [n]o, [e]dit, yes to [a]ll that comes: "
ENDS = {"python": ".py", "shell": ".sh", "javascript": ".js"}
NO_EDITOR = "no editor starts; next: set EDITOR, as in EDITOR=nano"
NO_TERMINAL = "it would have to be asked for, and there is no terminal"


class Approval:
    """What the user said about blocks of code; `always` holds for the rest of the task."""

    def __init__(self, screen: Screen, *, ask: bool, plan: bool = False, unasked: str = "all") -> None:
        self.screen = screen
        self.asking = ask
        self.planning = plan
        self.unasked = unasked.split(",")

    @classmethod
    def of(cls, options: Namespace, settings: "Settings", screen: Screen, *, jailed: bool) -> "Approval":
        """As typed, over the policy in the settings; out of the jail everything is asked for."""
        ask = options.ask or not (jailed or (options.yes and options.unsafe_no_jail))
        unasked = "all" if options.yes else settings.commander_unasked
        return cls(screen, ask=ask, plan=options.plan and not options.yes, unasked=unasked)

    @property
    def consent(self) -> Consent:
        """The two questions, for the Executor."""
        return Consent(self.approve, self.confirm)

    async def approve(self, language: str, source: str) -> str:
        """The block as it may run: as it was, or as the user edited it.

        Raises:
            DeniedError: it may not.
        """
        while self.asking or not {"all", language} & set(self.unasked):
            if not self.screen.interactive:
                raise DeniedError(NO_TERMINAL)
            self.screen.block(language, source)
            answer = await typed(self.screen, RUN)
            match answer.lower():
                case "a" | "always":
                    self.asking, self.unasked = False, ["all"]
                case "y" | "yes":
                    break
                case "e" | "edit":
                    source = await aside(partial(self.screen.still, partial(rewritten, language, source)))
                case _:
                    raise DeniedError(await reason(self.screen, answer))
        return source

    async def confirm(self, steps: list[str]) -> list[str] | str:
        """The steps as the user wants them, or why they are not to be done."""
        while self.planning:
            if not self.screen.interactive:
                return f"the plan: {NO_TERMINAL}"
            answer = (await typed(self.screen, PLAN)).lower()
            if answer in {"y", "yes", "a", "all"}:
                self.planning = False
                if answer.startswith("a"):
                    self.asking, self.unasked = False, ["all"]
            elif answer in {"e", "edit"}:
                steps = await aside(partial(self.screen.still, partial(changed, steps)))
                self.screen.emit(Plan(steps))
            else:
                return "the user did not want the plan"
        return steps


async def typed(screen: Screen, question: str) -> str:
    """What the user types, without the blanks around it."""
    return (await aside(lambda: screen.question(question))).strip()


async def reason(screen: Screen, answer: str = "") -> str:
    """Why the user refuses, in words for the model: what stands after the `no`, else it is asked."""
    no, _, why = answer.partition(" ")
    told = why if no.lower().rstrip(",.:;") in {"n", "no"} else ""
    return told.strip() or await typed(screen, "why not? (the model is told) ") or "the user said no"


def changed(steps: list[str]) -> list[str]:
    """The steps after the user's editor; as they were where it does not start, or nothing is left."""
    from commander.editor import edited  # reads settings: not before they are needed

    text = edited("# One step a line, in their order; lines like this one do not count.\n" + "\n".join(steps) + "\n")
    if text is None:
        print(NO_EDITOR, file=sys.stderr)
    lines = [line.strip() for line in (text or "").splitlines()]
    return [line for line in lines if line and not line.startswith("#")] or steps


def rewritten(language: str, source: str) -> str:
    """The block after the user's editor; as it was where it does not start."""
    from commander.editor import edited  # reads settings: not before they are needed

    text = edited(source, f"block{ENDS.get(language, '.txt')}")
    if text is None:
        print(NO_EDITOR, file=sys.stderr)
    return source if text is None else text


def confined(options: Namespace, emit: Emit) -> bool:
    """Whether code runs in the jail; if not, why not is said."""
    from tools.interpreter.jail import probe

    if options.unsafe_no_jail:
        emit(Notice("no jail, as asked for: generated code runs with your rights", "warning"))
        return False
    if options.network:
        emit(Notice("the network is open for generated code in this run, as asked for", "warning"))
    why = probe()
    if why:
        emit(Notice(f"no jail: {why}; each block of code is asked for", "warning"))
    return why is None
