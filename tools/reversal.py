"""Undo: what code changed is put back, and what anybody changed since is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tools.changes import CACHES, Saved, Snapshot

Entry = Saved | str | None
"""A file or link, "folder", or nothing."""


class Move(NamedTuple):
    """What was there before some code ran, and after."""

    before: Snapshot
    after: Snapshot


@dataclass(frozen=True)
class Change:
    """A path, and what was there before all of the moves and after them."""

    path: str
    old: Entry
    new: Entry


@dataclass(frozen=True)
class Reversal:
    """The state to restore, what in it is put back, and what somebody changed since."""

    target: Snapshot
    paths: list[str]
    conflicts: list[str]


def changes(moves: Sequence[Move]) -> list[Change]:
    """What the moves come to, by path; what one did and another undid is none."""
    net: dict[str, Change] = {}
    for before, after in moves:
        old, new = _entries(before), _entries(after)
        for path in sorted(path for path in old.keys() | new.keys() if before.sees(path) and after.sees(path)):
            if old.get(path) != new.get(path) and not any(path in state.odd for state in (before, after)):
                first = net[path].old if path in net else old.get(path)
                net[path] = Change(path, first, new.get(path))
    return [change for _, change in sorted(net.items()) if change.old != change.new]


def sides(found: Iterable[Change]) -> Move:
    """The changes as two states that hold nothing else."""
    old, new = {}, {}
    for change in found:
        old[change.path], new[change.path] = change.old, change.new
    return Move(_state(old), _state(new))


def applied(state: Snapshot, found: Iterable[Change]) -> Snapshot:
    """The state as the changes leave it."""
    entries = _entries(state) | {change.path: change.new for change in found}
    return replace(_state(entries), odd=state.odd)


def reversal(now: Snapshot, found: Sequence[Change]) -> Reversal:
    """How to put the changes back from the state now; conflicts are put back, too, for those who force it."""
    here = _entries(now)
    wanted, conflicts = dict(here), []
    back = [change for change in found if here.get(change.path) != change.old]
    for change in back:
        if here.get(change.path) != change.new:
            conflicts.append(change.path)
        wanted[change.path] = change.old
    made = [change.path for change in back if change.new == "folder" and change.old is None]
    _keep_used(wanted, made, now.odd)
    conflicts += _in_the_way(wanted)
    gone = {path for path in made if wanted[path] is None}
    odd = {path: trace for path, trace in now.odd.items() if not gone & {*_above(path)}}
    target = replace(_state(wanted), odd=odd)
    paths = [change.path for change in back if wanted.get(change.path) != here.get(change.path)]
    return Reversal(target, paths, sorted(set(conflicts)))


def _entries(state: Snapshot) -> dict[str, Entry]:
    return {**state.saved, **dict.fromkeys(state.folders, "folder")}


def _state(entries: dict[str, Entry]) -> Snapshot:
    saved = {path: entry for path, entry in entries.items() if isinstance(entry, Saved)}
    folders = {path for path, entry in entries.items() if entry == "folder"}
    folders |= {above for path in (*saved, *folders) for above in _above(path)}
    return Snapshot("", saved, frozenset(folders), {})


def _keep_used(wanted: dict[str, Entry], made: Sequence[str], odd: Iterable[str]) -> None:
    """A folder that code made stays while anything else is in it."""
    alive = [path for path in odd if path.rpartition("/")[2] not in CACHES]
    alive += [path for path, entry in wanted.items() if entry is not None and path not in made]
    used = {above for path in alive for above in _above(path)}
    for path in made:
        wanted[path] = "folder" if path in used else None


def _in_the_way(wanted: dict[str, Entry]) -> list[str]:
    """Files in whose place a folder is needed."""
    used = {above for path, entry in wanted.items() if entry is not None for above in _above(path)}
    return [path for path in used if isinstance(wanted.get(path), Saved)]


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]
