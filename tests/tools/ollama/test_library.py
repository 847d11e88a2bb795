"""The server's models, against a server that answers as the recorded Ollama does."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from config.errors import ModelError, ServerError, UsageError
from tools.embedded.scripted import serving
from tools.events import Event, Notice, Phase, Progress
from tools.ollama import library
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

BLOB = 40_000_000
NO_HOST = "pull model manifest: Get : dial tcp: lookup registry: no such host"


def full(name: str) -> str:
    """The name as Ollama lists it."""
    return name if ":" in name else f"{name}:latest"


@dataclass
class Ollama:
    """What facts/ollama-wire.json and Ollama's api.md show of pull, create, tags, ps, show, generate.

    `ends` says for each connection of a pull after how many lines it ends: `break` without the last chunk of HTTP,
    `stop` as if all were said; then the pull goes through.
    """

    models: dict[str, int] = field(default_factory=dict)
    """Sizes by name."""
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    ends: list[tuple[str, int]] = field(default_factory=list)
    error: str = ""
    """What a pull fails with, in a stream of status 200."""
    busy: bool = False
    """Whether an answer is being written, so that an unload waits."""
    parameters: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Path and body of each POST."""
    fetched: int = 0

    def load(self, name: str, *, graphics: float = 1.0, keep: float = 300.0) -> None:
        """As if somebody had asked it."""
        until = datetime.now(UTC) + timedelta(seconds=keep)
        size = self.models[name]
        row = {"size": size, "size_vram": int(size * graphics), "context_length": 8192}
        self.memory[name] = row | {"expires_at": until.isoformat().replace("+00:00", "123Z")}

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """What was posted there."""
        return [body for asked, body in self.asked if asked == path]

    def app(self) -> Starlette:
        """The routes."""
        posts = [self.pull, self.create, self.show, self.generate]
        gets = [self.version, self.tags, self.ps]
        return Starlette(
            routes=[
                *(Route(f"/api/{each.__name__}", each) for each in gets),
                *(Route(f"/api/{each.__name__}", each, methods=["POST"]) for each in posts),
            ]
        )

    async def version(self, request: Request) -> Response:
        return JSONResponse({"version": "0.24.0"})

    async def tags(self, request: Request) -> Response:
        rows = [{"name": name, "model": name, "size": size, "details": {}} for name, size in self.models.items()]
        return JSONResponse({"models": rows})

    async def ps(self, request: Request) -> Response:
        return JSONResponse({"models": [{"name": name, "model": name} | row for name, row in self.memory.items()]})

    async def show(self, request: Request) -> Response:
        body = await self._body(request)
        parameters = self.parameters.get(full(body["model"]), 'stop    "<|im_end|>"')
        shown = {"parameters": parameters, "template": "{{ .Messages }}", "capabilities": ["completion"]}
        return JSONResponse(shown)

    async def generate(self, request: Request) -> Response:
        body = await self._body(request)
        if body.get("keep_alive") == 0 and not self.busy:
            self.memory.pop(full(body["model"]), None)
        return JSONResponse({"model": body["model"], "response": "", "done": True, "done_reason": "unload"})

    async def pull(self, request: Request) -> Response:
        body = await self._body(request)
        how, lines = self.ends.pop(0) if self.ends else ("", 1000)
        return StreamingResponse(self._pulling(body["model"], how, lines), media_type="application/x-ndjson")

    async def create(self, request: Request) -> Response:
        body = await self._body(request)
        if "from" not in body:
            return JSONResponse({"error": "neither 'from' or 'files' was specified"}, 400)
        return StreamingResponse(self._creating(body), media_type="application/x-ndjson")

    async def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        self.asked.append((request.url.path, body))
        return body

    async def _pulling(self, name: str, how: str, lines: int) -> AsyncGenerator[str, None]:
        said = 0
        async for line in self._said(name):
            if said == lines and how == "break":
                raise ConnectionError("cut, as a test wants it")
            if said == lines:
                return
            said += 1
            yield json.dumps(line) + "\n"

    async def _said(self, name: str) -> AsyncGenerator[dict[str, Any], None]:
        yield {"status": "pulling manifest"}
        if self.error:
            yield {"error": self.error}
            return
        blob = {"status": "pulling 183715c43589", "digest": "sha256:183715c43589", "total": BLOB}
        yield blob  # until something came there is no `completed`
        while self.fetched < BLOB:
            self.fetched += BLOB // 10
            yield blob | {"completed": self.fetched}
            yield blob | {"completed": self.fetched}
        yield {"status": "pulling 41190096a061", "digest": "sha256:41190096a061", "total": 1490, "completed": 1490}
        for status in ("verifying sha256 digest", "writing manifest"):
            yield {"status": status}
        self.models[full(name)] = BLOB
        yield {"status": "success"}

    async def _creating(self, body: dict[str, Any]) -> AsyncGenerator[str, None]:
        if full(body["from"]) not in self.models:
            yield json.dumps({"error": NO_HOST}) + "\n"
            return
        self.models[full(body["model"])] = self.models[full(body["from"])]
        for status in (
            "using existing layer sha256:1d96",
            "creating new layer sha256:03ef",
            "writing manifest",
            "success",
        ):
            yield json.dumps({"status": status}) + "\n"


def through(ollama: Ollama, work: Callable[[Gateway], Coroutine[Any, Any, Any]]) -> tuple[Any, list[Event]]:
    """What `work` gives and what it tells, against the server."""
    events: list[Event] = []

    async def act(url: str) -> Any:
        gateway = Gateway(Server(url), events.append)
        try:
            return await work(gateway)
        finally:
            await gateway.close()

    with serving(ollama.app()) as url:
        return asyncio.run(act(url)), events


def progress(events: list[Event]) -> list[int]:
    return [event.done for event in events if isinstance(event, Progress)]


def test_a_pull_tells_each_byte_count_once() -> None:
    ollama = Ollama()
    _, events = through(ollama, lambda gateway: library.pull(gateway, "qwen2.5:14b"))
    assert ollama.asked == [("/api/pull", {"model": "qwen2.5:14b"})]
    assert progress(events) == [0, *range(BLOB // 10, BLOB + 1, BLOB // 10)]
    assert {event.what for event in events if isinstance(event, Progress)} == {"qwen2.5:14b"}
    phases = [event.name for event in events if isinstance(event, Phase)]
    assert phases == ["pulling manifest", "verifying sha256 digest", "writing manifest"]
    assert [event for event in events if isinstance(event, Notice)] == []


@pytest.mark.parametrize("how", ["break", "stop"])
def test_a_broken_pull_goes_on_where_it_stopped(how: str) -> None:
    ollama = Ollama(ends=[(how, 8), (how, 6)])
    _, events = through(ollama, lambda gateway: library.pull(gateway, "big", 0.01))
    assert len(ollama.bodies("/api/pull")) == 3
    assert progress(events)[-1] == BLOB
    assert sorted({*progress(events)}) == progress(events)
    notices = [event for event in events if isinstance(event, Notice)]
    assert [notice.level for notice in notices] == ["warning"] * 2
    assert "trying again" in notices[0].text


def test_a_pull_that_never_gets_further_ends_with_the_next_command() -> None:
    ollama = Ollama(ends=[("break", 2)] * 9)
    with pytest.raises(ServerError, match=r"fetching big broke 5 times: .+; next: commander models pull big"):
        through(ollama, lambda gateway: library.pull(gateway, "big", 0.01))
    assert len(ollama.bodies("/api/pull")) == library.TRIES


def test_breaks_with_progress_between_them_are_not_counted_together() -> None:
    ollama = Ollama(ends=[("break", 5)] * 6)
    through(ollama, lambda gateway: library.pull(gateway, "big", 0.0))
    assert ollama.models == {"big:latest": BLOB}


def test_an_error_in_the_stream_is_an_error_at_once() -> None:
    ollama = Ollama(error=NO_HOST)
    with pytest.raises(ModelError, match=r"nope: pull model manifest.*no such host; next: commander models pull nope"):
        through(ollama, lambda gateway: library.pull(gateway, "nope"))
    assert len(ollama.asked) == 1


def test_a_server_that_is_gone_is_said_after_some_tries() -> None:
    async def act() -> None:
        gateway = Gateway(Server("http://127.0.0.1:9"), lambda event: None)
        try:
            await library.pull(gateway, "big", 0.0)
        finally:
            await gateway.close()

    with pytest.raises(ServerError, match="commander models pull big"):
        asyncio.run(act())


def test_a_refusal_is_told_in_the_servers_words() -> None:
    recipe = library.Modelfile(Path("Modelfiles/Modelfile.x"), "x", "missing")
    with pytest.raises(ModelError, match=r"no such host; next: ollama create x -f Modelfiles.Modelfile\.x"):
        through(Ollama(), lambda gateway: library.create(gateway, recipe))

    async def page(request: Request) -> Response:
        return Response("502 Bad Gateway", 502)

    app = Starlette(routes=[Route("/api/create", page, methods=["POST"])])
    with serving(app) as url, pytest.raises(ModelError, match="x: 502 Bad Gateway"):
        asyncio.run(_create(url, recipe))


async def _create(url: str, recipe: library.Modelfile) -> None:
    gateway = Gateway(Server(url), lambda event: None)
    try:
        await library.create(gateway, recipe)
    finally:
        await gateway.close()


def test_create_sends_fields_and_not_a_modelfile() -> None:
    ollama = Ollama(models={"base:latest": 1})
    recipe = library.Modelfile(Path("m"), "made:x", "base", {"num_ctx": 8192, "stop": ["<|im_end|>"]}, "{{ .Prompt }}")
    _, events = through(ollama, lambda gateway: library.create(gateway, recipe))
    (body,) = ollama.bodies("/api/create")
    assert body == {
        "model": "made:x",
        "from": "base",
        "parameters": {"num_ctx": 8192, "stop": ["<|im_end|>"]},
        "template": "{{ .Prompt }}",
    }
    assert "made:x" in ollama.models
    assert events[-1] == Phase("success", "made:x")


def test_what_is_held_and_what_of_it_is_loaded() -> None:
    ollama = Ollama(
        models={"a:latest": 4_000_000_000, "b:7b": 2_000_000_000}, parameters={"a:latest": "num_ctx   4096"}
    )
    ollama.load("b:7b", graphics=0.5, keep=60)
    held, _ = through(ollama, library.held)
    assert held["a"] == library.Held(4_000_000_000)
    loaded = held["b:7b"].resident
    assert (loaded.size, loaded.size_vram, loaded.window) == (2_000_000_000, 1_000_000_000, 8192)
    assert 0 < loaded.expires - time.time() <= 60
    assert through(ollama, lambda gateway: library.window(gateway, "a"))[0] == 4096
    assert through(ollama, lambda gateway: library.window(gateway, "b:7b"))[0] == 0


def test_unload_takes_what_is_named_or_all() -> None:
    ollama = Ollama(models={"a:latest": 1, "b:7b": 1, "c:latest": 1})
    for name in ollama.models:
        ollama.load(name)
    _, events = through(ollama, lambda gateway: library.unload(gateway, ["a", "nope"]))
    assert ollama.bodies("/api/generate") == [{"model": "a", "keep_alive": 0}]
    assert [event.text for event in events if isinstance(event, Notice)] == ["unloaded a", "nope is not loaded"]
    _, events = through(ollama, library.unload)
    assert ollama.memory == {}
    assert [event.text for event in events if isinstance(event, Notice)] == ["unloaded b:7b", "unloaded c"]
    _, events = through(ollama, library.unload)
    assert events == [Notice("no model is loaded")]
    ollama.load("a:latest")
    ollama.busy = True
    _, events = through(ollama, library.unload)
    assert events == [Notice("a leaves when the answer that it writes is done")]


RECIPE = """\
# ollama create mine:x -f Modelfiles/Modelfile.mine

FROM base:7b
# a word
PARAMETER num_ctx 8192
PARAMETER temperature 0.25
PARAMETER stop "<|im_start|>"
PARAMETER stop <|im_end|>
TEMPLATE \"\"\"{{ range .Tools }}{{ json .Function }}
{{ end }}# no comment
FROM here no more
\"\"\"
"""


def recipe(folder: Path, text: str) -> library.Modelfile:
    path = folder / "Modelfile.mine"
    path.write_text(text, encoding="utf-8")
    return library.parsed(path)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_modelfile_is_read(tmp_path: Path, ending: str) -> None:
    (tmp_path / "Modelfile.mine").write_bytes(RECIPE.replace("\n", ending).encode())
    (found,) = library.modelfiles(tmp_path).values()
    assert (found.name, found.base, found.window) == ("mine:x", "base:7b", 8192)
    assert found.parameters == {"num_ctx": 8192, "temperature": 0.25, "stop": ["<|im_start|>", "<|im_end|>"]}
    assert found.template == "{{ range .Tools }}{{ json .Function }}\n{{ end }}# no comment\nFROM here no more\n"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("SYSTEM You are Mario.", 2),
        ("PARAMETER num_ctx many", 2),
        ("PARAMETER num_gpu 1", 2),
        ('TEMPLATE """{{ .Prompt }}', 2),
        ("from base", 2),
        ("hello", 2),
    ],
)
def test_what_a_modelfile_of_ours_never_says_is_refused(tmp_path: Path, line: str, place: int) -> None:
    with pytest.raises(UsageError, match=rf"Modelfile\.mine:{place}: .* is not known here"):
        recipe(tmp_path, f"# ollama create mine -f x\n{line}\nFROM base\n")


def test_a_modelfile_has_a_name_and_a_base(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not tell its local name"):
        recipe(tmp_path, "FROM base\n")
    with pytest.raises(UsageError, match="has no FROM"):
        recipe(tmp_path, "# ollama create mine -f x\nPARAMETER num_ctx 1\n")
    assert library.modelfiles(tmp_path / "nowhere") == {}
