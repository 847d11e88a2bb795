"""What a run came to, as the event that ends it."""

from agents.ledger import Ledger
from tools.events import Finished
from tools.ollama.gateway import Gateway
from tools.snapshot import Changes


def finished(ledger: Ledger, gateway: Gateway, changes: Changes, seconds: float) -> Finished:
    """What the run came to."""
    calls = gateway.calls
    kinds = [load.why for load in gateway.loads]
    return Finished(
        exit_code=1 if ledger.missing else 0,
        answer=ledger.answer,
        verified=ledger.verified,
        added=list(changes.added),
        changed=list(changes.changed),
        removed=list(changes.removed),
        missing=ledger.missing,
        refused=ledger.refused,
        calls=len(calls),
        prompt_tokens=sum(call.prompt_tokens for call in calls),
        completion_tokens=sum(call.completion_tokens for call in calls),
        loads=kinds.count("load"),
        reloads=kinds.count("reload"),
        swaps=kinds.count("swap"),
        load_seconds=sum(load.seconds for load in gateway.loads),
        seconds=seconds,
    )
