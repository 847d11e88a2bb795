"""What the settings let run without a question."""

from pathlib import Path

import pytest

from tests.commander.program import run
from tools.embedded.scripted import scripted

TASK = "Write the numbers 1 to 5 to five.txt, one per line, and tell me their sum"
PYTHON = "```python\nopen('five.txt', 'w').write('1\\n2\\n3\\n4\\n5\\n')\nprint('The sum is 15.')\n```"
SHELL = "```shell\nprintf '1\\n2\\n3\\n4\\n5\\n' > five.txt; echo 'The sum is 15.'\n```"


@pytest.mark.parametrize(
    ("policy", "code", "runs"),
    [
        ("all", SHELL, True),
        ("none", PYTHON, False),
        ("python", PYTHON, True),
        ("python", SHELL, False),
        ("shell,python", SHELL, True),
    ],
)
def test_what_is_not_let_through_is_asked_for(tmp_path: Path, policy: str, code: str, runs: bool) -> None:
    with scripted(lambda messages: code) as (url, _):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url, COMMANDER_UNASKED=policy)
    assert (ran.code == 0) is runs and (tmp_path / "five.txt").exists() is runs
    assert runs or "no terminal" in ran.events[-1]["refused"][0]


def test_yes_lets_all_through(tmp_path: Path) -> None:
    with scripted(lambda messages: SHELL) as (url, _):
        ran = run("--json", "--yes", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url, COMMANDER_UNASKED="none")
    assert ran.code == 0


def test_a_policy_that_makes_no_sense_is_one_line(tmp_path: Path) -> None:
    ran = run(TASK, cwd=tmp_path, COMMANDER_UNASKED="perl")
    assert ran.code == 2 and "COMMANDER_UNASKED" in ran.err and "next:" in ran.err
