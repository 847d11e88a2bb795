"""Who speaks next: a pure function of the ledger; no model is asked."""

from agents.ledger import ADVISE_AFTER, Ledger

COMMANDER, EXECUTOR = "commander", "executor"


def next_speaker(ledger: Ledger) -> str:
    """The name of the agent whose turn it is."""
    if ledger.road.kind == "strategy":
        return COMMANDER
    if ledger.road.kind == "hybrid" and (not ledger.steps or len(ledger.accepted) == len(ledger.steps)):
        return COMMANDER
    failed = len(ledger.tries) >= ADVISE_AFTER and not any(attempt.holds for attempt in ledger.tries)
    return COMMANDER if failed and not ledger.advice else EXECUTOR
