"""A function that a task gives without its body."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agents.checks import expected
from agents.evidence import outcome
from agents.ledger import MAX_BODIES, MAX_TRIES, Ledger, Try
from agents.program import Program, chosen_program, messages, options, saving
from agents.stubs import alone, begun, stub, whole
from tools.interpreter.box import BlockResult
from tools.snapshot import NOTHING
from tools.workspace import Workspace

GIVEN = '''from typing import List


def total(items: List[int]) -> int:
    """The sum of the even ones.

    >>> total([1, 2, 4])
    6
    """'''
TASK = f"Complete this function and write it into even.py.\n\n```python\n{GIVEN}\n```\n\nKeep it short."


@pytest.mark.parametrize(
    ("task", "found"),
    [
        (TASK, GIVEN),
        (f"Complete it in even.py:\n\n{GIVEN}\n\nKeep it short.", GIVEN),
        (f"Complete it in even.py:\n\n{GIVEN}\n    ...\n", GIVEN),
        (f"Complete it in even.py:\n\n{GIVEN}\n    # to do\n    raise NotImplementedError\n", GIVEN),
        ("Write f.py:\ndef f(n):\n    pass\n", "def f(n):"),
        ("Write f.py with:\n\ndef f(n):\n\nIt doubles n.", "def f(n):"),
        (
            'Go on in f.py:\n\nK = 3\n\ndef one():\n    return K\n\ndef two():\n    import os\n    """Two."""\n',
            'K = 3\n\ndef one():\n    return K\n\ndef two():\n    import os\n    """Two."""',
        ),
        ("Write f.py:\ndef f(n):\n    ...\nassert f(2) == 4\n\nThanks\n", "def f(n):"),
        ("Write f.py:\ndef f(n):\n    return n\n", ""),
        ("Fix f.py:\n\ndef f(n):\n\n    return n\n", ""),
        ("Write f.py:\ndef f(n):\n    ...\n\ndef g(n):\n    ...\n", ""),
        ("Write f.py:\ndef f(n):\n    ...\n\ndef g(n):\n    return f(n)\n", ""),
        ("Write a function that doubles numbers into f.py.", ""),
        ("import the table into f.py, from there export it", ""),
    ],
)
def test_the_function_up_to_its_body(task: str, found: str) -> None:
    assert stub(task).removesuffix("\n    # to do") == found


def test_the_reply_begins_with_the_function_and_the_file_holds_it(tmp_path: Path) -> None:
    expects = expected(TASK, Workspace(tmp_path))
    asked = messages(Ledger(task=TASK, expects=expects))
    assert asked[-1] == {"role": "assistant", "content": f"```python\n{GIVEN}\n"}
    program = chosen_program(f"{asked[-1]['content']}    return sum(n for n in items if n % 2 == 0)\n```", expects)
    assert program is not None
    assert program.text == f"{GIVEN}\n    return sum(n for n in items if n % 2 == 0)\n"


def test_a_file_that_is_there_is_not_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "even.py").write_text("def other():\n    return 1\n", encoding="utf-8")
    asked = messages(Ledger(task=TASK, expects=expected(TASK, Workspace(tmp_path))))
    assert [each["role"] for each in asked] == ["system", "user"]


def test_a_model_that_begins_anew_is_taken_at_its_word() -> None:
    anew = "Here it is:\n```python\ndef total(items):\n    return 6\n```\n"
    assert whole(begun(GIVEN) + anew, GIVEN) == anew
    goes_on = f"{begun(GIVEN)}    return 6\n```\nUse it so:\n```python\ntotal([6])\n```\n"
    assert whole(goes_on, GIVEN) == goes_on


def test_after_a_failure_the_model_begins_afresh_and_every_other_time_with_a_thought(tmp_path: Path) -> None:
    ledger = Ledger(task=TASK, expects=expected(TASK, Workspace(tmp_path)))
    first = messages(ledger)
    for _ in range(2):
        result = BlockResult(1, "total([1, 2, 4]) gives 7, should give 6", 0.1)
        ledger.add(
            Try(
                "python",
                "return sum(items)",
                result,
                NOTHING,
                ("It failed with exit code 1.",),
                text=f"{GIVEN}\n    return 7\n",
            )
        )
        begins = messages(ledger)[-1]["content"]
        assert messages(ledger)[:-1] == first[:-1]
        assert begins.removeprefix(first[-1]["content"]) == ("    # " if len(ledger.tries) == 1 else "")


def test_a_body_may_be_tried_more_often_than_a_program(tmp_path: Path) -> None:
    ledger = Ledger(task=TASK, expects=expected(TASK, Workspace(tmp_path)))
    while not ledger.over:
        ledger.add(Try("python", "return 1", BlockResult(1, "", 0.1), NOTHING, ("It failed.",)))
    assert len(ledger.tries) == MAX_BODIES > MAX_TRIES
    assert ledger.missing == [f"{MAX_BODIES} programs were tried, none did it", "It failed."]


def test_what_the_model_adds_behind_the_function_is_left_out() -> None:
    body = "    return sum(n for n in items if even(n)) + START\n"
    helpers = "\n\n@cache\ndef even(n):\n    return n % 2 == 0\n\n\nSTART = 0\n\n\nfrom functools import cache\n"
    checks = "\n# Test it\nassert total([1]) == 1\n\ndef show():\n    print(total([2]))\n\nif __name__:\n    show()\n"
    kept = alone(f"{GIVEN}\n{body}{checks}{helpers}", GIVEN)
    assert kept.startswith(f"{GIVEN}\n{body}")
    assert all(part.strip() in kept for part in helpers.split("\n\n\n"))
    assert not any(word in kept for word in ("Test it", "assert", "show", "__name__"))
    assert alone("def other():\n    return 1\n", GIVEN) == "def other():\n    return 1\n"
    assert alone("def total(", GIVEN) == "def total("


def test_a_reply_ends_behind_the_function(tmp_path: Path) -> None:
    ledger = Ledger(task=TASK, expects=expected(TASK, Workspace(tmp_path)))
    assert "\nassert " in options(ledger)["stop"]
    assert "stop" not in options(Ledger(task="Count the lines."))


def ran(program: Program, place: Path) -> str:
    """What it prints."""
    done = subprocess.run([sys.executable, "-c", program.code], cwd=place, capture_output=True, text=True, check=True)
    return done.stdout


def test_what_undoes_a_function_that_the_task_gives_needs_no_second_opinion(tmp_path: Path) -> None:
    task = "Complete it in shift.py:\n\ndef encode_text(s):\n    return s[1:] + s[:1]\n\n\ndef decode_text(s):\n"
    expects = expected(task, Workspace(tmp_path))
    right = saving(expects, f"{expects.stub}\n    return s[-1:] + s[:-1]\n")
    assert ran(right, tmp_path).splitlines() == ["wrote shift.py"]
    wrong = saving(expects, f"{expects.stub}\n    return s[1:] + s[:1]\n")
    assert "decode_text does not undo encode_text: of 'abcdefg' it makes 'cdefgab'" in ran(wrong, tmp_path)
    assert "calls of its functions, for comparison" in ran(wrong, tmp_path)


def test_functions_beside_the_one_that_is_asked_for_are_not_compared(tmp_path: Path) -> None:
    expects = replace(expected(TASK, Workspace(tmp_path)), examples=())
    bare, helped = (
        ran(saving(expects, f"{helper}{GIVEN}\n    return len(items)\n"), tmp_path)
        for helper in ("", "def odd(n):\n    return n % 2\n\n\n")
    )
    assert bare == helped
    assert "calls of its functions, for comparison" in bare


def test_three_examples_are_no_proof_of_a_body_and_calls_like_them_tell_two_apart(tmp_path: Path) -> None:
    given = """def right(a, b, c):
    \'\'\'Whether these are the sides of a right triangle.
    right(3, 4, 5) == True
    right(1, 2, 3) == False
    right(6, 8, 10) == True
    \'\'\'"""
    expects = expected(f"Complete it in tri.py:\n\n{given}\n", Workspace(tmp_path))
    ledger = Ledger(expects=expects)
    for body in ("a * a + b * b == c * c", "sorted((a, b, c)) in ([3, 4, 5], [6, 8, 10])", "a**2 == c**2 - b**2"):
        assert ledger.winner() is None
        program = saving(expects, f"{given}\n    return {body}\n")
        result = BlockResult(0, ran(program, tmp_path), 0.1)
        said = outcome(expects, result, NOTHING, Workspace(tmp_path), "")
        ledger.add(Try("python", program.code, result, NOTHING, (), said, text=program.text))
    assert ledger.winner() is ledger.tries[2]
    ledger.accept(ledger.tries[2])
    assert ledger.answer == "wrote tri.py"


@pytest.mark.parametrize("text", ["", f"{GIVEN}\nHere is the function:\n", "def other():\n    return 1\n"])
def test_a_model_that_does_not_go_on_is_asked_for_the_whole(tmp_path: Path, text: str) -> None:
    ledger = Ledger(task=TASK, expects=expected(TASK, Workspace(tmp_path)))
    ledger.add(
        Try("python", "open('even.py')", BlockResult(1, "SyntaxError", 0.1), NOTHING, ("It failed.",), text=text)
    )
    assert [each["role"] for each in messages(ledger)] == ["system", "user"]
    assert "stop" not in options(ledger)
