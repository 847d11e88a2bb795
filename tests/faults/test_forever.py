"""A fault that never ends: the run ends in time, with one line that names the cause, and is never told as done."""

import re
from pathlib import Path

import pytest

from tests.faults.faults import FAULTS
from tests.faults.proxy import CHAT, COMPATIBLE, faulty
from tests.faults.runs import done, run, said
from tools.embedded.scripted import scripted

SECONDS = 4.0
"""That the slowest of them took at most, measured; a test gives three times as much."""
EVER = float("inf")
ONE_LINE = re.compile(r"[^\n]+; next: [^\n]+")
HARMLESS = [name for name, fault in FAULTS.items() if not fault.said]
SERVERS = [name for name, fault in FAULTS.items() if fault.code == 3 and fault.said]
MODELS = [name for name, fault in FAULTS.items() if fault.code == 1]


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("path", [CHAT, COMPATIBLE])
def test_a_run_ends_with_the_cause(place: Path, name: str, path: str) -> None:
    named = FAULTS[name]
    with scripted(said) as (upstream, _), faulty(upstream, named.ever or named.fault, {path: 1}, EVER) as proxy:
        ran = run(proxy.url, place, named)
    assert proxy.faults > 0
    assert ran.seconds < SECONDS * 3
    assert ran.code == 3
    assert re.search(named.said, ran.told)
    assert ONE_LINE.fullmatch(ran.told)
    assert (ran.blocks, ran.ledger.answer, list(place.iterdir())) == (0, "", [])


@pytest.mark.parametrize("name", MODELS)
def test_of_a_model_that_writes_no_whole_program_none_runs(place: Path, name: str) -> None:
    with scripted(said) as (upstream, _), faulty(upstream, FAULTS[name].fault, {CHAT: 1}, EVER) as proxy:
        ran = run(proxy.url, place, FAULTS[name])
    assert (proxy.faults, ran.code) == (6, 1)
    assert "6 programs were tried" in ran.told
    assert (ran.blocks, list(place.iterdir())) == (0, [])


@pytest.mark.parametrize("name", MODELS)
def test_no_part_of_a_report_is_taken_for_the_whole(place: Path, name: str) -> None:
    named = FAULTS[name]
    with scripted(said) as (upstream, _), faulty(upstream, named.fault, {COMPATIBLE: 2}, EVER) as proxy:
        ran = run(proxy.url, place, FAULTS[name])
    assert proxy.faults in {2, 3}  # a longer answer than fits is asked for twice, for the second may take minutes
    assert ran.code == 1
    assert re.search(named.said, ran.told)
    assert done(place)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_no_harm_never_does(place: Path, name: str) -> None:
    with scripted(said) as (upstream, _), faulty(upstream, FAULTS[name].fault, {CHAT: 1, COMPATIBLE: 1}, EVER) as proxy:
        ran = run(proxy.url, place, FAULTS[name])
    assert proxy.faults == 6
    assert (ran.code, ran.retries) == (0, [])
    assert done(place)


def test_what_was_done_before_is_neither_lost_nor_done_again(place: Path) -> None:
    named = FAULTS["reset in the middle"]
    with scripted(said) as (upstream, _), faulty(upstream, named.fault, {COMPATIBLE: 2}, EVER) as proxy:
        ran = run(proxy.url, place, named)
    assert (proxy.faults, ran.code, ran.blocks) == (3, 3, 4)
    assert done(place)
