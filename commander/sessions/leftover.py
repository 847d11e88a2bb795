"""What a program may have written that was at work when its session was killed."""

from pathlib import Path

from commander.sessions.session import Session
from tools.reversal import Change, Move, changes
from tools.snapshot import Snapshot

SLACK = 5.0
"""Seconds that a program may outlive its time limit, and clocks may differ."""


def left_over(one: Session, now: Snapshot) -> list[Change]:
    """Its changes, and those that somebody else made before it can have ended; nothing where none was at work."""
    if one.settled:
        return []
    since = changes([Move(one.snapshots.load(one.states[-1]["snapshot"]), now)])
    ended = one.halted + one.header["settings"]["commander_block_timeout"] + SLACK
    return [change for change in since if not later(one.snapshots.workspace.place(change.path), ended)]


def later(place: Path, moment: float) -> bool:
    """Whether it surely changed after that; what is gone comes back in any case, for that spoils nothing."""
    try:
        return place.lstat().st_ctime > moment
    except FileNotFoundError:
        return False
