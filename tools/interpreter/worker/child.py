"""One process of a language: started in a group of its own, interrupted and ended with all that it started."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence

import psutil

from tools.interpreter.worker.console import Console


class Child:
    """A running process; `block` is the one that its death ends."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        console: Console,
        block: int,
        *,
        stdin: int,
        keep: Sequence[int] = (),
    ) -> None:
        self.block = block
        self._console = console
        self._doomed: list[psutil.Process] = []
        output = console.writer()
        try:
            self.popen = start(argv, environment, stdin, output, keep)
        finally:
            os.close(output)
        threading.Thread(target=self._report, daemon=True).start()

    def _report(self) -> None:
        exit_code = self.popen.wait()
        self._console.close(self.block, exit_code)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.popen.poll() is None

    def interrupt(self) -> None:
        """What Ctrl-C would do to it and its group."""
        # Remembered now: who dies of the interrupt leaves children that no longer name it as their parent.
        self._doomed = family(self.popen.pid)
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                os.kill(self.popen.pid, signal.CTRL_BREAK_EVENT)
            else:
                os.killpg(self.popen.pid, signal.SIGINT)

    def end(self) -> None:
        """Kills it, its descendants, and on POSIX what is left of its group."""
        kill([*self._doomed, *family(self.popen.pid)])
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self.popen.pid, signal.SIGKILL)


def start(
    argv: Sequence[str], environment: Mapping[str, str], stdin: int, output: int, keep: Sequence[int]
) -> "subprocess.Popen[bytes]":
    """Starts a process in a group of its own that prints both streams to `output`."""
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(argv, env=environment, stdin=stdin, stdout=output, stderr=output, creationflags=group)
    return subprocess.Popen(
        argv, env=environment, stdin=stdin, stdout=output, stderr=output, pass_fds=keep, start_new_session=True
    )


def family(pid: int) -> list[psutil.Process]:
    """The process and all that descend from it."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.Error:
        return []


def kill(members: Iterable[psutil.Process]) -> None:
    """Kills processes that may have ended."""
    for member in members:
        with contextlib.suppress(psutil.Error):
            member.kill()
