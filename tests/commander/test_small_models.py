"""What small models do in other programs of this kind, and what comes of it here: never a claim, never without end."""

import json
from pathlib import Path

import pytest

from tests.commander.program import run
from tools.embedded.scripted import Messages, Reply, scripted, twice

TASK = "Write the numbers 1 to 5 to five.txt, one per line, and tell me their sum"
WRITES = "```python\nopen('five.txt', 'w').write('1\\n2\\n3\\n4\\n5\\n')\nprint('The sum is 15.')\n```"
STEPS = "What is 2 plus 3, then what is 5 times 7, and finally what is 2 to the power of 10? Write them to sums.txt"


def asked(messages: Messages) -> str:
    """The last message."""
    return str(messages[-1]["content"])


def test_a_plan_in_a_fence_with_words_around_it_is_a_plan(tmp_path: Path) -> None:
    steps = ["Write 5 to sums.txt", "Append 35 to sums.txt"]

    def says(messages: Messages) -> str:
        if "Reply as JSON" in asked(messages):
            return f"Sure! Here is the ledger:\n```json\n{json.dumps({'steps': steps}, indent=1)}\n```\nLet me know!"
        if "as the Executor" in asked(messages):
            mode, value = (
                ("w", 5) if "Write 5" in asked(messages).partition("# Now")[0].rpartition("\n# ")[2] else ("a", 35)
            )
            return f"```python\nopen('sums.txt', {mode!r}).write('{value}\\n')\nprint({value})\n```"
        return "5 and 35 are in sums.txt."

    with scripted(says) as (url, _):
        ran = run("--json", "--route", "hybrid", STEPS, cwd=tmp_path, OLLAMA_BASE_URL=url)
    plans = [event["steps"] for event in ran.events if event["kind"] == "plan"]
    assert (ran.code, plans) == (0, [steps]), ran
    assert (tmp_path / "sums.txt").read_text(encoding="utf-8") == "5\n35\n"


@pytest.mark.parametrize(
    "chatter",
    [
        "Great! Everything is done. TERMINATE",
        "I have written the file five.txt. The sum is 15.",
        "Let me hand this over to the coder, who will write the file.",
        '```json\n{"is_request_satisfied": {"answer": true, "reason": "The file is written."}}\n```',
        "",
    ],
)
def test_words_instead_of_work_end_the_run_as_not_done_after_few_calls(tmp_path: Path, chatter: str) -> None:
    with scripted(lambda messages: chatter) as (url, engine):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url)
    assert ran.code in {1, 3} and list(tmp_path.iterdir()) == []
    assert len(engine.asks) <= 8
    assert not any(event["kind"] == "code" for event in ran.events)
    assert ran.code == 3 or ran.events[-1]["missing"]


def test_the_same_code_again_runs_once(tmp_path: Path) -> None:
    wrong = "```python\nraise SystemExit('no such thing')\n```"
    with scripted(lambda messages: wrong) as (url, engine):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url)
    assert (ran.code, ran.kinds().count("code")) == (1, 1)
    assert len(engine.asks) <= 8


def test_the_same_code_but_for_its_layout_runs_once(tmp_path: Path) -> None:
    replies = iter(f"```python\n{' ' * 0}x = 1{chr(10) * number}\nraise SystemExit(1)\n```" for number in range(1, 99))
    with scripted(lambda messages: next(replies)) as (url, _):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url)
    assert (ran.code, ran.kinds().count("code")) == (1, 1)


def test_an_answer_that_goes_round_in_circles_is_cut_short(tmp_path: Path) -> None:
    circle = Reply(["the sum of the numbers is the sum of the numbers and "] * 2000)
    with scripted([circle, *twice(WRITES)]) as (url, engine):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url)
    assert ran.code == 0
    assert engine.made < 1500
