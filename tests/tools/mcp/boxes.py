"""Tool boxes on real servers, and what they said and asked."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.events import Event, Notice
from tools.mcp.entry import Entry
from tools.mcp.question import Question
from tools.mcp.toolbox import ToolBox
from tools.workspace import Workspace

HOSTILE = Path(__file__).with_name("hostile.py")
ASKING = Path(__file__).with_name("asking.py")


@dataclass
class Opened:
    """A tool box in use; `answer` is what the user says to each question: None for yes."""

    box: ToolBox
    notices: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answer: str | None = None

    async def call(self, name: str, /, **arguments: Any) -> tuple[bool, str]:
        """Whether a call went wrong, and its text."""
        result = await self.box.call_tool(name, arguments)
        return result.is_error, result.to_text()

    async def text(self, name: str, /, **arguments: Any) -> str:
        """What a call gave, without its marks."""
        wrong, text = await self.call(name, **arguments)
        assert not wrong, text
        return "\n".join(text.splitlines()[1:-1])

    async def names(self, text: str = "", tokens: int = 100_000) -> list[str]:
        """The tools that are offered for a step."""
        self.box.aim(text, tokens)
        return [schema["name"] for schema in await self.box.list_tools()]


@asynccontextmanager
async def opened(workspace: Path, **servers: dict[str, Any]) -> AsyncIterator[Opened]:
    """A box with these servers, closed at the end."""
    entries = {name: Entry.model_validate(data) for name, data in servers.items()}
    found: Opened

    async def confirm(question: Question) -> str | None:
        found.questions.append(question)
        return found.answer

    def emit(event: Event) -> None:
        if isinstance(event, Notice):
            found.notices.append(event.text)

    found = Opened(ToolBox(entries, Workspace(workspace), confirm=confirm, emit=emit))
    try:
        yield found
    finally:
        await asyncio.wait_for(found.box.stop(), 30)


def hostile(*manner: str, **more: Any) -> dict[str, Any]:
    """The entry of the hostile server over standard input and output."""
    return {"command": sys.executable, "args": [str(HOSTILE), *manner], "timeout": 2, "startTimeout": 20, **more}


@contextmanager
def served(*command: str) -> Iterator[int]:
    """A server over HTTP as a process; its port, which it prints, or takes as its last argument."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, encoding="utf-8")
    try:
        port = command[-1] if command[-1].isdecimal() else process.stdout.readline()  # type: ignore[union-attr]  # piped
        _await(int(port))
        yield int(port)
    finally:
        process.kill()
        process.communicate()


def _await(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens at {port}")


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
