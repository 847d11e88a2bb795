"""`commander undo` and `commander diff`: what a session, or a step of it, changed is put back, or shown."""

import sys
from argparse import Namespace
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from commander.console import clean
from commander.place import workspace
from commander.sessions import shelf
from commander.sessions.claim import claimed
from commander.sessions.leftover import left_over
from commander.sessions.recording import continued
from commander.sessions.session import Session
from config.errors import CommanderError, UsageError
from tools.events import ignore
from tools.reversal import Change, Move, applied, changes, reversal, sides
from tools.snapshot import Snapshots

STYLES = {"+": "green", "-": "red", "@": "cyan"}


def undo(options: Namespace) -> int:
    """Put back what a session, or a step of it, changed; the exit code.

    Raises:
        UsageError: there is no such session or step, or its snapshots are gone.
        CommanderError: somebody changed it since (nothing is put back then), or it cannot be written.
    """
    one = named(options)
    paths = put_back(one, options.step, force=options.force)
    out = Console(highlight=False, soft_wrap=True)
    for path in paths:
        out.print(Text(clean(f"  put back  {path}")))
    out.print(f"session {one.id}{_step(options.step)}: {len(paths) or 'nothing is left to'} put back")
    return 0


def put_back(one: Session, step: int | None = None, *, force: bool = False) -> list[str]:
    """Put back what the session, or that step, changed; the paths where there was something to do.

    Raises:
        UsageError: the step is not known, the snapshots are gone, or a run works in the folder.
        CommanderError: somebody changed it since (then `force` it), or it cannot be written.
    """
    with claimed(one.workspace, one.id):
        now, found = one.snapshots.take(), changed(one, step)
        back = reversal(now, found)
        if back.conflicts and not force:
            some = ", ".join(back.conflicts[:10]) + (" and more" if len(back.conflicts) > 10 else "")
            what = f"changed since, by you or a later step: {some}; nothing was put back"
            raise CommanderError(clean(what), f"commander undo {one.id}{f' --step {step}' if step else ''} --force")
        failed = one.snapshots.restore(back.target) if back.paths else []
        if back.paths:
            with continued(one, ignore) as recording:
                recording.note({"kind": "undone", "step": step, "paths": back.paths, "found": now.id})
    if failed:
        raise CommanderError(f"could not be put back: {', '.join(failed)}", "look at their permissions")
    return back.paths


def show(options: Namespace) -> int:
    """Print what the session or the step changed, as `diff -u` does."""
    one = named(options)
    found = changed(one, options.step)
    out = Console(highlight=False, soft_wrap=True)
    for text in differences(found, one.snapshots):
        for line in text.removesuffix("\n").split("\n"):
            style = STYLES.get(line[:1], "") if not line.startswith(("+++", "---")) else "bold"
            out.print(Text(clean(line), style if out.is_terminal else ""))
    if not found:
        print(f"session {one.id} changed nothing", file=sys.stderr)
    return 0


def differences(found: list[Change], snapshots: Snapshots) -> Iterator[str]:
    """The difference of each file; folders and permissions in a line."""
    before, after = sides(found)
    for change in found:
        path = change.path
        if "folder" in {change.old, change.new}:
            if change.old is None or change.new is None:
                yield f"{path}/: folder {'made' if change.old is None else 'removed'}\n"
        else:
            yield snapshots.unified(before, after, path) or f"{path}: other permissions\n"


def named(options: Namespace) -> Session:
    """The session that is named, or the last one in the folder.

    Raises:
        UsageError: there is none.
    """
    words = options.task[1:]
    return shelf.session(words[0]) if words else shelf.last(workspace(options.workspace, ignore))


def changed(one: Session, step: int | None = None) -> list[Change]:
    """What the session, or one step of it, changed.

    Raises:
        UsageError: the step is not known, or the snapshots are gone.
    """
    one.need_snapshots()
    steps = [each.number for each in one.steps() if each.number]
    if step is not None and step not in steps:
        have = f"these did: {', '.join(map(str, steps))}" if steps else "none did"
        raise UsageError(f"no step {step} of session {one.id} changed a file ({have})", f"commander diff {one.id}")
    moves = one.moves(step)
    if step is None and (left := left_over(one, one.snapshots.take())):
        stopped = one.snapshots.load(one.states[-1]["snapshot"])
        moves.append(Move(stopped, applied(stopped, left)))
    return changes(moves)


def _step(number: int | None) -> str:
    return f", step {number}" if number else ""
