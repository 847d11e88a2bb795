"""What code prints, and what it calls its files, does not steer the terminal."""

import json
from pathlib import Path

import pytest

from commander.console import screen
from tests.attacks.attempts import outcomes, program
from tests.tools.interpreter.bench import Bench
from tools import events
from tools.snapshot import Snapshots
from tools.survey import survey
from tools.workspace import Workspace

ESCAPES = {
    "colour": "\x1b[31mred",
    "clear": "\x1b[2J\x1b[H",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "link": "\x1b]8;;http://127.0.0.1/\x1b\\here\x1b]8;;\x1b\\",
    "answer back": "\x1b[6n\x1b[c\x05",
    "device string": "\x1bP+q544e\x1b\\",
    "one byte": "\x9b31m\x90\x9d",
    "carriage return": "rm -rf ~\rls",
    "backspaces": "rm\x08\x08ls",
    "other direction": "\u202egnp.exe",
    "no width": "a\u200bb\ufeffc\u2066",
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "zero": "a\x00b",
    "delete": "a\x7fb",
    "markup": "[bold red]owned[/] [link=x]y[/link]",
    "half a character": "\udcff\udc9b",
}


def shown(*seen: events.Event, capsys: pytest.CaptureFixture[str]) -> str:
    """What a person sees of these events."""
    with screen(json=False) as console:
        for event in seen:
            console.emit(event)
    return capsys.readouterr().err


@pytest.mark.parametrize("name", ESCAPES)
def test_output_is_shown_as_text(bench: Bench, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code = "print('TRIED print -> now')\nsys.stdout.buffer.write(text.encode('utf-8', 'surrogateescape') + b'\\n')"
    result = bench.run("python", program(code, text=ESCAPES[name]))
    assert outcomes(result) == {"print": "now"}
    text = shown(events.Output(result.output), events.CodeEnded(0, 0.1, reason=result.output), capsys=capsys)
    assert all(char.isprintable() or char == "\n" for char in text), ascii(text)
    assert "TRIED print -> now" in text
    assert json.loads(json.dumps(events.Output(result.output).to_json()))["text"] == result.output


@pytest.mark.parametrize("name", ESCAPES)
def test_names_of_files_are_shown_as_text(
    bench: Bench, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    snapshots = Snapshots(here, tmp_path / "store")
    before = snapshots.take()
    file = ESCAPES[name].replace("/", "_").replace("\0", "") + ".csv"
    code = """
attempt("make", lambda: open(os.fsencode(name), "w").write("1,2"))
attempt("folder", lambda: os.makedirs(os.fsencode(name + ".d/" + name)))
"""
    result = bench.run("python", program(code, name=file))
    assert outcomes(result) == {"make": "done 3", "folder": "done None"}
    after = snapshots.take()
    changes = snapshots.diff(before, after)
    assert len(changes.added) == 2
    ended = events.CodeEnded(0, 0.1, changed=list(changes.added))
    text = shown(ended, capsys=capsys) + survey(Workspace(here), 3000, file)
    text += "".join(changes.added + tuple(Workspace(here).files()))
    assert all(char.isprintable() or char == "\n" for char in text), ascii(text)
    assert Workspace(here).read(changes.added[0], 10) == b"1,2"
    assert snapshots.restore(before) == [] and list(here.iterdir()) == []
