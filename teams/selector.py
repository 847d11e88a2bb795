"""Who speaks next: a pure function of the ledger; no model is asked."""

from agents.ledger import Ledger

COMMANDER, EXECUTOR = "commander", "executor"


def next_speaker(ledger: Ledger) -> str:
    """The name of the agent whose turn it is."""
    return EXECUTOR if ledger.phase == "write" else COMMANDER
