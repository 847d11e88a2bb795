"""Which try wins, and when a run is over."""

import pytest

from agents.ledger import MAX_TRIES, Ledger, Try
from tools.interpreter.box import BlockResult
from tools.snapshot import NOTHING


def attempt(outcome: str) -> Try:
    """A try with this outcome; an empty one failed."""
    problems = () if outcome else ("it failed",)
    return Try("python", f"# {outcome}", BlockResult(0, outcome, 0.1), NOTHING, problems, outcome)


@pytest.mark.parametrize(
    ("outcomes", "wins"),
    [
        ("", None),
        ("a", None),
        ("aa", "a"),
        ("ab", None),
        ("aba", "a"),
        ("abb", "b"),
        ("abc", None),
        ("abc b", "b"),
        ("a b  ", None),
        (" a", None),
        ("a  ", "a"),
        ("a b", None),
        ("  aa", "a"),
        ("      ", None),
    ],
)
def test_the_outcome_that_two_reached_wins(outcomes: str, wins: str | None) -> None:
    ledger = Ledger(tries=[attempt(outcome.strip()) for outcome in outcomes])
    winner = ledger.winner()
    assert (winner.outcome if winner else None) == wins


def test_agreement_is_what_verifies() -> None:
    agreed = Ledger(tries=[attempt("a"), attempt("a")])
    agreed.accept(agreed.tries[0])
    alone = Ledger(tries=[attempt("a"), attempt(""), attempt("")])
    alone.accept(alone.tries[0])
    assert (agreed.answer, agreed.verified, agreed.over) == ("a", True, True)
    assert (alone.answer, alone.verified, alone.over) == ("a", False, True)


def test_the_last_try_that_fails_ends_the_run_with_what_is_missing() -> None:
    ledger = Ledger()
    for _ in range(MAX_TRIES):
        assert not ledger.over
        ledger.add(attempt(""))
    assert ledger.over
    assert ledger.missing == [f"{MAX_TRIES} programs were tried, none did it", "it failed"]


def test_programs_that_contradict_each_other_are_no_answer() -> None:
    ledger = Ledger()
    for outcome in ("0", "1", "", "2", "3", ""):
        assert not ledger.over
        ledger.add(attempt(outcome))
    assert ledger.missing == [f"{MAX_TRIES} programs were tried, no two agree: 0 | 1 | 2 | 3"]
    assert not ledger.answer
