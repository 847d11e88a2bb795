"""What a run leaves behind to be read: kept as it happens, listed, searched, shown, exported, deleted."""

import json
import signal
import stat
import sys
from pathlib import Path

import pytest

from commander.__main__ import main
from commander.cli import parser
from commander.commands import command
from commander.sessions import shelf
from commander.sessions.claim import claimed
from commander.sessions.session import JOURNAL, STORE
from config import folders
from tests.commander.kept import lines, only
from tests.commander.program import run
from tests.commander.test_end import started
from tools.embedded.scripted import Reply, scripted, twice

WRITES = "```python\nopen('five.txt', 'w').write('15')\nprint('The sum is 15, and the key is', {key!r})\n```"
TASK = "Write the sum of 1 to 5 to five.txt and tell me"
HEADER = {"task": "x", "typed": {}, "settings": {}, "version": "0"}
KEY = "correct-horse-battery"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_all_that_happens_is_kept_but_no_secret(place: Path) -> None:
    script = twice(WRITES.format(key=KEY))
    with scripted(script) as (url, _):
        ran = run("--json", TASK, cwd=place, OLLAMA_BASE_URL=url, MY_API_KEY=KEY)
    assert ran.code == 0, ran.err
    one = only()
    kept = lines(one)
    streams, others = {"delta", "output"}, {"session", "state"}
    shown = [event for event in ran.events if event["kind"] not in streams]
    assert [{**line, "at": 0} for line in kept if line["kind"] not in streams | others] == [
        json.loads(json.dumps({**event, "at": 0}).replace(KEY, "[redacted]")) for event in shown
    ]
    for kind in streams:
        said = "".join(event["text"] for event in ran.events if event["kind"] == kind)
        assert "".join(line["text"] for line in kept if line["kind"] == kind) == said.replace(KEY, "[redacted]")
    assert KEY in ran.out and KEY not in (one.folder / JOURNAL).read_text(encoding="utf-8")
    assert (one.header["task"], one.workspace, one.header["settings"]["ollama_base_url"]) == (TASK, place, url)
    assert [line["kind"] for line in kept].count("models") == 1
    if sys.platform != "win32":
        assert stat.S_IMODE(one.folder.stat().st_mode) == stat.S_IMODE((one.folder / STORE).stat().st_mode) == 0o700
        assert stat.S_IMODE((one.folder / JOURNAL).stat().st_mode) == 0o600


def test_sessions_are_listed_searched_shown_exported_and_deleted(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(twice(WRITES.format(key="```x```\x1b[31m"))) as (url, _):
        assert run(TASK, cwd=place, OLLAMA_BASE_URL=url).code == 0
    shelf.make("feed", {**HEADER, "task": "Explain hash\ntables", "workspace": str(place)})
    second, first = shelf.sessions()

    def said(*words: str, code: int = 0) -> str:
        assert main(["sessions", *words]) == code
        return "".join(capsys.readouterr())

    listed = said().splitlines()
    assert [line.split()[0] for line in listed] == ["ID", second.id, first.id]
    assert " killed " in listed[1] and listed[1].rstrip().endswith("Explain hash tables")
    assert " done " in listed[2] and all(str(place) in line for line in listed[1:])
    assert first.id in said("the SUM is") and second.id not in said("the SUM is")
    assert [row["id"] for row in json.loads(said("HASH", "tables", "--json"))] == [second.id]
    assert "no session with zebra" in said("zebra")
    shown = said("show", first.id[:5])
    assert "open('five.txt', 'w')" in shown and "exit 0" in shown and "+ five.txt" in shown
    assert "\x1b" not in shown and "\\x1b[31m" in shown
    assert "\n````" in shown, "a fence longer than what it holds"
    assert said("export", first.id).startswith(f"# {TASK}\n")
    said("export", first.id, str(place / "out.json"))
    assert json.loads((place / "out.json").read_text(encoding="utf-8"))["records"] == first.records
    said("export", first.id, str(place / "out.md"))
    assert "## Answer" in (place / "out.md").read_text(encoding="utf-8")
    said("delete", first.id, second.id)
    assert shelf.sessions() == []
    assert not [path for path in shelf.place().iterdir() if path.is_dir()]
    assert "there is no session" in said("show", first.id, code=2)


@pytest.mark.parametrize("words", [["show", ""], ["show", "../x"], ["delete"], ["export", "zz"]])
def test_a_wrong_id_is_one_line(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(2):
        shelf.make(f"{number}abc", {**HEADER, "workspace": str(place)})
    assert main(["sessions", *words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "; next: commander sessions" in said


@pytest.mark.parametrize(
    "words", [["resume what I told you"], ["undo", "is", "what?"], ["diff", "a.txt", "b.txt"], ["show me the sessions"]]
)
def test_what_only_begins_like_a_command_is_a_task(words: list[str]) -> None:
    assert command(parser().parse_args(words)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_second_run_in_one_folder_is_told_at_once(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "inner").mkdir()
    with scripted([Reply("```python\n", fault="hang")]) as (url, _):
        first = started(url, place, '"reading the prompt"')
        try:
            for folder in (place, place / "inner"):
                ran = run(TASK, cwd=folder, OLLAMA_BASE_URL=url)
                assert ran.code == 2
                last = ran.err.splitlines()[-1]
                assert (
                    f"another run works in {place}" in last and f"(process {first.pid})" in last and "; next: " in last
                )
            for words in (["undo", only().id], ["resume", only().id], ["sessions", "delete", only().id]):
                assert (main(words), f"(process {first.pid})" in capsys.readouterr().err) == (2, True)
            assert main(["sessions"]) == 0 and " running " in capsys.readouterr().out
            with claimed(tmp_path / "elsewhere", "x"):
                pass
        finally:
            first.send_signal(signal.SIGINT)
            out, _ = first.communicate(timeout=20)
    with claimed(place, "x"):
        pass
    assert not list((folders.state() / "runs").glob("*.json"))
    assert only().outcome == "interrupted"
    assert f"to go on: commander resume {only().id}" in out


def test_only_the_last_sessions_keep_their_snapshots(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "KEPT", 3)
    for number in range(5):
        folder = shelf.make(f"{number}", {**HEADER, "workspace": str(place)})
        (folder / STORE / "ab").mkdir(parents=True)
        (folder / STORE / "ab" / "content").write_bytes(b"x" * 1000)
    shelf.prune()
    assert [one.id for one in shelf.sessions() if one.kept] == ["4", "3"], "and the next one"
    monkeypatch.setattr(shelf, "BYTES", 1500)
    shelf.prune()
    assert [one.id for one in shelf.sessions() if one.kept] == ["4"]
    assert len(shelf.sessions()) == 5


def test_the_program_s_own_data_is_no_workspace(capsys: pytest.CaptureFixture[str]) -> None:
    folders.data().mkdir(parents=True)
    for folder in (folders.data(), folders.data().parent):
        assert main(["--workspace", str(folder), TASK]) == 2
        assert "sessions of this program" in capsys.readouterr().err
