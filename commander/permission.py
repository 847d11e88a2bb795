"""Whether a tool may be called, and questions of the model's: asked in the terminal, one at a time."""

import asyncio
import json

from commander.approval import NO_TERMINAL, reason, typed
from commander.console import Screen
from tools.mcp.question import Question

_LENGTH = 600


class Permission:
    """What the user said about tools; `always` holds for that tool until the task ends, or the tool changes."""

    def __init__(self, screen: Screen, *, yes: bool = False) -> None:
        self.screen, self.yes = screen, yes
        self._always: set[tuple[str, str]] = set()
        self._one = asyncio.Lock()

    async def confirm(self, question: Question) -> str | None:
        """None when the call may be made, else the reason that the model gets."""
        async with self._one:
            tool = question.server, question.tool
            if (self.yes or tool in self._always) and not question.changed:
                return None
            if not self.screen.interactive:
                return NO_TERMINAL
            self.screen.say(f"  tool  {told(question)}")
            answer = await typed(self.screen, "call it? [y]es, [n]o, [a]lways for this task: ")
            if answer.lower() in {"a", "always"}:
                self._always.add(tool)
            if answer.lower() in {"a", "always", "y", "yes"}:
                return None
            return await reason(self.screen, answer)

    async def ask(self, text: str) -> str:
        """The user's answer to the model; empty where there is none."""
        async with self._one:
            if not self.screen.interactive:
                return ""
            self.screen.say(f"  asked  {text}")
            return await typed(self.screen, "your answer: ")


def told(question: Question) -> str:
    """The call in one line, with what its server says that it does."""
    kind = {"unknown": "may change things", "write": "changes things", "destructive": "may delete things"}
    arguments = json.dumps(dict(question.arguments), ensure_ascii=False)
    short = arguments if len(arguments) <= _LENGTH else f"{arguments[:_LENGTH]} ... ({len(arguments):,} characters)"
    changed = ", and has changed since it was offered" if question.changed else ""
    return f"{question.tool} of {question.server} {short} ({kind.get(question.kind, 'reads')}{changed})"
