"""What Ollama's server was started with, seen in real processes, and which values do harm."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tools.doctor.server import elsewhere
from tools.doctor.serving import Serving, at, servings, unit_environments
from tools.doctor.variables import check, seconds, variables
from tools.ollama.server import Server

posix = pytest.mark.skipif(sys.platform == "win32", reason="a link stands for the program")
SERVE = """
import socket, time
bound = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(bound.getsockname()[1]) + "\\n")
time.sleep(60)
"""


@contextmanager
def ollama(folder: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """A process `ollama serve` that listens: its id and its port."""
    folder.mkdir()
    (folder / "serve").write_text(SERVE, encoding="utf-8")
    (folder / "ollama").symlink_to(Path(sys.executable).resolve())
    process = subprocess.Popen([str(folder / "ollama"), "serve"], cwd=folder, env={**os.environ, **environment})
    try:
        while not (folder / "port").exists() or not (folder / "port").read_text(encoding="utf-8").endswith("\n"):
            assert process.poll() is None
            time.sleep(0.01)
        yield process.pid, int((folder / "port").read_text(encoding="utf-8"))
    finally:
        process.kill()
        process.wait()


def mine(*pids: int) -> list[Serving]:
    """Those of the processes that are `ollama serve`; a real one on this machine is left out."""
    return servings([psutil.Process(pid) for pid in (os.getpid(), *pids)])


def harm(served: bool = True, two: bool = False, **values: str) -> list[tuple[str, str]]:
    """State and remedy of what is wrong with these, seen in the server's own process."""
    found = variables(Server("http://127.0.0.1:1"), Serving(1, values, frozenset()))
    first, *rest = check(found, served=served, two=two)
    assert first.state == "ok"
    assert all(f"{name}={value}" in first.seen for name, value in values.items())
    return [(each.state, each.next.rpartition(": ")[2]) for each in rest]


@posix
def test_the_servers_own_variables_are_seen_in_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", "1s")  # this shell's, overridden below
    with (
        ollama(tmp_path / "a", OLLAMA_NUM_PARALLEL="4", OLLAMA_KEEP_ALIVE="") as (pid, port),
        ollama(tmp_path / "b") as (other, elsewhere_port),
    ):
        found = mine(pid, other)
        assert [each.pid for each in found] == [pid, other]
        behind = at(Server(f"http://localhost:{port}"), found)
        assert behind is not None
        assert (behind.pid, behind.ports) == (pid, frozenset({port}))
        seen = variables(Server(f"http://localhost:{port}"), behind)
        assert (dict(seen.values), seen.certain) == ({"OLLAMA_NUM_PARALLEL": "4"}, True)
        assert at(Server("http://localhost:1"), found) is None
        assert at(Server(f"http://gpu-box:{port}"), found) is None
        assert [each.next for each in elsewhere(found, "")] == [
            f"OLLAMA_BASE_URL=http://127.0.0.1:{number}" for number in (port, elsewhere_port)
        ]
        assert list(elsewhere(found[:1], f"http://127.0.0.1:{port}")) == []
    assert mine() == []


@posix
def test_a_service_tells_its_variables_through_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "systemctl"
    lines = 'Environment=PATH=/bin "OLLAMA_HOST=0.0.0.0:11500" OLLAMA_FLASH_ATTENTION=1\nMainPID=77'
    script.write_text(f"#!/bin/sh\n[ \"$1 $2\" = 'show ollama' ] && echo '{lines}'\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    variables_ = {"PATH": "/bin", "OLLAMA_HOST": "0.0.0.0:11500", "OLLAMA_FLASH_ATTENTION": "1"}
    assert unit_environments() == {77: variables_}
    (found,) = elsewhere([Serving(77, variables_, frozenset())], "")
    assert (found.state, found.next) == ("warning", "OLLAMA_BASE_URL=http://127.0.0.1:11500")
    script.write_text("#!/bin/sh\necho Environment=\necho MainPID=0\n", encoding="utf-8")
    assert unit_environments() == {}
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert unit_environments() == {}


@pytest.mark.parametrize(
    ("server", "serving", "said"),
    [
        (Server("http://127.0.0.1:1"), Serving(7, None, frozenset()), "process 7 is another user's"),
        (Server("http://127.0.0.1:1"), None, "no process of ollama serve is seen here"),
        (Server("http://gpu:1"), None, "a server on another machine does not tell them"),
        (None, None, "no Ollama runs; in this shell"),
    ],
)
def test_what_cannot_be_seen_is_said(
    server: Server | None, serving: Serving | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_MULTIUSER_CACHE", "true")
    found = variables(server, serving)
    assert (found.certain, said in found.seen) == (False, True)
    states = [each.state for each in check(found, served=server is not None, two=False)]
    assert states == ["ok", "broken" if server else "warning"]


def test_the_setting_that_crashes_ollama_is_broken() -> None:
    assert harm(OLLAMA_MULTIUSER_CACHE="1") == [("broken", "unset OLLAMA_MULTIUSER_CACHE")]
    assert harm(OLLAMA_MULTIUSER_CACHE="0") == harm(OLLAMA_MULTIUSER_CACHE="false") == []


def test_settings_that_cost() -> None:
    assert harm(OLLAMA_NUM_PARALLEL="4") == [("warning", "unset OLLAMA_NUM_PARALLEL")]
    assert harm(OLLAMA_KEEP_ALIVE="0") == harm(OLLAMA_KEEP_ALIVE="30s") == [("warning", "OLLAMA_KEEP_ALIVE=5m")]
    assert harm(OLLAMA_MAX_LOADED_MODELS="1") == []
    ((state, advice),) = harm(two=True, OLLAMA_MAX_LOADED_MODELS="1")
    assert (state, advice.startswith("OLLAMA_MAX_LOADED_MODELS=2 ")) == ("warning", True)
    cache = harm(OLLAMA_KV_CACHE_TYPE="q8_0", OLLAMA_FLASH_ATTENTION="0")
    assert cache == [("warning", "OLLAMA_FLASH_ATTENTION=1")]


def test_settings_that_are_fine() -> None:
    assert harm(OLLAMA_NUM_PARALLEL="1", OLLAMA_KEEP_ALIVE="-1", OLLAMA_CONTEXT_LENGTH="16384") == []
    assert harm(two=True, OLLAMA_KV_CACHE_TYPE="q8_0", OLLAMA_MAX_LOADED_MODELS="2") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5m", 300),
        ("1h30m", 5400),
        ("0", 0),
        ("0s", 0),
        ("90", 90),
        ("-1", -1),
        ("-1m", -60),
        ("1.5s", 1.5),
        ("x", 300),
    ],
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == value
