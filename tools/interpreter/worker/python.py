"""Python: one process that runs block after block in one namespace."""

import json
from pathlib import Path
from subprocess import PIPE

from tools.interpreter.worker.child import Child
from tools.interpreter.worker.language import Language
from tools.interpreter.worker.names import ALIASES

RUNNER = Path(__file__).with_name("python_runner.py")


class Python(Language):
    """Python blocks."""

    name = "python"
    aliases = ALIASES["python"]
    file_extension = "py"

    def begin(self, code: str, block: int) -> Child:
        """Hands the block to the process, or to a new one where it has ended."""
        if not (self.child and self.child.alive and self._hand(self.child, code, block)):
            bytecode = self.tools.environment["PYTHONPYCACHEPREFIX"]  # -I leaves the variable unread
            argv = [self.tools.python, "-I", "-X", "utf8", "-X", f"pycache_prefix={bytecode}", str(RUNNER)]
            self.child = Child(argv, self.tools.environment, self.console, block, stdin=PIPE)
            self._hand(self.child, code, block)
        return self.child

    def _hand(self, child: Child, code: str, block: int) -> bool:
        child.block = block
        request = {"code": code, "name": f"<block {block}>", "mark": self.console.mark(block)}
        try:
            assert child.popen.stdin  # noqa: S101 - given as PIPE
            child.popen.stdin.write(json.dumps(request).encode() + b"\n")
            child.popen.stdin.flush()
        except OSError:
            return False
        return True
