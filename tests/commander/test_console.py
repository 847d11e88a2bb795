"""What the user sees of a run."""

import json
from dataclasses import asdict, replace

import pytest

from commander.console import clean, screen
from tools import events

FINISHED = events.Finished(
    exit_code=0,
    answer="It is 639.",
    verified=True,
    added=["primes.csv"],
    changed=["a.txt"],
    removed=["b.txt"],
    missing=[],
    refused=[],
    calls=2,
    prompt_tokens=1204,
    completion_tokens=402,
    loads=1,
    reloads=0,
    swaps=2,
    load_seconds=3.14,
    seconds=14.2,
)


def test_control_characters_become_visible() -> None:
    assert clean("a\x1b[31mb\r\nc\td\x00") == "a\\x1b[31mb\\x0d\nc\td\\x00"
    assert clean("é 漢 ✓") == "é 漢 ✓"


def test_a_run_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(json=False) as shown:
        shown.emit(events.Route("code", "works on primes.csv"))
        shown.emit(events.Phase("loading the model", "qwen"))
        shown.emit(events.Progress("qwen", 400_000_000, 1_000_000_000))
        shown.emit(events.Delta("executor", "```python\nprint(639)\n```"))
        shown.emit(events.CodeStarted("python", "print(639)\n"))
        shown.emit(events.Output("639\n\x1b[2J"))
        shown.emit(events.CodeEnded(0, 0.31, ["primes.csv"]))
        shown.emit(events.Review(False, ["The file primes.csv is empty."]))
        shown.emit(events.Refused("shell", "rm x", "no"))
        shown.emit(events.Load("qwen", "load", 2.0))
        shown.emit(events.Load("qwen", "reload", 2.0, "another client's llama took its place"))
        shown.emit(FINISHED)
    out, err = capsys.readouterr()
    assert out == "It is 639.\n"
    for line in (
        "  route  code: works on primes.csv",
        "  loading the model qwen",
        "  qwen: 400 of 1000 MB",
        "print(639)",
        "    639",
        "    \\x1b[2J",
        "  └ exit 0 in 0.3 s, wrote primes.csv",
        "  review  The file primes.csv is empty.",
        "  not run (shell): no",
        "  qwen was loaded again (2.0 s): another client's llama took its place",
        "  + primes.csv",
        "  ~ a.txt",
        "  - b.txt",
        "2 model calls, 1,204 tokens in, 402 out, 1 load, 0 reloads, 2 swaps (3.1 s), 14 s",
    ):
        assert line in err.splitlines(), line
    assert "\x1b" not in out + err


def test_long_output_is_folded(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(json=False) as shown:
        shown.emit(events.CodeStarted("python", "x"))
        shown.emit(events.Output("line\n" * 100))
        shown.emit(events.CodeEnded(0, 0.1))
    err = capsys.readouterr().err
    assert err.count("    line") == 40
    assert "... 60 more lines" in err


def test_json_is_one_line_an_event_for_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(json=True) as shown:
        shown.emit(events.Notice("a\u2028b\u2029c\x85d"))
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["text"] == "a\u2028b\u2029c\x85d"


def test_json_keeps_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(json=True) as shown:
        shown.emit(FINISHED)
        assert not shown.interactive
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"kind": "finished"} | asdict(FINISHED)


def test_what_was_not_done_is_said_last_but_cost(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(json=False) as shown:
        shown.emit(replace(FINISHED, missing=["no file"], exit_code=1, answer=""))
    out, err = capsys.readouterr()
    assert out == ""
    assert "not done: no file" in err.splitlines()[-2]
