"""The real program in a pseudo-terminal, its screen read as a person sees it."""

import fcntl
import os
import pty
import signal
import struct
import termios
import threading
import time
from contextlib import suppress
from pathlib import Path

import pyte

from tests.commander.program import command

UP, CTRL_C, CTRL_D, CTRL_R, ALT_ENTER = "\x1b[A", "\x03", "\x04", "\x12", "\x1b\r"
BELOW = 4
"""Lines at the end that are drawn anew: the line where one types, and what moves beside it."""


class _Screen(pyte.HistoryScreen):
    """Answers when it is asked where its cursor is, as terminals do."""

    terminal = -1

    def write_process_input(self, data: str) -> None:
        os.write(self.terminal, data.encode())


class Terminal:
    """Types, waits for what is shown, tells what stands on the screen."""

    def __init__(
        self, url: str, cwd: Path, *arguments: str, columns: int = 160, lines: int = 40, **environment: str
    ) -> None:
        self.screen = _Screen(columns, lines, history=20_000, ratio=0.5)
        self._stream = pyte.ByteStream(self.screen)
        self._lock = threading.Lock()
        self.bytes = 0
        self._seen = 0
        words = command(*arguments)
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.environ.update({"OLLAMA_BASE_URL": url, "TERM": "xterm-256color", **environment})
            os.execv(words[0], words)
        self.screen.terminal = self._terminal
        self._size(columns, lines)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                return
            if not data:
                return
            with self._lock:
                self.bytes += len(data)
                self._stream.feed(data)

    @property
    def text(self) -> str:
        """All that was shown and still is, scrolled lines included, without the empty ones."""
        with self._lock:
            width = self.screen.columns
            gone = ["".join(line[x].data for x in range(width)).rstrip() for line in self.screen.history.top]
            return "\n".join(filter(None, [*gone, *(line.rstrip() for line in self.screen.display)]))

    @property
    def display(self) -> list[str]:
        """The lines that can be seen now."""
        with self._lock:
            return [line.rstrip() for line in self.screen.display]

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._terminal, text.encode())

    def say(self, text: str, expected: str = "", seconds: float = 60) -> None:
        """Type a line and Enter; wait for what is to be shown after it."""
        self.mark()
        self.type(text)
        self.wait(text.splitlines()[-1][-40:])
        self.type("\r")
        if expected:
            self.wait(expected, seconds)

    def mark(self) -> None:
        """What is waited for next must be shown from now on."""
        self._seen = len("\n".join(self.text.split("\n")[:-BELOW]))

    def wait(self, expected: str, seconds: float = 60, times: int = 1) -> None:
        """Wait until it is shown so often since the mark; the assertion that fails has the whole screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.text[self._seen :].count(expected) >= times:
                return
            time.sleep(0.05)
        raise AssertionError(f"not shown within {seconds} s: {expected!r}\n{self.text}")

    def gone(self, text: str, seconds: float = 60) -> None:
        """Wait until it can be seen no more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text not in "\n".join(self.display):
                return
            time.sleep(0.05)
        raise AssertionError(f"still shown after {seconds} s: {text!r}\n{self.text}")

    def calm(self, seconds: float = 10) -> list[str]:
        """The lines that can be seen, without empty ones, when nothing has moved for a second."""
        end, before, since = time.monotonic() + seconds, self.display, time.monotonic()
        while time.monotonic() < end and time.monotonic() - since < 1:
            time.sleep(0.05)
            if self.display != before:
                before, since = self.display, time.monotonic()
        return [line for line in before if line.strip()]

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        with self._lock:
            self.screen.resize(lines, columns)
        self._size(columns, lines)

    def _size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def ended(self, seconds: float = 60) -> int:
        """Wait for the program's end; its exit code."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self._reader.join(5)
                os.close(self._terminal)
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        raise AssertionError(f"it did not end within {seconds} s\n{self.text}")

    def kill(self) -> None:
        """End it at once, if it still runs."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.ended()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
