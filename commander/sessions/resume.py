"""`commander resume`: a run goes on where it stopped, after what changed on disk since was told."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence

from commander.aside import aside
from commander.console import Screen, screen
from commander.place import workspace
from commander.sessions import shelf
from commander.sessions.claim import claimed
from commander.sessions.leftover import left_over
from commander.sessions.recording import Recording, continued
from commander.sessions.session import Session
from commander.task import work
from config.errors import UsageError
from tools.events import Emit, Notice, State
from tools.redaction import HIDDEN
from tools.reversal import Change, Move, changes, reversal


def resume(options: Namespace) -> int:
    """Go on with the session that is named, or the last one in the folder; the exit code.

    Raises:
        UsageError: there is none, it is done, or what changed since must be asked for and cannot.
    """
    words = options.task[1:] if options.task[:1] == ["resume"] else options.task
    if options.go_on and words:
        raise UsageError("--continue goes on with the task that is there already", "commander --continue")
    with screen(json=options.json) as shown:
        one = shelf.session(words[0]) if words else shelf.last(workspace(options.workspace, shown.emit))
        return asyncio.run(resumed(one, options, shown, lambda recording: work(recording, options, shown)))


async def resumed(one: Session, options: Namespace, shown: Screen, work: Callable[[Recording], Awaitable[int]]) -> int:
    """What `work` gives for the session where it stopped; 1: the user does not want to go on.

    Raises:
        UsageError: it is done, or what changed since must be asked for and cannot.
    """
    check(one)
    retype(one, options)
    with claimed(one.workspace, one.id):
        ours = await aside(lambda: agreed(one, shown, yes=options.yes))
        if ours is None:
            return 1
        with continued(one, shown.emit) as recording:
            catch_up(one, recording, ours)
            return await work(recording)


def check(one: Session) -> None:
    """See that there is something to go on with.

    Raises:
        UsageError: there is not.
    """
    if one.done:
        raise UsageError(f"session {one.id} is {one.outcome}", f"commander sessions show {one.id}")
    if not one.workspace.is_dir():
        raise UsageError(f"{one.workspace}, where session {one.id} works, is gone", f"mkdir -p {one.workspace}")
    if one.states:
        one.need_snapshots()


def retype(one: Session, options: Namespace) -> None:
    """Let the options of the session's beginning hold again where they were not typed anew."""
    for name, value in one.header["typed"].items():
        if getattr(options, name, value) in {None, False} and HIDDEN not in str(value):
            setattr(options, name, value)


def tell(one: Session, emit: Emit) -> None:
    """What goes on, and where."""
    done = len(one.states[-1]["ledger"]["accepted"]) if one.states else 0
    steps = f", {done} of {len(one.states[-1]['ledger']['steps'])} steps done" if done else ""
    emit(Notice(f"session {one.id} in {one.workspace}{steps}: {one.task.splitlines()[0][:100]}"))
    if HIDDEN in one.task:
        emit(Notice("the task held a secret, which was not kept: what needs it will fail", "warning"))


def agreed(one: Session, shown: Screen, *, yes: bool) -> list[Change] | None:
    """What is to be put back before it goes on; None: the user does not want to go on.

    Raises:
        UsageError: the folder is not as it was left, this must be asked, and there is no terminal.
    """
    tell(one, shown.emit)
    if not one.states:
        return []
    now = one.snapshots.take()
    since = changes([Move(one.snapshots.load(one.states[-1]["snapshot"]), now)])
    ours = left_over(one, now)
    if theirs := [change for change in since if change not in ours]:
        shown.emit(Notice(f"changed since it stopped, and kept: {named(theirs)}", "warning"))
    if ours:
        what = "a program was at work when it stopped; what it wrote, or you soon after, is put back"
        shown.emit(Notice(f"{what}: {named(ours)}", "warning"))
    if since and not yes and not shown.interactive:
        what = "the folder is not as it was left, and there is no terminal to ask"
        raise UsageError(what, f"commander resume {one.id} --yes")
    if since and not yes and shown.question("go on? [y]es, [n]o: ").strip().lower() not in {"y", "yes"}:
        return None
    return ours


def catch_up(one: Session, recording: Recording, ours: Sequence[Change]) -> None:
    """Bring folder and ledger to where the run stopped, and journal that as a state of its own.

    Raises:
        UsageError: the ledger is of another version of the program.
    """
    from agents.state import reopen, restored

    if not one.states:
        return
    snapshots, ledger = one.snapshots, one.states[-1]["ledger"]
    try:
        recording.ledger = restored(ledger, snapshots.load)
    except (LookupError, TypeError, ValueError):
        what = f"session {one.id} was begun by another version ({one.header['version']})"
        raise UsageError(what, f"commander sessions show {one.id}") from None
    found = now = snapshots.take()
    if ours:
        if failed := snapshots.restore(reversal(found, ours).target):
            recording.emit(Notice(f"could not be put back: {', '.join(failed)}", "warning"))
        now = snapshots.take()
    recording.note({"kind": "resumed", "found": found.id, "put_back": [change.path for change in ours]})
    recording.note({**State(ledger, now.id).to_json(), "resumed": True})
    recording.before = snapshots.load(one.states[0]["snapshot"])
    reopen(recording.ledger)


def named(found: Sequence[Change]) -> str:
    """The paths, each with its mark."""
    marked = [f"{'+' if change.old is None else '-' if change.new is None else '~'} {change.path}" for change in found]
    return ", ".join(marked[:20]) + (f" and {len(marked) - 20} more" if len(marked) > 20 else "")
