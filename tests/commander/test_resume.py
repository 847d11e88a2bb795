"""A run goes on where it stopped, and nothing of what was changed meanwhile is lost unasked."""

import sys
import time
from pathlib import Path

import pytest

from commander.__main__ import main
from commander.cli import parser
from commander.sessions import leftover, shelf
from commander.sessions.recording import begun
from commander.sessions.session import JOURNAL, STORE
from tests.commander.kept import STEPS, TASK, accepted, fill, lines, only, rises_once, says
from tests.commander.program import Ran, run
from tests.commander.test_end import started
from tests.commander.test_terminal import play
from tools.embedded.scripted import Messages, Reply, scripted
from tools.events import Event, Notice
from tools.journal import records

HALF = "```python\nimport time\nopen('half.txt', 'w').write('half')\nprint('begun', flush=True)\ntime.sleep(60)\n```"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return fill(tmp_path / "place")


def stopped(place: Path, at: str = "code", *arguments: str) -> None:
    """A run that was killed in its second step: before the model answered, or while the program ran."""

    def halting(messages: Messages) -> str | Reply:
        said = says(messages)
        if "'two\\n'" not in said:
            return said
        return HALF if at == "code" else Reply(said, fault="hang")

    with scripted(halting) as (url, engine):
        process = started(url, place, '"text": "begun\\n"' if at == "code" else '"kind": "plan"', *arguments, task=TASK)
        deadline = time.monotonic() + 30
        while at != "code" and len(engine.asks) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=20)
    assert (only().outcome, accepted(only())[-1], only().states[-1]["settled"]) == ("killed", 1, at != "code")


def resumed(place: Path, *arguments: str) -> Ran:
    with scripted(says) as (url, engine):
        ran = run(*arguments, cwd=place, OLLAMA_BASE_URL=url)
    assert not any(
        "append the word one" in str(ask.messages[-1]["content"]).partition("# Done")[0] for ask in engine.asks
    )
    return ran


def whole(place: Path) -> None:
    """Every step is done, each once."""
    assert (place / "log.txt").read_text(encoding="utf-8").split() == [*STEPS]
    assert rises_once(accepted(only()))
    assert only().outcome == "done"


def test_what_a_killed_program_wrote_is_told_and_put_back_and_later_changes_stay(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped(place, "code", "--max-turns", "30")
    (place / "notes.txt").write_text("mine, soon after", encoding="utf-8")
    refused = run("resume", cwd=place)
    assert refused.code == 2
    assert "what it wrote, or you soon after, is put back: + half.txt, + notes.txt" in refused.err
    assert f"no terminal to ask; next: commander resume {only().id} --yes" in refused.err.splitlines()[-1]
    assert (place / "half.txt").is_file(), "nothing happens unasked"
    with (only().folder / JOURNAL).open("ab") as file:
        file.write(b'{"kind": "output", "text": "half of \xc3')
    ran = resumed(place, "resume", only().id[:4], "--yes")
    assert ran.code == 0, ran.err
    assert "not written to its end: it is dropped" in ran.err
    assert "1 of 4 steps done" in ran.err
    whole(place)
    assert not (place / "half.txt").exists()
    assert records(only().folder / JOURNAL)[1] == 0
    (back,) = [line for line in lines(only()) if line["kind"] == "resumed"]
    assert back["put_back"] == ["half.txt", "notes.txt"]
    assert "notes.txt" in only().snapshots.load(back["found"]).saved, "and even that is not lost"


def test_what_was_changed_long_after_the_kill_is_not_put_back(place: Path) -> None:
    stopped(place, "code")
    journal = only().folder / JOURNAL
    aged = journal.read_text(encoding="utf-8").replace(
        '"commander_block_timeout": 120.0', '"commander_block_timeout": -4.0'
    )
    journal.write_text(aged, encoding="utf-8")
    time.sleep(leftover.SLACK - 4 + 0.5)
    (place / "kept.txt").write_text("changed by me", encoding="utf-8")
    said: list[Event] = []
    with begun("a new task", place, parser().parse_args([]), said.append):
        first = shelf.sessions()[1].id
    assert isinstance(said[0], Notice) and f"commander undo {first}" in said[0].text
    shelf.remove(shelf.sessions()[0])
    assert run("resume", cwd=place).code == 2
    assert only().outcome == "killed", "a refused resume is none"
    ran = resumed(place, "--continue", "--yes")
    assert ran.code == 0, ran.err
    assert "kept: ~ kept.txt" in ran.err and "is put back: + half.txt" in ran.err
    whole(place)
    assert (place / "kept.txt").read_text(encoding="utf-8") == "changed by me"


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of POSIX")
def test_in_a_terminal_it_asks_and_goes_on_with_what_is_there(place: Path) -> None:
    stopped(place, "prompt")
    (place / "kept.txt").write_text("changed by me", encoding="utf-8")
    with scripted(says) as (url, _):
        code, shown = play(url, place, [("go on?", "n\n")], task=("resume",))
        assert code == 1, shown
        assert "kept: ~ kept.txt" in shown
        code, shown = play(url, place, [("go on?", "y\n")], task=("resume",))
    assert code == 0, shown
    whole(place)
    assert (place / "kept.txt").read_text(encoding="utf-8") == "changed by me"
    assert run("resume", cwd=place).err.startswith(f"commander: session {only().id} is done; next: ")


def test_a_run_whose_time_is_up_goes_on_with_what_was_typed_for_it(place: Path) -> None:
    def halting(messages: Messages) -> Reply:
        said = says(messages)
        return Reply(said, fault="hang" if "'two\\n'" in said else "")

    with scripted(halting) as (url, _):
        late = run(TASK, "--timeout", "5", "--model", "scripted", cwd=place, OLLAMA_BASE_URL=url)
    assert (late.code, only().outcome, accepted(only())[-1]) == (1, "not done", 1), late.err
    assert only().header["typed"] == {"model": "scripted", "timeout": 5.0}
    ran = resumed(place, "--continue", "--timeout", "60")
    assert ran.code == 0, ran.err
    whole(place)


def test_what_cannot_go_on_is_one_line(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        assert main([*words, "--workspace", str(place)]) == 2
        shown = capsys.readouterr().err
        assert shown.count("\n") == 1 and "; next: " in shown
        return shown

    assert "there is no session in" in said("resume")
    assert "goes on with the task that is there" in said("--continue", "and more")
    stopped(place, "prompt")
    one = only()
    for file in (one.folder / STORE).glob("??/*"):
        file.write_bytes(file.read_bytes()[:20])
    assert "are not whole" in said("resume", one.id)
    assert "are not whole" in said("undo", one.id)
    (one.folder / STORE).rename(tmp_path / "away")
    assert "are gone" in said("resume", one.id) and "are gone" in said("diff", one.id)
    place.rename(tmp_path / "elsewhere")
    assert f"{place}, where session {one.id} works, is gone" in said("resume", one.id)
