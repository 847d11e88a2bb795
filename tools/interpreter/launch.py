"""How a worker is started: its command line, through the jail, and its environment."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.errors import JailError
from tools.interpreter.environment import clean_environment
from tools.interpreter.jail import Jail, NoJail, find_bwrap
from tools.interpreter.pythons import Python, own_python

SHELLS = ("pwsh", "powershell") if sys.platform == "win32" else ("bash", "sh")


@dataclass(frozen=True)
class Launch:
    """What a worker is given to see and to use; `restraint` is what it puts on itself."""

    worker: Path
    workspace: Path
    python: Python
    home: str
    restraint: Mapping[str, int]
    jailed: bool
    network: bool
    readonly: Sequence[Path]
    tmp_mb: int

    @property
    def environment(self) -> dict[str, str]:
        """Made up; nothing of the host's."""
        return clean_environment(self.python.executable, self.home)

    def make_command(self) -> list[str]:
        """The whole command line; JailError where there can be no jail."""
        tools = {
            "python": str(self.python.executable),
            "shell": next(filter(None, map(shutil.which, SHELLS)), SHELLS[-1]),
            "javascript": shutil.which("node") or "",
        }
        settings = json.dumps({"limits": {**self.restraint, "jailed": self.jailed}, "tools": tools})
        command = [str(own_python().executable), "-I", str(self.worker), settings]
        return [*self._enter_jail(), *command] if self.jailed else command

    def _enter_jail(self) -> list[str]:
        bwrap = find_bwrap()
        if isinstance(bwrap, NoJail):
            raise JailError(bwrap.what, bwrap.remedy)
        node = shutil.which("node")
        jail = Jail(
            self.workspace,
            shown=[
                *own_python().folders,
                *self.python.folders,
                *([Path(node)] if node else []),
                self.worker.parent,
            ],
            readonly=self.readonly,
            network=self.network,
            tmp_mb=self.tmp_mb,
        )
        return jail.command(bwrap, self.environment)
