"""A run while it is journalled: where its events go, where its snapshots lie, what it goes on from."""

import os
import secrets
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from commander.cli import release
from commander.place import store
from commander.sessions import shelf
from commander.sessions.claim import claimed
from commander.sessions.session import JOURNAL, STORE, Session
from commander.sessions.stream import Stream
from commander.typed import chosen
from config import settings
from config.errors import CommanderError
from tools.events import Emit, Event, Notice, State
from tools.journal import Journal, Record, mend
from tools.redaction import redacted, redactor
from tools.snapshot import Snapshot, Snapshots

if TYPE_CHECKING:
    from agents.ledger import Ledger

TYPED = ("model", "executor_model", "base_url", "python", "route", "plan", "ask", "max_turns", "timeout")
"""Options that hold for a session as long as it lasts; what opens more than they do is typed anew each time."""
_SYNCED = {"state", "finished", "stopped", "resumed", "undone"}


class Recording:
    """One run of a session; without a journal it goes on all the same."""

    ledger: "Ledger | None" = None
    """Set: the run goes on from it."""
    before: Snapshot | None = None
    """The folder before the first run of the session; unset: as it is now."""
    id = ""
    """The session; empty: it is not kept."""
    talk = ""
    """What was said before, in the chat."""

    def __init__(self, task: str, snapshots: Snapshots, journal: Journal | None, show: Emit) -> None:
        self.task = task
        self.snapshots = snapshots
        self.added: list[str] = []
        """What the user says while it goes on."""
        self._journal = journal
        self._show = show
        self._stream = Stream()
        self._state: State | None = None
        self._lock = threading.RLock()  # events come from threads, too

    def emit(self, event: Event) -> None:
        """Journal the event, then show it; a state is for the journal alone."""
        with self._lock:
            if event != self._state:
                for each in self._stream.ready(event):
                    self.note(each.to_json())
        if isinstance(event, State):
            self._state = event
        else:
            self._show(event)

    def note(self, record: Record) -> None:
        """Journal a record."""
        if self._journal is None:
            return
        try:
            self._journal.write(record, sync=record["kind"] in _SYNCED)
        except OSError as error:
            self._journal = None
            self._show(Notice(f"the journal ends here ({error.strerror}): the run goes on without it", "warning"))

    @property
    def unread(self) -> list[str]:
        """What the user said too late for the team to read."""
        return self.added[self._state.ledger.get("heard", 0) if self._state else 0 :]

    @property
    def under_way(self) -> bool:
        """Whether there is something to go on from."""
        return self._state is not None

    def close(self, end: Record | None = None) -> None:
        """Journal what is held back, and how the run ended where no event told it."""
        with self._lock:
            for event in self._stream.rest():
                self.note(event.to_json())
            if end:
                self.note(end)
            journal, self._journal = self._journal, None
            if journal:
                journal.close()


@contextmanager
def begun(task: str, place: Path, options: Namespace, show: Emit) -> Iterator[Recording]:
    """A new session; where it cannot be kept, that is told, and the task is done all the same.

    Raises:
        UsageError: another run works in the folder.
    """
    name = secrets.token_hex(4)
    hide = redactor(settings.secrets())
    with claimed(place, name), ExitStack() as stack:
        try:
            shelf.prune()
            earlier = [each for each in shelf.sessions() if each.workspace == place]
            if earlier and not earlier[0].settled:
                what = f"session {earlier[0].id} was killed while a program of it was at work here"
                show(Notice(f"{what}; to put back what it wrote: commander undo {earlier[0].id}", "warning"))
            seed = next((each.folder / STORE for each in earlier if each.kept), None)
            folder = shelf.make(name, redacted(header(task, place, options), hide))
            journal: Journal | None = Journal(folder / JOURNAL, hide)
            snapshots = Snapshots(place, folder / STORE, seed)
        except OSError as error:
            show(Notice(f"no journal of this run, so no resume and no undo: {error}", "warning"))
            name, journal, snapshots = "", None, Snapshots(place, stack.enter_context(store()))
        yield from ending(Recording(task, snapshots, journal, show), name, show)


@contextmanager
def continued(one: Session, show: Emit) -> Iterator[Recording]:
    """The session again, after `claimed`.

    Raises:
        OSError: its journal cannot be written.
    """
    if mend(one.folder / JOURNAL):
        show(Notice("the last line of the journal was not written to its end: it is dropped", "warning"))
    journal = Journal(one.folder / JOURNAL, redactor(settings.secrets()))
    yield from ending(Recording(one.task, one.snapshots, journal, show), one.id, show)


def ending(recording: Recording, name: str, show: Emit) -> Iterator[Recording]:
    """The recording, closed at its end, however that comes."""
    recording.id = name
    try:
        yield recording
    except BaseException as error:
        code = error.exit_code if isinstance(error, CommanderError) else 1 if isinstance(error, Exception) else 130
        reason = "interrupted" if code == 130 else str(error) or type(error).__name__
        recording.close({"kind": "stopped", "exit_code": code, "reason": reason})
        if name and recording.under_way:
            with suppress(OSError):
                show(Notice(f"to go on: commander resume {name}"))
        raise
    recording.close()


def header(task: str, place: Path, options: Namespace) -> Record:
    """What the first line of a journal tells."""
    typed = {name: value for name in TYPED if (value := getattr(options, name)) not in {None, False}}
    return {
        "format": 1,
        "version": release(),
        "task": task,
        "workspace": str(place),
        "chat": getattr(options, "chat", ""),
        "typed": typed,
        "settings": chosen(options).model_dump(mode="json"),
        "network": bool(options.network),
        "jail": not options.unsafe_no_jail,
        "pid": os.getpid(),
    }
