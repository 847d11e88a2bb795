"""Which model server a run uses: the one that the user set, else Ollama's default address, else the embedded one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

import httpx

from config.errors import ServerError, UsageError
from config.settings import Settings
from tools.events import Emit, Notice
from tools.ollama.limits import Limits

DEFAULT = "http://127.0.0.1:11434"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Server:
    """A model server's root, without `/v1`, and the bearer token that it asks for (Ollama: none)."""

    base_url: str
    token: str = ""
    model: str = ""
    """The model that the embedded server was started for; empty: an Ollama."""
    limits: Limits = field(default_factory=Limits)
    anew: "Callable[[], Server] | None" = field(default=None, compare=False, repr=False)
    """Starts the embedded server again, elsewhere and with another token."""

    @property
    def embedded(self) -> bool:
        """Whether it is ours."""
        return bool(self.model)

    @property
    def local(self) -> bool:
        """Whether it runs on this machine, so that no proxy belongs in the way."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def headers(self) -> dict[str, str]:
        """What each request carries."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def normalized(url: str) -> str:
    """`url` with a scheme and without `/v1` and trailing slashes.

    Raises:
        UsageError: no host can be read from it.
    """
    full = url.strip() if "://" in url else f"http://{url.strip()}"
    full = full.rstrip("/").removesuffix("/v1").removesuffix("/api").rstrip("/")
    try:
        parts = urlsplit(full)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fit = False
    if not fit:
        raise UsageError(f"OLLAMA_BASE_URL={url!r} is not a web address", "OLLAMA_BASE_URL=http://localhost:11434")
    return full


def answers(server: Server, seconds: float) -> bool:
    """Whether something that speaks Ollama's protocol answers within `seconds`.

    Raises:
        ServerError: a proxy stands in the way that cannot be used.
    """
    try:
        reply = httpx.get(
            f"{server.base_url}/api/version", headers=server.headers, timeout=seconds, trust_env=not server.local
        )
        return reply.status_code == 200 and "version" in reply.json()
    except ImportError as error:  # httpx needs a package more for SOCKS
        what = f"a SOCKS proxy is set, which is not supported on the way to {server.base_url}"
        raise ServerError(what, "unset ALL_PROXY, or NO_PROXY=HOST") from error
    except (httpx.HTTPError, ValueError):
        return False


def find(base_url: str, *, default: str = DEFAULT) -> Server | None:
    """The server at `base_url`; where that is empty, the one at the default address, or None.

    Raises:
        ServerError: `base_url` is set and nothing answers there.
    """
    if not base_url:
        server = Server(default)
        return server if answers(server, 5.0) else None
    server = Server(normalized(base_url))
    if not (answers(server, 5.0) or _answers_later(server)):
        raise ServerError(
            f"no Ollama answers at OLLAMA_BASE_URL={server.base_url}",
            "ollama serve   (or unset OLLAMA_BASE_URL to use the embedded model)",
        )
    return server


def _answers_later(server: Server) -> bool:
    """Whether it answers after a moment: it may just be starting."""
    time.sleep(server.limits.pause)
    return answers(server, 5.0)


def embedded(chosen: Settings, emit: Emit, reason: str) -> Server:
    """The user's embedded server, started when none runs; its weights are fetched on first need.

    It offers EMBEDDED_MODEL, and those of DEFAULT_MODEL and EXECUTOR_MODEL whose weights it knows where to get.

    Raises:
        ModelError: the weights cannot be had.
        ServerError: the server does not start.
    """
    from tools.embedded.server import ensure
    from tools.embedded.weights import known

    brain, hand = (name if name in known() else "" for name in (chosen.default_model, chosen.executor_model))
    address = ensure(chosen.embedded_model or brain, emit, limit=chosen.embedded_max_loaded_models)
    for name in {brain, hand} - {"", address.model}:
        ensure(name, emit)
    emit(Notice(reason))
    return Server(
        address.base_url,
        address.token,
        address.model,
        anew=partial(embedded, chosen, emit, "the embedded server had ended; started again"),
    )


def reach(chosen: Settings, emit: Emit) -> Server:
    """The server of a run: as `find`, else the embedded one.

    Raises:
        ServerError: OLLAMA_BASE_URL is set and silent, or the embedded server does not start.
        ModelError: the embedded model's weights cannot be had.
    """
    server = find(chosen.ollama_base_url)
    if server is None:
        server = embedded(chosen, emit, f"no Ollama at {DEFAULT.removeprefix('http://')}; embedded server")
    else:
        emit(Notice(f"Ollama at {server.base_url}"))
    return replace(server, limits=Limits.of(chosen))
