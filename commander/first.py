"""`python -m commander` starts this program in any folder, also where a `commander/` was planted.

Python looks for a module in the current folder first. Installed beside the packages as `local_commander_first`, and
imported by `first.pth` only when the interpreter is asked for `commander`.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class First:
    """Finds `commander` everywhere but in the current folder, which is the first entry of `sys.path`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The program's own package; all other names are left to Python."""
        return PathFinder.find_spec(name, sys.path[1:]) if name == "commander" else None


sys.meta_path.insert(0, First)
