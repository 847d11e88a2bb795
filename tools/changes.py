"""What a workspace was at one moment, and what differs between two."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

CACHES = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Written by every Python program that imports a file beside it: no change that anyone asked for."""


class Saved(NamedTuple):
    """A file or link: its mode as `stat` has it, and the name of its content in the store."""

    mode: int
    content: str


@dataclass(frozen=True)
class Snapshot:
    """One state; `odd` holds what is not covered, with what tells whether it changed."""

    id: str
    saved: Mapping[str, Saved]
    folders: frozenset[str]
    odd: Mapping[str, str]

    @property
    def uncovered(self) -> list[str]:
        """Paths whose content cannot be brought back, sorted; "." means that the workspace is too large."""
        return sorted(self.odd)

    def sees(self, path: str) -> bool:
        """Whether nothing above the path is uncovered as a whole."""
        parts = path.split("/")
        return "." not in self.odd and not any("/".join(parts[:n]) in self.odd for n in range(1, len(parts)))


@dataclass(frozen=True)
class Changes:
    """What differs between two snapshots, as sorted paths; those that end with "/" are empty folders.

    A renamed file is also among `added` and `removed`.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


NOTHING = Changes()


def diff(before: Snapshot, after: Snapshot) -> Changes:
    """The changes from one to the other; nothing is said of places that one of them could not see."""
    old, new = _entries(before), _entries(after)
    both = old.keys() & new.keys()
    return Changes(
        added=_news(after, before, new.keys() - old.keys() - before.folders),
        changed=tuple(sorted({path for path in both if old[path] != new[path]} | (new.keys() & before.folders))),
        removed=_news(before, after, old.keys() - new.keys() - after.folders),
        renamed=_renamed(before, after),
    )


def _entries(snapshot: Snapshot) -> dict[str, Saved | str]:
    odd = {path: trace for path, trace in snapshot.odd.items() if path.rpartition("/")[2] not in CACHES}
    return {**snapshot.saved, **odd}


def _news(here: Snapshot, there: Snapshot, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that the other one could have seen, with the empty folders that it does not have."""
    filled = {path.rpartition("/")[0] for path in (*here.saved, *here.odd, *here.folders)}
    empty = here.folders - filled - there.folders - there.saved.keys() - there.odd.keys()
    return tuple(sorted(path for path in (*paths, *(f"{path}/" for path in empty)) if there.sees(path.rstrip("/"))))


def _renamed(before: Snapshot, after: Snapshot) -> tuple[tuple[str, str], ...]:
    """Old and new paths where one content left one place and came to one other."""
    gone = _sole({path: saved for path, saved in before.saved.items() if path not in after.saved})
    come = _sole({path: saved for path, saved in after.saved.items() if path not in before.saved})
    return tuple(sorted((gone[content], come[content]) for content in gone.keys() & come.keys()))


def _sole(saved: Mapping[str, Saved]) -> dict[str, str]:
    count = Counter(entry.content for entry in saved.values())
    return {entry.content: path for path, entry in saved.items() if count[entry.content] == 1}
