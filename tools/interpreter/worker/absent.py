"""Packages that Open Interpreter imports at module level and never calls here: empty modules answer for them.

Some are not installed (litellm alone would be 64% of the import, and 7 s without a network); others are, and slow.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

ABSENT = frozenset(
    "html2image html2text inquirer litellm pyperclip selenium shortuuid tokentrim toml webdriver_manager wget"
    " IPython jupyter_client matplotlib openai pkg_resources".split()
)


class AbsentModule(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the absent packages, and no other."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """An empty package for an absent name."""
        if fullname.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The empty module."""
        return AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def answer_for_absent() -> None:
    """From here on the absent packages can be imported, in this process only."""
    sys.meta_path.insert(0, AbsentFinder())
