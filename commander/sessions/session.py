"""One session as it was kept: a folder with the journal of its runs, and the snapshots for undo."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from config.errors import UsageError
from tools.changes import Snapshot
from tools.journal import Record, records
from tools.reversal import Move
from tools.snapshot import Snapshots

JOURNAL, STORE = "journal.jsonl", "snapshots"
_LATER = {"stopped", "resumed", "undone"}
_ENDS = tuple(f'{{"kind": "{kind}"'.encode() for kind in ("finished", "stopped", "resumed", "undone"))


class Step(NamedTuple):
    """A time in which code changed the folder: the step of the plan that was done by it (0: none), and the states."""

    number: int
    before: str
    after: str


@dataclass(frozen=True)
class Session:
    """What a folder holds; its header is known, all else is read when it is asked for."""

    folder: Path
    header: Record

    @classmethod
    def at(cls, folder: Path) -> "Session | None":
        """The session in this folder; None where there is none."""
        try:
            with (folder / JOURNAL).open("rb") as file:
                header = json.loads(file.readline())
        except (OSError, ValueError):
            return None
        whole = isinstance(header, dict) and header.keys() >= {
            "task",
            "workspace",
            "typed",
            "settings",
            "version",
            "at",
        }
        return cls(folder, header) if whole else None

    @property
    def id(self) -> str:
        """Its name."""
        return self.folder.name

    @property
    def task(self) -> str:
        """What was to be done."""
        return str(self.header["task"])

    @property
    def workspace(self) -> Path:
        """Where it was to be done."""
        return Path(self.header["workspace"])

    @property
    def started(self) -> float:
        """When, in seconds since the epoch."""
        return float(self.header["at"])

    @cached_property
    def records(self) -> list[Record]:
        """All that happened, in order."""
        return records(self.folder / JOURNAL)[0]

    @cached_property
    def end(self) -> Record:
        """The record that tells how the last run ended; empty where nothing tells it."""
        ends: list[Record] = []
        for line in (self.folder / JOURNAL).read_bytes().split(b"\n"):
            if line.startswith(_ENDS):
                ends += [json.loads(line)]
        return next((end for end in reversed(ends) if not end.get("step")), {})

    @property
    def outcome(self) -> str:
        """How it stands, in a word or two, as far as its journal tells."""
        match self.end:
            case {"kind": "finished", "exit_code": code}:
                return "not done" if code else "done"
            case {"kind": "stopped", "exit_code": 130}:
                return "interrupted"
            case {"kind": "stopped"}:
                return "failed"
            case {"kind": "undone"}:
                return "undone"
        return "killed"

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.outcome in {"done", "undone"}

    @cached_property
    def states(self) -> list[dict[str, Any]]:
        """Where it stood, again and again."""
        return [record for record in self.records if record["kind"] == "state"]

    @property
    def settled(self) -> bool:
        """Whether no program was at work when it stopped, or what it wrote is put back."""
        return self.done or not self.states or self.states[-1]["settled"]

    @property
    def halted(self) -> float:
        """When the last thing happened in it, in seconds since the epoch."""
        return max(float(record["at"]) for record in self.records if record["kind"] not in _LATER)

    @property
    def kept(self) -> bool:
        """Whether its snapshots are still there: only those of the last sessions are."""
        return (self.folder / STORE).is_dir()

    def need_snapshots(self) -> None:
        """See that every state can be had.

        Raises:
            UsageError: they were removed to make room, or a power cut has spoilt them.
        """
        try:
            for identity in {state["snapshot"] for state in self.states if self.kept}:
                self.snapshots.load(identity)
        except KeyError:
            raise UsageError(f"the snapshots of session {self.id} are not whole", self._look) from None
        if not self.kept:
            raise UsageError(
                f"the snapshots of session {self.id} are gone: only the last sessions keep them", self._look
            )

    @property
    def _look(self) -> str:
        return f"commander sessions show {self.id}"

    @cached_property
    def snapshots(self) -> Snapshots:
        """Its snapshots, of its workspace."""
        return Snapshots(self.workspace, self.folder / STORE)

    def steps(self) -> Iterator[Step]:
        """The times in which code changed the folder, in order."""
        for one, other in pairwise(self.states):
            if not (one["settled"] or other.get("resumed")) and one["snapshot"] != other["snapshot"]:
                done = len(other["ledger"]["accepted"])
                yield Step(done if done > len(one["ledger"]["accepted"]) else 0, one["snapshot"], other["snapshot"])

    def moves(self, number: int | None = None) -> list[Move]:
        """What code changed, from state to state; of one step only where its number is given."""
        loaded: dict[str, Snapshot] = {}

        def load(identity: str) -> Snapshot:
            if identity not in loaded:
                loaded[identity] = self.snapshots.load(identity)
            return loaded[identity]

        return [Move(load(step.before), load(step.after)) for step in self.steps() if number in {None, step.number}]
