"""`commander mcp` as a user types it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from commander.__main__ import main
from config import folders
from tests.commander.program import run
from tests.tools.mcp.boxes import HOSTILE

SERVER = (sys.executable, str(HOSTILE))


def own() -> dict[str, Any]:
    """The servers in the user's own file."""
    found: dict[str, dict[str, Any]] = json.loads((folders.settings_folder() / "mcp.json").read_text(encoding="utf-8"))
    return found["mcpServers"]


def test_the_shipped_servers_are_listed_and_nothing_starts(tmp_path: Path) -> None:
    ran = run("mcp", "list", cwd=tmp_path)
    assert ran.code == 0
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert "not started yet" in lines["browser"]
    assert lines["browser-agent"].split()[1] == "off"
    assert "mograph-mcp==" in lines["ae"]
    assert not any(tmp_path.iterdir())


def test_a_server_is_added_tested_turned_off_and_removed(tmp_path: Path) -> None:
    assert run("mcp", "add", "bad", "MANNER=loud", "--", *SERVER, "--flag", cwd=tmp_path).code == 0
    assert own()["bad"] == {"command": sys.executable, "args": [str(HOSTILE), "--flag"], "env": {"MANNER": "loud"}}
    tested = run("mcp", "test", "bad", cwd=tmp_path)
    assert tested.code == 0
    assert any(line.split()[:2] == ["bad_echo", "read"] for line in tested.out.splitlines())
    assert any(line.split()[:2] == ["bad_wipe", "destructive"] for line in tested.out.splitlines())
    assert "the tool bad_no_type is not offered" in tested.err
    assert "\x1b" not in tested.out + tested.err
    assert "started" not in next(line for line in run("mcp", cwd=tmp_path).out.splitlines() if line.startswith("bad"))
    assert run("mcp", "off", "bad", cwd=tmp_path).code == 0
    assert own()["bad"]["disabled"] is True
    assert run("mcp", "on", "bad", cwd=tmp_path).code == 0
    assert run("mcp", "remove", "bad", cwd=tmp_path).code == 0
    assert own() == {}


def test_the_other_forms_of_adding(tmp_path: Path) -> None:
    assert run("mcp", "add", "far", "Authorization=Bearer x", "http://127.0.0.1:9/mcp", cwd=tmp_path).code == 0
    assert (
        run("mcp", "add", "pasted", '{"command": "npx", "args": ["-y", "x"], "disabled": true}', cwd=tmp_path).code == 0
    )
    assert run("mcp", "on", "browser-agent", cwd=tmp_path).code == 0
    assert own() == {
        "far": {"url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": "Bearer x"}},
        "pasted": {"command": "npx", "args": ["-y", "x"], "disabled": True},
        "browser-agent": {"disabled": False},
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["frobnicate"], 2, "commander mcp frobnicate is not known; next: commander mcp list"),
        (["test", "absent"], 2, "no server is called absent (there are: browser"),
        (["remove", "browser"], 2, "browser is not among your own servers; next: commander mcp off browser"),
        (["add", "a b", "x"], 2, "'a b' is no name for a server"),
        (["add", "x", "{]"], 2, "the entry is no JSON"),
        (["add", "x", "A=b"], 2, "no command is given"),
        (["add", "x", '{"url": "a", "command": "b"}'], 2, "needs either a command or a url"),
        (["list", "--mcp", "absent.json"], 2, "absent.json cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", *words]) == code
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = tmp_path / "mine.json"
    servers = {
        "gone": {"command": sys.executable, "args": [str(HOSTILE), "gone"]},
        "none": {"command": "no-such-program"},
        "far": {"url": "http://127.0.0.1:9/mcp", "startTimeout": 5},
        "secret": {"command": sys.executable, "env": {"KEY": "${NOT_SET_HERE}"}},
    }
    named.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")
    expected = {
        "gone": (1, "the server gone does not start: Connection closed (the licence has run out)"),
        "none": (3, "none needs no-such-program, which is not installed; next: "),
        "far": (1, "the server far does not start: "),
        "secret": (2, "the variable NOT_SET_HERE is not set; next: export NOT_SET_HERE=..."),
    }
    for name, (code, said) in expected.items():
        assert main(["mcp", "test", name, "--mcp", str(named)]) == code
        err = capsys.readouterr().err
        assert said in err
        assert err.count("\n") == 1
