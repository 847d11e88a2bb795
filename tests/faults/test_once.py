"""Each fault happens once on each surface, then the server is well: the task ends right, and no block runs again."""

from pathlib import Path

import pytest

from tests.faults.conftest import ROUNDS
from tests.faults.faults import FAULTS, LOOKS
from tests.faults.proxy import CHAT, COMPATIBLE, faulty
from tests.faults.runs import REPORT, Run, done, run, said
from tools.embedded.scripted import scripted

CALLS = {COMPATIBLE: 2, CHAT: 4}
"""Model calls of a run without faults."""
NAMES = list(FAULTS) if ROUNDS > 1 else ["loading", "evicted", "replaced", "length"]
"""In a short round, those with more to look at than the real program tells; it has them all."""
OTHERS = ("/api/version", "/api/tags", "/api/show", "/api/ps", "/api/generate")


def right(ran: Run, place: Path) -> None:
    """The task is done, and told as done; each of the four programs ran once."""
    assert (ran.code, ran.told) == (0, "")
    assert ran.ledger.answer == REPORT.strip()
    assert done(place)
    assert ran.blocks == 4


@pytest.mark.parametrize("name", NAMES)
def test_a_run_goes_on_after_a_call_that_failed(place: Path, name: str, round_number: int) -> None:
    fault, first = FAULTS[name], {path: 1 + (round_number - 1) % calls for path, calls in CALLS.items()}
    with scripted(said, load=fault.load) as (upstream, _), faulty(upstream, fault.fault, first) as proxy:
        ran = run(proxy.url, place, fault)
    assert proxy.faults == 2
    right(ran, place)
    assert bool(ran.retries) == bool(fault.said)
    assert ran.reloads == fault.reloads or round_number > 1  # `/v1` does not tell that it had to load


@pytest.mark.parametrize("name", ["reset", "503"])
def test_a_run_goes_on_after_every_other_request_failed(place: Path, name: str) -> None:
    with scripted(said) as (upstream, _), faulty(upstream, LOOKS[name].fault, dict.fromkeys(OTHERS, 1)) as proxy:
        ran = run(proxy.url, place, LOOKS[name])
    assert proxy.faults == len(OTHERS)
    right(ran, place)
