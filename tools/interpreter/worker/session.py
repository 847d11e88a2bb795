"""Open Interpreter with our Llm: each call of its chat loop runs exactly one block, and no prompt is ever made."""

import threading
from collections.abc import Iterator
from typing import Any

from interpreter import OpenInterpreter

from tools.interpreter.worker.console import Console
from tools.interpreter.worker.javascript import JavaScript
from tools.interpreter.worker.language import Chunk, Tools, Turn, frame
from tools.interpreter.worker.python import Python
from tools.interpreter.worker.shell import Shell


class OneBlock:
    """Stands where Open Interpreter has its Llm: says the block of the turn, then nothing, which ends the loop."""

    supports_vision = False

    def __init__(self, console: Console, tools: Tools) -> None:
        self.console = console
        self.tools = tools
        self.turn = Turn("", "", 0, 0)

    def run(self, messages: list[dict[str, Any]]) -> Iterator[Chunk]:
        """The block as Open Interpreter's own chunk, once."""
        if not self.turn.begun:
            self.turn.begun = True
            yield {"type": "code", "format": self.turn.language, "content": frame(self.turn.code)}


class Session:
    """An OpenInterpreter and its languages, kept from block to block."""

    def __init__(self, tools: Tools) -> None:
        self._llm = OneBlock(Console(), tools)
        self._interpreter = OpenInterpreter(
            llm=self._llm,
            auto_run=True,
            offline=True,
            disable_telemetry=True,
            conversation_history=False,
            system_message="",
        )
        self._interpreter.stop_event = threading.Event()
        computer = self._interpreter.computer
        computer.languages = [Python, Shell, *([JavaScript] if tools.javascript else [])]
        # `apt install X` would go past our languages.
        computer.terminal.sudo_install = lambda package: False

    def run(self, turn: Turn) -> Iterator[str]:
        """Runs the block of the turn; yields what it prints."""
        self._llm.turn = turn
        self._interpreter.messages = []
        for chunk in self._interpreter.chat("run", display=False, stream=True):
            if chunk.get("type") == "console" and chunk.get("format") in {"verbatim", "output"}:
                yield str(chunk.get("content", ""))
        if turn.exit_code is None and not turn.reason:
            turn.reason = "Open Interpreter did not run the block"
