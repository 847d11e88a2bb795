"""What an entry of an mcp.json means."""

import os
from pathlib import Path
from typing import Any

import pytest

from config import folders
from config.errors import UsageError
from tools.mcp.catalog import SHIPPED, catalog, entry, own_file, planted, raw, write
from tools.mcp.entry import Entry
from tools.mcp.variables import variables


def made(**data: Any) -> Entry:
    return Entry.model_validate(data)


@pytest.mark.parametrize(
    ("data", "transport"),
    [
        ({"command": "uvx"}, "stdio"),
        ({"url": "http://127.0.0.1:1/mcp"}, "http"),
        ({"url": "http://127.0.0.1:1/mcp", "type": "streamable-http"}, "http"),
        ({"httpUrl": "http://127.0.0.1:1/mcp"}, "http"),
        ({"url": "http://127.0.0.1:1/sse"}, "sse"),
        ({"url": "http://127.0.0.1:1/sse", "type": "http"}, "http"),
        ({"url": "http://127.0.0.1:1/events", "transport": "sse"}, "sse"),
    ],
)
def test_transport(data: dict[str, Any], transport: str) -> None:
    assert made(**data).transport == transport


@pytest.mark.parametrize(
    "data", [{}, {"command": "a", "url": "b"}, {"command": "a", "includeTools": []}, {"command": 3}]
)
def test_an_entry_that_makes_no_sense_names_its_file_and_itself(data: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"^clock.* in here.json: .*; next: "):
        entry("clock", data, Path("here.json"))


def test_lists_of_tools_are_patterns() -> None:
    found = made(command="a", includeTools=["read_*", "list"], excludeTools=["*_secret"])
    assert [name for name in ("read_a", "read_secret", "list", "lists") if found.offers(name)] == ["read_a", "list"]


@pytest.mark.parametrize(
    ("data", "reads", "asked"),
    [
        ({}, True, False),
        ({}, False, True),
        ({"autoApprove": ["wr*"]}, False, False),
        ({"alwaysAllow": ["other"]}, False, True),
        ({"approval": "always"}, True, True),
        ({"approval": "never"}, False, False),
    ],
)
def test_who_is_asked(data: dict[str, Any], reads: bool, asked: bool) -> None:
    assert made(command="a", **data).asks("write", reads=reads) is asked


def test_variables_are_filled_in_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0p")
    (folders.settings_folder()).mkdir(parents=True)
    (folders.settings_folder() / ".env").write_text("FROM_FILE=f1le\n", encoding="utf-8")
    look_up = variables({"WORKSPACE": "/w"})
    found = made(command="${env:TOKEN}", args=["${WORKSPACE}/x", "${NO:-else}"], env={"A": "b${TOKEN}"}).filled(look_up)
    assert (found.command, found.args, found.env) == ("t0p", ["/w/x", "else"], {"A": "bt0p"})
    found = made(url="http://127.0.0.1/${FROM_FILE}", headers={"Authorization": "Bearer ${TOKEN}"}).filled(look_up)
    assert (found.url, found.headers) == ("http://127.0.0.1/f1le", {"Authorization": "Bearer t0p"})
    with pytest.raises(UsageError, match="the variable ABSENT is not set; next: export ABSENT="):
        made(command="a", env={"A": "${ABSENT}"}).filled(look_up)


def test_files_are_laid_over_each_other(tmp_path: Path) -> None:
    write({"browser": {"disabled": True}, "mine": {"command": "a", "args": ["1"]}})
    named = tmp_path / "named.json"
    named.write_text('{"mcpServers": {"mine": {"command": "b"}, "far": {"url": "http://127.0.0.1/mcp"}}}', "utf-8")
    found = catalog([named])
    assert {"browser", "ae", "mine", "far"} <= found.keys()
    assert found["browser"].disabled
    assert found["browser"].command == "${PYTHON}"
    assert (found["mine"].command, found["mine"].args) == ("b", [])
    assert (own_file().stat().st_mode & 0o777) == 0o600


def test_the_shipped_file_is_sound() -> None:
    found = catalog()
    assert found.keys() == raw(SHIPPED).keys()
    assert [name for name, each in found.items() if not each.about] == []


@pytest.mark.parametrize("text", ["{", "[]", '{"mcpServers": []}', '{"mcpServers": {"a": 1}}', "{}"])
def test_a_file_that_is_no_list_of_servers(tmp_path: Path, text: str) -> None:
    named = tmp_path / "named.json"
    named.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"named\.json"):
        catalog([named])


def test_a_named_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent.json cannot be read"):
        catalog([tmp_path / "absent.json"])


def test_a_file_in_the_workspace_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text('{"mcpServers": {}}', encoding="utf-8")
    with pytest.raises(UsageError, match="lies in the workspace, where generated code can write"):
        catalog([file], workspace=tmp_path)
    link = tmp_path.parent / f"{tmp_path.name}-link.json"
    link.symlink_to(file)
    with pytest.raises(UsageError, match="lies in the workspace"):
        catalog([link], workspace=tmp_path)


def test_a_server_that_lies_in_the_workspace_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "node").touch(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert planted(made(command="node"), tmp_path)
    place = tmp_path / "server.py"
    assert planted(made(command=str(tmp_path / "run")), tmp_path)
    assert planted(made(command="python", args=[str(place)]), tmp_path)
    assert planted(made(command="python", args=[f"{tmp_path}/x/../server.py"]), tmp_path)
    assert planted(made(command="python", args=["-m", "server"], cwd=str(tmp_path / "sub")), tmp_path)
    assert not planted(made(command="npx", args=["server-filesystem", str(tmp_path)]), tmp_path)
    assert not planted(made(command="python", args=[str(tmp_path.parent / "server.py")]), tmp_path)
