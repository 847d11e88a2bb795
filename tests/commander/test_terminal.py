"""The program in a real terminal: asking, streaming, the moving line."""

import os
import pty
import select
import sys
import time
from pathlib import Path

import pytest

from tests.commander.program import command
from tools.embedded.scripted import scripted, twice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of POSIX")
WRITES = "```python\nopen('five.txt', 'w').write('1\\n')\nprint('The sum is 15.')\n```"
TASK = "Write five.txt and tell me the sum"


def play(
    url: str, cwd: Path, answers: list[tuple[str, str]], *arguments: str, task: tuple[str, ...] = (TASK,)
) -> tuple[int, str]:
    """Run in a pseudo-terminal; each prompt in turn is awaited and answered. Exit code and all that was shown."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.environ.update(OLLAMA_BASE_URL=url, TERM="xterm", COLUMNS="100")
        words = command(*arguments, *task)
        os.execv(words[0], words)
    shown, deadline = "", time.monotonic() + 60
    while time.monotonic() < deadline:
        if answers and answers[0][0] in shown:
            shown = shown.replace(answers[0][0], "(asked)", 1)
            os.write(terminal, answers.pop(0)[1].encode())
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                break
            if not data:
                break
            shown += data.decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def test_a_block_is_shown_and_runs_after_yes(tmp_path: Path) -> None:
    with scripted(twice(WRITES)) as (url, _):
        code, shown = play(url, tmp_path, [("run it?", "y\n"), ("run it?", "a\n")], "--ask")
    assert code == 0, shown
    assert "five.txt" in shown
    assert (tmp_path / "five.txt").is_file()


def test_a_no_with_its_reason_reaches_the_model(tmp_path: Path) -> None:
    script = [WRITES, WRITES.replace("five.txt", "six.txt").replace("'1", "'2"), *twice(WRITES)]
    with scripted([*script, *script]) as (url, engine):
        answers = [("run it?", "n\n"), ("why not?", "use another way\n"), ("run it?", "a\n")]
        _, shown = play(url, tmp_path, answers, "--ask")
    assert "use another way" in str(engine.asks[1].messages), shown


def test_an_edited_block_is_what_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ncase $1 in *.py) sed -i s/15/20/ $1;; esac\n", encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    place = tmp_path / "place"
    place.mkdir()
    with scripted([WRITES, twice(WRITES)[1].replace("15", "20")]) as (url, _):
        code, shown = play(url, place, [("run it?", "e\n"), ("run it?", "y\n"), ("run it?", "a\n")], "--ask")
    assert "The sum is 20." in shown
    assert (place / "five.txt").is_file()
    assert code == 0, shown


def test_a_no_may_bring_its_reason_along(tmp_path: Path) -> None:
    with scripted([WRITES, WRITES.replace("five.txt", "six.txt"), *([WRITES] * 9)]) as (url, engine):
        _, shown = play(url, tmp_path, [("run it?", "no, use another way\n"), ("run it?", "a\n")], "--ask")
    assert "use another way" in str(engine.asks[1].messages), shown


def test_the_terminal_shows_phases_and_the_stream(tmp_path: Path) -> None:
    with scripted(twice(WRITES), delay=0.05) as (url, _):
        code, shown = play(url, tmp_path, [])
    assert code == 0
    assert "│ open('five.txt'" in shown
    assert "tokens" in shown
    assert "writing (executor)" in shown
    assert "The sum is 15." in shown


def test_ctrl_c_at_the_question_ends_the_run(tmp_path: Path) -> None:
    with scripted([WRITES]) as (url, _):
        code, shown = play(url, tmp_path, [("run it?", "\x03")], "--ask")
    assert code == 130, shown
    assert "interrupted" in shown
    assert "Fatal" not in shown


def planned(messages: list[dict[str, str]]) -> str:
    """A plan of one step, then whatever the step asks for."""
    last = messages[-1]["content"]
    if "Reply as JSON" in last:
        return '{"steps": ["Write six.txt"]}'
    if "# What was done" in last:
        return "It is written."
    name = "five.txt" if "no other\nWrite five.txt" in last else "six.txt"
    return f"```python\nopen('{name}', 'w').write('1\\n')\nprint('wrote {name}')\n```"


@pytest.mark.parametrize(("answers", "file"), [(["y\n"], "six.txt"), (["e\n", "y\n"], "five.txt"), (["n\n"], "")])
def test_a_plan_is_shown_edited_and_asked_for(
    tmp_path: Path, answers: list[str], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, editor = tmp_path / "place", tmp_path / "editor"
    place.mkdir()
    editor.write_text("#!/bin/sh\nsed -i s/six/five/ $1\n", encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    with scripted(planned) as (url, _):
        code, shown = play(url, place, [("do it like this?", answer) for answer in answers], "--plan")
    assert [path.name for path in place.iterdir()] == ([file] if file else []), shown
    assert code == (0 if file else 1)
    assert "1. Write six.txt" in shown
