"""Shell: each block in a fresh bash (PowerShell on Windows) that starts where the last one ended."""

import sys
import tempfile
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from tools.interpreter.worker.child import Child
from tools.interpreter.worker.language import Language, Turn
from tools.interpreter.worker.names import ALIASES

RUNNER = Path(__file__).with_name("shell_runner.ps1" if sys.platform == "win32" else "shell_runner.sh")


class Shell(Language):
    """Shell blocks: `exit`, `set -e` or an open quote end a block, never the state."""

    name = "shell"
    aliases = ALIASES["shell"]
    file_extension = RUNNER.suffix[1:]
    persistent = False

    def __init__(self, computer: Any) -> None:
        super().__init__(computer)
        self._folder = Path(tempfile.mkdtemp(prefix=".shell-", dir=self.tools.environment["HOME"]))

    def begin(self, code: str, block: int) -> Child:
        """Starts the block."""
        # PowerShell 5 takes a file without a byte order mark for the local code page.
        encoding = "utf-8-sig" if sys.platform == "win32" else "utf-8"
        script = self._folder / f"block{block}.{self.file_extension}"
        script.write_text(code + "\n", encoding=encoding, errors="surrogatepass", newline="")
        argv = [*self._shell(), str(RUNNER), str(self._folder / "state"), str(script)]
        return Child(argv, self.tools.environment, self.console, block, stdin=DEVNULL)

    def forget(self) -> None:
        """Lets the next block start without the state of earlier ones."""
        super().forget()
        (self._folder / "state").unlink(missing_ok=True)

    def _shell(self) -> list[str]:
        if sys.platform == "win32":
            return [self.tools.shell, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"]
        return [self.tools.shell, *(["--noprofile", "--norc"] if Path(self.tools.shell).name == "bash" else [])]

    def _conclude(self, turn: Turn) -> None:
        if turn.reason:
            self.terminate()  # what ignored the interrupt in the background
        super()._conclude(turn)
