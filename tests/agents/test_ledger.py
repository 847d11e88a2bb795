"""Which try wins, and when a run is over."""

from dataclasses import replace
from itertools import count

import pytest

from agents.examples import Example
from agents.expectation import Expectation, expectation
from agents.ledger import MAX_BODIES, MAX_TRIES, Ledger, Road, Try, Used
from tools.interpreter.box import BlockResult
from tools.snapshot import NOTHING

TEXTS = count()


def attempt(outcome: str, text: str = "") -> Try:
    """A try with this outcome, of a text of its own unless one is given; an empty outcome failed."""
    problems = () if outcome else ("it failed",)
    return Try("python", text or f"# {next(TEXTS)}", BlockResult(0, outcome, 0.1), NOTHING, problems, outcome)


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
        ("a  ", None),
        ("     a", None),
        ("a b", None),
        ("  aa", "a"),
        ("      ", None),
    ],
)
def test_the_outcome_that_two_reached_wins(outcomes: str, wins: str | None) -> None:
    ledger = Ledger(tries=[attempt(outcome.strip()) for outcome in outcomes])
    winner = ledger.winner()
    assert (winner.outcome if winner else None) == wins


@pytest.mark.parametrize(("texts", "wins"), [("xx", None), ("xy", "a"), ("xxy", "a"), ("xxx", "a")])
def test_the_same_text_is_no_second_opinion_until_it_comes_a_third_time(texts: str, wins: str | None) -> None:
    winner = Ledger(tries=[attempt("a", text) for text in texts]).winner()
    assert (winner.outcome if winner else None) == wins


def test_of_two_that_agree_the_one_wins_that_says_more() -> None:
    ledger = Ledger(tries=[attempt("says 4"), attempt("says 4 13574"), attempt("says 9")])
    winner = ledger.winner()
    assert winner is not None and winner.outcome == "says 4 13574"


def test_what_is_left_to_chance_needs_no_second() -> None:
    task = "Write ten random numbers to r.txt"
    assert Ledger(tries=[attempt("a")], expects=expectation(task, [])).winner() is not None
    for sure in ("Write ten primes to r.txt, sorted", "Sum up inventory.json", "Count the timestamps of a.log"):
        assert Ledger(tries=[attempt("a")], expects=expectation(sure, [])).winner() is None


def test_what_only_one_program_did_wins_never() -> None:
    ledger = Ledger()
    for outcome in ("a", "", "", "", "", ""):
        assert ledger.winner() is None
        ledger.add(attempt(outcome))
    assert ledger.over and "they do not agree: a" in ledger.missing[0]


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
    assert ledger.missing == [f"{MAX_TRIES} programs were tried, they do not agree: 0 | 1 | 2 | 3"]
    assert not ledger.answer


def test_of_many_functions_that_all_do_something_else_two_agree_by_chance() -> None:
    tries = [attempt(f"1 calls of its functions, for comparison: {name}") for name in ("aa", "bb", "cc", "dd", "aa")]
    checked = Expectation(file="f.py", examples=(Example("f(1)", "2"),))
    for expects in (Expectation(file="f.py"), checked):
        assert Ledger(expects=expects, tries=tries).winner() is None
        assert Ledger(expects=expects, tries=[*tries[3:], tries[0]]).winner() is tries[0]


def test_of_many_files_that_pass_the_examples_one_is_taken_but_of_bodies_only_what_most_agree_on() -> None:
    checked = Expectation(file="f.py", examples=(Example("f(1)", "2"),))
    for expects in (checked, replace(checked, stub="def f(n):")):
        ledger = Ledger(expects=expects)
        while not ledger.over and ledger.winner() is None:
            ledger.add(attempt(f"1 calls of its functions, for comparison: a{'abcdefghij'[len(ledger.tries)]}"))
        if expects.stub:
            assert ledger.missing == [
                f"{MAX_BODIES} programs were tried, 10 passed the checks, they behave differently"
            ]
        else:
            assert ledger.winner() is ledger.tries[0]


def test_of_files_that_pass_the_examples_two_that_agree_are_taken_before_the_first() -> None:
    tries = [
        attempt(f"1 calls of its functions, for comparison: {name}") for name in ("aa", "bb", "cc", "bb", "dd", "ee")
    ]
    checked = Expectation(file="f.py", examples=(Example("f(1)", "2"),))
    assert Ledger(expects=checked, tries=tries[:-1]).winner() is None
    assert Ledger(expects=checked, tries=tries).winner() is tries[3]


def test_what_tools_gave_is_handed_over_without_addresses_to_fetch_it_from() -> None:
    calls = [Used("go", "{}", "The page http://localhost:8000/: soup 6.40", False), Used("run_code", "{}", "", False)]
    task = "Open http://localhost:8000 and save the prices to menu.csv"
    ledger = Ledger(task, Road("tools", ""), calls=calls, steps=["save the prices of http://localhost:8000"])
    assert ledger.phase == "write"
    assert "soup 6.40" in ledger.opening() and "localhost" not in ledger.opening()
    assert "localhost" in Ledger(task, Road("tools", ""), calls=calls).opening()


def test_the_conversation_and_what_the_user_says_since_are_in_every_prompt() -> None:
    ledger = Ledger("Plot it", talk="User: " + "x" * 600, added=["in red"])
    assert ledger.opening().startswith("# Said before\nUser: xxx")
    assert "# What the user says since\n- in red\n" in ledger.opening()
    assert ledger.heard == 1
    while ledger.talk:
        assert ledger.compact()
    assert "Said before" not in ledger.opening()
    assert "in red" in ledger.opening()
