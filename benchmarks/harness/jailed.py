"""What runs in a jail of the harness: it sees the system and one folder, and has no network of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.interpreter.environment import clean_environment
from tools.interpreter.jail import HOME, Jail, find_bwrap
from tools.interpreter.pythons import own_python


def command(
    folder: Path, python: Path, shown: Sequence[Path], program: Sequence[str], more: Mapping[str, str] | None = None
) -> list[str]:
    """A command line for a program of `python`: only `folder` is writable, and a home that ends with the jail."""
    bwrap = find_bwrap()
    if not isinstance(bwrap, Path):
        raise SystemExit(f"no jail: {bwrap.what}; next: {bwrap.remedy}")
    environment = clean_environment(python, HOME) | dict(more or {})
    if python != own_python().executable:  # made with its bytecode beside it
        del environment["PYTHONPYCACHEPREFIX"]
    jail = Jail(folder, shown=[*own_python().folders, *shown])
    return [*jail.command(bwrap, environment), str(python), *program]
