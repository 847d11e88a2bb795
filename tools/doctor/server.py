"""The model server: which one a task would use, and whether it can be used."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import httpx

from config import folders
from config.errors import ModelError, ServerError, UsageError
from config.settings import Settings
from tools.doctor.address import host_url
from tools.doctor.check import Check, broken, ok, warning
from tools.doctor.serving import Serving
from tools.doctor.settings import masked
from tools.embedded import weights
from tools.embedded.server import running
from tools.events import ignore
from tools.ollama import fit
from tools.ollama.server import DEFAULT, Server, find, normalized

OLDEST = (0, 5)
"""The first that holds answers to a schema, which the plans and reviews need."""
_ENGINE = (sys.executable, "-I", "-c", "import xllamacpp")


def locate(given: Settings, install: str, default: str = DEFAULT) -> tuple[Server | None, list[Check]]:
    """The server that runs, an Ollama or ours; nothing is started. `install` is the command for an Ollama."""
    try:
        found = find(given.ollama_base_url, default=default)
    except UsageError:
        return None, []  # told where the address is looked at
    except (ServerError, ImportError):  # httpx: a SOCKS proxy that it has no package for
        return None, [silent(Server(normalized(given.ollama_base_url)), install)]
    if found:
        return found, []
    address = running()
    where = default.removeprefix("http://")
    said = [_occupied(where, why)] if (why := refusal(Server(default))) else []
    if address is None:
        return None, [*said, ok("server", f"no Ollama at {where}: a task starts the embedded server")]
    server = Server(address.base_url, address.token, embedded_name(given.embedded_model))
    return server, [*said, ok("server", f"no Ollama at {where}; the embedded server runs at {server.base_url}")]


def silent(server: Server, install: str) -> Check:
    """OLLAMA_BASE_URL is set, and no Ollama answers there: a task ends with exit code 3."""
    url = masked(server.base_url)
    seen = f"no Ollama answers at OLLAMA_BASE_URL={url}: {refusal(server) or 'the connection is refused'}"
    if not server.local:
        return broken("server", seen, f"curl {url}/api/version   (there: OLLAMA_HOST=0.0.0.0 ollama serve)")
    start = "ollama serve" if shutil.which("ollama") else f"{install}   (then ollama serve)"
    return broken("server", seen, f"{start}; or unset OLLAMA_BASE_URL to use the embedded model")


def refusal(server: Server) -> str:
    """Why what is at an address is no Ollama; empty where nobody listens."""
    try:
        reply = httpx.get(f"{server.base_url}/api/version", timeout=2.0, trust_env=not server.local)
    except httpx.ConnectError as error:
        said = str(error)
        return "" if "refused" in said or "10061" in said else said
    except httpx.TimeoutException:
        return "it takes longer than 2 s"
    except (httpx.HTTPError, ValueError, ImportError) as error:
        return str(error) or type(error).__name__
    if reply.status_code == 200 and '"version"' in reply.text:
        return "it answered only when it was asked again"
    return f"what answers there is another program (status {reply.status_code} for /api/version)"


def _occupied(where: str, why: str) -> Check:
    seen = f"something listens at {where} but does not answer as Ollama: {why}"
    return warning("server", seen, f"curl {where}/api/version")


def version(server: Server, said: str) -> Check:
    """Which Ollama it is, and whether it knows what we ask for."""
    if server.embedded:
        return ok("version", f"the embedded server speaks as Ollama {said}")
    seen = f"Ollama {said} at {masked(server.base_url)}"
    numbers = tuple(map(int, re.findall(r"\d+", said)[:2]))
    if (0, 0) < numbers < OLDEST:  # 0.0.0 is a build of one's own
        return warning("server", f"{seen}; older than 0.5, which holds no answer to a schema", "ollama --version")
    return ok("server", seen)


def elsewhere(found: Iterable[Serving], base_url: str) -> Iterator[Check]:
    """An `ollama serve` that runs, though none answers where it is looked for."""
    for each in found:
        said = (each.environment or {}).get("OLLAMA_HOST", "")
        port = next(iter(sorted(each.ports)), None)
        url = f"http://127.0.0.1:{port}" if port else host_url(said) if said else ""
        if url and url != (base_url or DEFAULT):
            seen = f"ollama serve runs (process {each.pid}), but at {url}"
            yield warning("server", seen, f"OLLAMA_BASE_URL={url}")


def embedded(given: Settings) -> Iterator[Check]:
    """What the embedded server needs: the engine, and the weights."""
    yield engine()
    for choice in choices(given):
        try:
            yield _weights(choice)
        except ModelError as error:
            yield broken("weights", error.what, error.remedy)


def memory(given: Settings, free: float) -> Check:
    """Whether the embedded server's models will fit beside what runs now; `free` in bytes."""
    sizes = [weights.known()[name].size for name in choices(given) if name in weights.known()]
    need = sum(sizes) + fit.OVERHEAD * 1e9 * len(sizes)
    seen = f"the embedded server takes about {need / 1e9:.1f} GB, {free / 1e9:.1f} GB are free now"
    return ok("memory", seen) if free > need else warning("memory", seen, "close other programs")


def choices(given: Settings) -> list[str]:
    """The models that a task would have the embedded server offer, as tools/ollama/server.py does."""
    named = [name for name in (given.default_model, given.executor_model) if name in weights.known()]
    first = given.embedded_model or (named[0] if given.default_model in named else weights.DEFAULT)
    return [*dict.fromkeys((first, *named))]


def engine(command: Sequence[str] = _ENGINE) -> Check:
    """Whether the library that computes can be loaded here: it is made for common processors and systems."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=60)
        code, said = done.returncode, " ".join(done.stderr.split())[-200:]
    except (OSError, subprocess.TimeoutExpired) as error:
        code, said = 1, str(error)
    if code == 0:
        return ok("engine", "xllamacpp can be loaded")
    why = said or (f"ended by signal {-code}: the processor may lack instructions" if code < 0 else f"exit code {code}")
    return broken(
        "engine", f"xllamacpp cannot be loaded: {why}", "install Ollama, or: uv sync --reinstall-package xllamacpp"
    )


def to_fetch(given: Settings) -> int:
    """Bytes of weights that a task would fetch for the embedded server."""
    folder = folders.cache() / "models"
    wanted = [weights.known()[choice] for choice in choices(given) if choice in weights.known()]
    missing = [each for each in wanted if weights.present(each, folder) is None]
    return sum(each.size - _part(folder / f"{each.file}.part") for each in missing)


def _weights(choice: str) -> Check:
    known = weights.known().get(choice)
    if known is None:
        found = weights.locate(choice, ignore)
        return ok("weights", f"{found.path}: {found.path.stat().st_size / 1e9:.1f} GB")
    folder = folders.cache() / "models"
    if path := weights.present(known, folder):
        return ok("weights", f"{known.name}: {path}, whole")
    part = _part(folder / f"{known.file}.part")
    done = f", {part / 1e9:.1f} GB of it are there" if part else ""
    return ok("weights", f"{known.name}: {known.size / 1e9:.1f} GB, fetched once by the first task{done}")


def _part(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def embedded_name(choice: str) -> str:
    """The name under which the embedded server offers EMBEDDED_MODEL; nothing is fetched."""
    if not choice or choice in weights.known():
        return choice or weights.DEFAULT
    try:
        return weights.locate(choice, ignore).name
    except ModelError:  # told where the weights are looked at
        return weights.DEFAULT
