"""The server as a process of its own: found, shared, stopped, gone, with the tiny model behind it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config.errors import ModelError, ServerError
from tools.embedded.address import Address, Record
from tools.embedded.scripted import serving
from tools.embedded.server import ensure, running, serve, stop
from tools.events import Event, Phase

ROOT = str(Path(__file__).parents[3])
START = "import sys; sys.path.insert(0, sys.argv[1]); "
ENSURE = START + (
    "from pathlib import Path; from tools.embedded.server import ensure; "
    "print(ensure(sys.argv[2], folder=Path(sys.argv[3])))"
)
SERVE = START + (
    "from pathlib import Path; from tools.embedded.server import serve; "
    "serve(sys.argv[2], lambda event: print(event.text, flush=True), folder=Path(sys.argv[3]))"
)
OTHER_PROTOCOL = START + (
    "from tools.embedded import address; address.PROTOCOL = 0; "
    "from tools.embedded.process import main; main(sys.argv[2:])"
)
BODY = {"messages": [{"role": "user", "content": "Hi"}], "options": {"num_predict": 3, "temperature": 0}}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A state folder; the server in it ends with the test."""
    yield tmp_path / "state"
    stop(tmp_path / "state")


def unexpected(event: Event) -> None:
    pytest.fail(f"told: {event}")


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-I", "-c", code, ROOT, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def chat(address: Address) -> httpx.Response:
    body = BODY | {"model": address.model, "stream": False}
    return httpx.post(f"{address.base_url}/api/chat", json=body, headers=address.headers, timeout=30)


def process(folder: Path) -> psutil.Process:
    record = Record.read(folder)
    assert record
    return psutil.Process(record.pid)


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def ended(one: psutil.Process) -> bool:
    return not one.is_running() or one.status() == psutil.STATUS_ZOMBIE


def test_it_is_started_once_shared_and_stopped(tiny: Path, folder: Path) -> None:
    assert running(folder) is None
    events: list[Event] = []
    address = ensure(str(tiny), events.append, folder=folder)
    assert [type(event) for event in events] == [Phase]
    assert chat(address).json()["eval_count"] == 3
    server = process(folder)
    (runner,) = server.children(recursive=True)
    other = tiny.with_name("other.gguf")
    other.write_bytes(tiny.read_bytes())
    second = ensure(str(other), events.append, folder=folder)
    assert (second.base_url, second.token, second.model) == (address.base_url, address.token, "other")
    names = [row["name"] for row in httpx.get(f"{address.base_url}/api/tags", headers=address.headers).json()["models"]]
    assert names == ["other:latest", "tiny:latest"]
    assert running(folder) == Address(address.base_url, address.token)
    assert stop(folder)
    assert wait_for(lambda: ended(server) and ended(runner))
    assert not stop(folder)
    assert running(folder) is None
    assert not (folder / "embedded.json").exists()


def test_it_is_its_owners_alone(tiny: Path, folder: Path) -> None:
    address = ensure(str(tiny), folder=folder)
    assert httpx.get(f"{address.base_url}/api/tags").status_code == 401
    assert httpx.post(f"{address.base_url}/commander/stop").status_code == 401
    assert "proof" in httpx.get(f"{address.base_url}/commander").json()
    assert httpx.get(f"{address.base_url}/commander", headers={"Host": "evil.example"}).status_code == 403
    if os.name == "posix":
        assert (folder / "embedded.json").stat().st_mode & 0o077 == 0
    record = Record.read(folder)
    assert record
    assert record.token not in " ".join(process(folder).cmdline())


def test_two_starters_get_one_server(tiny: Path, folder: Path) -> None:
    both = [python(ENSURE, str(tiny), str(folder)) for _ in range(2)]
    outputs = [starter.communicate(timeout=60)[0] for starter in both]
    assert outputs[0] == outputs[1]
    assert "base_url" in outputs[0]
    commands = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    assert sum("embedded.process" in command and str(folder) in command for command in commands) == 1


def test_it_ends_when_idle_but_not_while_it_writes(tiny: Path, folder: Path) -> None:
    address = ensure(str(tiny), folder=folder, idle=0.6)
    server = process(folder)
    (folder / "embedded.log").write_bytes(bytes(2 << 20))
    body = BODY | {"model": "tiny", "options": {"temperature": 0}}
    url = f"{address.base_url}/api/chat"
    with httpx.stream("POST", url, json=body, headers=address.headers, timeout=30) as answer:
        lines, started = answer.iter_lines(), time.monotonic()
        while time.monotonic() < started + 1.2:
            next(lines)
    assert not ended(server)
    assert (folder / "embedded.log").stat().st_size < 1 << 20, "the log is cut"
    assert wait_for(lambda: ended(server))
    assert running(folder) is None
    with pytest.raises(httpx.ConnectError):
        chat(address)
    assert chat(ensure(str(tiny), folder=folder)).status_code == 200


def test_nothing_outlives_a_killed_server(tiny: Path, folder: Path) -> None:
    address = ensure(str(tiny), folder=folder)
    chat(address)
    server = process(folder)
    (runner,) = server.children(recursive=True)
    server.kill()
    assert wait_for(lambda: ended(server) and ended(runner))
    assert (folder / "embedded.json").exists()
    assert running(folder) is None
    again = ensure(str(tiny), folder=folder)
    assert again.token != address.token
    assert chat(again).status_code == 200


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to handle")
def test_a_terminated_server_takes_its_children_along(tiny: Path, folder: Path) -> None:
    chat(ensure(str(tiny), folder=folder))
    server = process(folder)
    (runner,) = server.children(recursive=True)
    server.terminate()
    assert wait_for(lambda: ended(server) and ended(runner))
    assert not (folder / "embedded.json").exists()


def test_who_else_has_the_port_by_now_is_no_server(tiny: Path, folder: Path) -> None:
    seen: list[str] = []

    def anything(request: Request) -> Response:
        seen.append(str(request.headers))
        return JSONResponse({"protocol": 1, "pid": os.getpid(), "proof": "guessed"})

    methods = ["GET", "POST"]
    with serving(Starlette(routes=[Route("/{path:path}", anything, methods=methods)])) as base_url:
        Record(int(base_url.rpartition(":")[2]), os.getpid(), "secret").write(folder)
        assert running(folder) is None
        assert not stop(folder)
        assert ensure(str(tiny), folder=folder).base_url != base_url
    assert seen
    assert not any("secret" in headers for headers in seen), "the token is not given to strangers"


@pytest.mark.parametrize("content", ["", "{}", '{"port": "x"}', "[1]"])
def test_a_damaged_state_file_is_no_obstacle(content: str, folder: Path) -> None:
    folder.mkdir()
    (folder / "embedded.json").write_text(content, "utf-8")
    assert running(folder) is None


def test_a_server_of_another_protocol_is_replaced(tiny: Path, folder: Path) -> None:
    folder.mkdir()
    old = python(OTHER_PROTOCOL, json.dumps([str(folder), 60, 2]))
    assert wait_for(lambda: running(folder) is not None)
    before = running(folder)
    address = ensure(str(tiny), folder=folder)
    assert before
    assert address.token != before.token
    old.communicate(timeout=10)
    assert chat(address).status_code == 200


def test_in_the_foreground_it_says_where_it_is_and_ends_on_a_signal(tiny: Path, folder: Path) -> None:
    server = python(SERVE, str(tiny), str(folder))
    assert server.stdout
    line = server.stdout.readline()
    address = running(folder)
    assert address
    assert address.base_url in line
    assert address.token in line
    with pytest.raises(ServerError, match="runs already"):
        serve(str(tiny), unexpected, folder=folder)
    if os.name == "posix":
        server.send_signal(signal.SIGINT)
    else:
        stop(folder)
    server.communicate(timeout=10)
    assert running(folder) is None


def test_what_is_no_model_is_told(tmp_path: Path, folder: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="no GGUF file"):
        ensure(str(bad), folder=folder)


def test_a_server_that_cannot_start_says_where_to_look(
    tiny: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.embedded.server._BOOT", "raise SystemExit('no')")
    with pytest.raises(ServerError, match="does not start") as error:
        ensure(str(tiny), folder=folder)
    assert "embedded.log" in error.value.remedy
    assert "no" in (folder / "embedded.log").read_text("utf-8")
