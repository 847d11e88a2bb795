"""What a run is asked for."""

from dataclasses import dataclass, field

from agents.consent import Consent
from agents.ledger import Ledger
from commander.tooling import Tooling
from tools.snapshot import Snapshot, Snapshots


@dataclass(frozen=True)
class Request:
    """What the user wants done, where, and how far code may go; `jailed` False: the user was told and asked.

    A run that goes on has the `ledger` that it stopped with, and the state of the folder `before` it began.
    """

    task: str
    snapshots: Snapshots
    consent: Consent
    tooling: Tooling
    route: str = ""
    jailed: bool = True
    network: bool = False
    ledger: Ledger | None = None
    before: Snapshot | None = None
    talk: str = ""
    """What was said before, in the chat."""
    added: list[str] = field(default_factory=list)
    """What the user says while the run goes on; the team reads it at its next turn."""
