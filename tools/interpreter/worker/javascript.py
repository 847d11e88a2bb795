"""JavaScript: one node that runs block after block; `const` may be declared again, `await` stands at the top level."""

import json
import os
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

from tools.interpreter.worker.child import Child
from tools.interpreter.worker.language import Language
from tools.interpreter.worker.names import ALIASES

RUNNER = Path(__file__).with_name("javascript_runner.js")


class JavaScript(Language):
    """JavaScript blocks."""

    name = "javascript"
    aliases = ALIASES["javascript"]
    file_extension = "js"

    def __init__(self, computer: Any) -> None:
        super().__init__(computer)
        self._requests = -1

    def begin(self, code: str, block: int) -> Child:
        """Hands the block to the process, or to a new one where it has ended."""
        if not (self.child and self.child.alive and self._hand(self.child, code, block)):
            self.child = self._start(block)
            self._hand(self.child, code, block)
        return self.child

    def _start(self, block: int) -> Child:
        argv = [self.tools.javascript, "--experimental-vm-modules", "--no-warnings", str(RUNNER)]
        environment = self.tools.environment
        if sys.platform == "win32":  # node cannot be given more than three descriptors there
            return Child([*argv, "0"], environment, self.console, block, stdin=PIPE)
        if self._requests >= 0:
            os.close(self._requests)
        requests, self._requests = os.pipe()
        try:
            return Child([*argv, str(requests)], environment, self.console, block, stdin=DEVNULL, keep=[requests])
        finally:
            os.close(requests)

    def _hand(self, child: Child, code: str, block: int) -> bool:
        child.block = block
        request = {"code": code, "name": f"block{block}.js", "mark": self.console.mark(block)}
        line = json.dumps(request).encode() + b"\n"
        try:
            if child.popen.stdin:
                child.popen.stdin.write(line)
                child.popen.stdin.flush()
            else:
                while line:
                    line = line[os.write(self._requests, line) :]
        except OSError:
            return False
        return True
