"""Which server a task would use: found, silent, another program, old, ours."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import folders
from config.settings import Settings
from tools.doctor import server
from tools.doctor.check import Check
from tools.embedded import weights
from tools.embedded.address import NONCE, PROTOCOL, Record, proof
from tools.embedded.app import create, listener
from tools.embedded.scripted import ScriptedEngine, scripted, serving
from tools.ollama.server import Server

INSTALL = "sh install"


def settings(**values: str) -> Settings:
    """These alone."""
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # each is a text


def silent() -> str:
    """An address where nobody listens."""
    with listener() as bound:
        return f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def stranger() -> Iterator[str]:
    """Another program at an address, as LM Studio or a router would be."""

    async def answer(request: Request) -> Response:
        return JSONResponse({"error": "no such page"}, 404)

    with serving(Starlette(routes=[Route("/{path:path}", answer)])) as url:
        yield url


def test_an_ollama_that_answers() -> None:
    with scripted([]) as (url, _):
        found, said = server.locate(settings(ollama_base_url=f"{url}/v1"), INSTALL)
        assert (found, said) == (Server(url), [])
        assert server.locate(settings(), INSTALL, default=url) == (Server(url), [])


@pytest.mark.parametrize(
    ("version", "state"), [("0.24.0", "ok"), ("0.5.0", "ok"), ("0.4.7", "warning"), ("0.0.0", "ok"), ("1.0-rc2", "ok")]
)
def test_versions(version: str, state: str) -> None:
    found = server.version(Server("http://ana:secret@gpu:11434"), version)
    assert (found.name, found.state) == ("server", state)
    assert found.seen.startswith(f"Ollama {version} at http://***@gpu:11434")


def test_a_silent_address_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    url = silent()
    found, (said,) = server.locate(settings(ollama_base_url=url), INSTALL)
    assert (found, said.name, said.state) == (None, "server", "broken")
    assert said.seen == f"no Ollama answers at OLLAMA_BASE_URL={url}: the connection is refused"
    assert said.next.startswith(f"{INSTALL} ")
    if sys.platform != "win32":
        (tmp_path / "ollama").touch(0o755)
        assert server.silent(Server(url), INSTALL).next.startswith("ollama serve; or unset OLLAMA_BASE_URL")


def test_another_program_at_the_address_is_told() -> None:
    with stranger() as url:
        found, (said,) = server.locate(settings(ollama_base_url=url), INSTALL)
        assert (found, said.state) == (None, "broken")
        assert "what answers there is another program (status 404 for /api/version)" in said.seen
        found, (said, embedded) = server.locate(settings(), INSTALL, default=url)
    assert found is None
    assert (said.state, embedded.state) == ("warning", "ok")
    assert said.next == f"curl {url.removeprefix('http://')}/api/version"


def test_a_listener_that_never_answers_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert server.refusal(Server(url)) == "it takes longer than 2 s"
    assert "name" in server.refusal(Server("http://no-such-host.invalid:11434")).lower()


def test_another_machine_gets_its_own_advice() -> None:
    said = server.silent(Server("http://no-such-host.invalid:11434"), INSTALL)
    assert said.next.startswith("curl http://no-such-host.invalid:11434/api/version ")


def test_a_socks_proxy_to_another_machine_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    found, (said,) = server.locate(settings(ollama_base_url="http://no-such-host.invalid:11434"), INSTALL)
    assert (found, said.state) == (None, "broken")
    assert "SOCKS" in said.seen


def test_an_address_that_is_none_is_told_elsewhere() -> None:
    assert server.locate(settings(ollama_base_url="http://:1"), INSTALL) == (None, [])


def test_without_an_ollama_the_embedded_server_is_said() -> None:
    url = silent()
    found, said = server.locate(settings(), INSTALL, default=url)
    assert found is None
    where = url.removeprefix("http://")
    assert said == [Check("server", "ok", f"no Ollama at {where}: a task starts the embedded server")]


@pytest.mark.parametrize("choice", ["", "qwen2.5-coder:0.5b-instruct-q4_K_M", "missing.gguf"])
def test_the_embedded_server_that_runs_is_found(choice: str) -> None:
    async def known(request: Request) -> Response:
        return JSONResponse({"protocol": PROTOCOL, "proof": proof("token", request.headers[NONCE])})

    with serving(create(ScriptedEngine([]), more=[Route("/commander", known)])) as url:
        Record(int(url.rpartition(":")[2]), os.getpid(), "token").write(folders.state())
        found, (said,) = server.locate(settings(embedded_model=choice), INSTALL, default=silent())
    assert found == Server(url, "token", choice if choice in weights.known() else weights.DEFAULT)
    assert (said.state, f"the embedded server runs at {url}" in said.seen) == ("ok", True)
    assert server.version(found, "0.24.0").name == "version"


def test_weights_to_fetch(user: Path) -> None:
    known, small = weights.known()[weights.DEFAULT], "qwen2.5-coder:0.5b-instruct-q4_K_M"
    engine, said = server.embedded(settings())
    assert (engine.name, engine.state) == ("engine", "ok")
    assert said == Check("weights", "ok", f"{known.name}: 1.1 GB, fetched once by the first task")
    assert server.to_fetch(settings()) == known.size
    part = folders.cache() / "models" / f"{known.file}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(200_000_000))
    assert server.to_fetch(settings()) == known.size - 200_000_000
    assert [*server.embedded(settings())][1].seen.endswith(", 0.2 GB of it are there")
    both = settings(default_model=known.name, executor_model=small)
    assert server.choices(both) == [known.name, small]
    assert server.choices(settings(default_model=small)) == [small]
    assert server.choices(settings(executor_model=small)) == [known.name, small]
    assert [path for path in user.rglob("*") if path.is_file()] == [part], "a look fetches nothing"


def test_memory_for_the_embedded_server() -> None:
    assert server.memory(settings(), 16e9).state == "ok"
    found = server.memory(settings(), 1.5e9)
    assert (found.name, found.state, found.next) == ("memory", "warning", "close other programs")
    assert "takes about 2.1 GB, 1.5 GB are free now" in found.seen


def test_weights_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    (_, said) = server.embedded(settings(embedded_model=str(own)))
    assert (said.name, said.state) == ("weights", "broken")
    assert "no such file" in said.seen
    own.write_bytes(bytes(100_000_000))
    (_, said) = server.embedded(settings(embedded_model=str(own)))
    assert said == Check("weights", "ok", f"{own}: 0.1 GB")
    assert server.to_fetch(settings(embedded_model=str(own))) == 0


def test_an_engine_that_cannot_be_loaded_is_broken() -> None:
    told = server.engine([sys.executable, "-c", "raise ImportError('libgomp.so.1: cannot open')"])
    assert (told.state, "libgomp.so.1" in told.seen) == ("broken", True)
    assert server.engine(["no-such-program"]).state == "broken"
    if sys.platform != "win32":
        illegal = server.engine([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGILL)"])
        assert "ended by signal 4: the processor may lack instructions" in illegal.seen
