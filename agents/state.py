"""The ledger as JSON and back: what a later process goes on from. Snapshots stay where they are; their ids are kept."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from agents.expectation import Expectation
from agents.ledger import Ledger, Road, Try, Used
from tools.snapshot import Snapshot

if TYPE_CHECKING:
    from agents.executor import Executor

OUTPUT = 20_000
"""Characters of a program's output that are kept, from its end: more than any prompt shows of it."""
_TRIES = ("accepted", "tries")


class Kept:
    """A team's state as AutoGen asks for it: the ledger, and the folder's snapshots by their ids."""

    ledger: Ledger
    restored: Ledger | None
    executor: "Executor"

    async def save_state(self) -> Mapping[str, Any]:
        """Where the team stands, as JSON."""
        return {"ledger": dumped(self.ledger)}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Let the next run go on from what `save_state` gave.

        Raises:
            KeyError: a snapshot is not there any more.
            ValueError: this is no such state.
        """
        self.restored = restored(state["ledger"], self.executor.snapshots.load)
        reopen(self.restored)


def dumped(ledger: Ledger) -> dict[str, Any]:
    """All that the ledger holds but an error: what failed only by one is not over."""
    plain = asdict(replace(ledger, accepted=[], tries=[], error=None, over=ledger.over and ledger.error is None))
    return plain | {name: [_plain(attempt) for attempt in getattr(ledger, name)] for name in _TRIES}


def _plain(attempt: Try) -> dict[str, Any]:
    short = replace(attempt.result, output=attempt.result.output[-OUTPUT:])
    return asdict(replace(attempt, result=short, state=None)) | {"state": attempt.state.id if attempt.state else ""}


def restored(data: Mapping[str, Any], load: Callable[[str], Snapshot]) -> Ledger:
    """The ledger that `dumped` gave, also after a round through JSON; `load` finds a snapshot by its id.

    Raises:
        KeyError: a snapshot is not there any more.
        ValueError: this is no ledger.
    """
    given = {field.name: data[field.name] for field in fields(Ledger) if field.name in data}
    given |= {name: [_attempt(plain, load) for plain in data[name]] for name in _TRIES}
    given["road"] = TypeAdapter(Road).validate_python(data["road"])
    given["expects"] = TypeAdapter(Expectation).validate_python(data["expects"])
    given["calls"] = TypeAdapter(list[Used]).validate_python(data.get("calls", []))
    given["drafts"] = {int(place): text for place, text in data["drafts"].items()}
    return Ledger(**given)


def _attempt(plain: Mapping[str, Any], load: Callable[[str], Snapshot]) -> Try:
    attempt = TypeAdapter(Try).validate_python({**plain, "state": None})
    return replace(attempt, state=load(plain["state"]) if plain["state"] else None)


def reopen(ledger: Ledger) -> None:
    """Let a run that gave up go on; a step whose tries are used up begins anew."""
    if ledger.over and ledger.missing:
        ledger.over, ledger.missing, ledger.answer, ledger.answers = False, [], "", 0
        if len(ledger.tries) >= ledger.most:
            ledger.tries, ledger.advice = [], ""
