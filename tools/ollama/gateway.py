"""The one way out to the model server: every call of either surface passes here, and is counted."""

import asyncio
import time
from functools import cache
from typing import Any

import httpx

from config import settings
from config.errors import ModelError, ServerError, WindowError
from tools.events import Call, Emit, Load, LoadKind, Phase, ignore
from tools.ollama.lease import Lease
from tools.ollama.residence import Resident, disturbance, residents, short
from tools.ollama.server import Server, reach

SILENCE = 600.0
"""Seconds without a byte before a server counts as hung: a 32B model reads a long prompt on a slow PC in minutes."""


RELOAD = 0.5
"""Seconds of `load_duration` from which on a call found its model not loaded: 0.08-0.19 when warm, 1.5 and more when
it was loaded again (Ollama 0.24.0, 1.5B on a CPU; a larger model takes longer)."""


SHARE = 0.8
"""Of the window, what a prompt may take; the rest is for the answer."""


class Gateway:
    """Every model call of a run, on whichever surface, passes here: the connection, the counts, the loads."""

    def __init__(self, server: Server, emit: Emit) -> None:
        self.server = server
        self.emit = emit
        self.calls: list[Call] = []
        self.loads: list[Load] = []
        self.seen: dict[str, Resident] = {}
        """The models of this run, each as the server last held it for us."""
        self._displaced: set[str] = set()
        self._loading = asyncio.Lock()
        self._characters_a_token = 3.0
        self._aliases: dict[str, str] = {}
        self.lease = Lease("embedded" if server.embedded else server.base_url.replace("localhost", "127.0.0.1"), emit)
        self.http = httpx.AsyncClient(
            base_url=server.base_url,
            headers=server.headers,
            trust_env=not server.local,
            timeout=httpx.Timeout(SILENCE, connect=5.0),
        )

    def check(self, model: str, characters: int) -> None:
        """Hold back a prompt that would fill the window, by this run's characters a token.

        Raises:
            WindowError: it would take more than four fifths.
        """
        tokens, window = characters / self._characters_a_token, self.window(model)
        if window and tokens > SHARE * window:
            raise too_long(f"about {tokens:,.0f}", model, window)

    def record(self, call: Call, characters: int) -> None:
        """Count a call that ended; its prompt had so many characters.

        Raises:
            WindowError: the prompt filled the window, so the server has cut it without a word.
        """
        self.calls.append(call)
        self.emit(call)
        if call.prompt_tokens:
            self._characters_a_token = characters / call.prompt_tokens
        if (call.load_seconds or 0) > RELOAD:
            self._count(
                Load(call.model, "reload", call.load_seconds or 0, "in the middle of a run: see commander verify")
            )
        window = self.window(call.model)
        if window and call.prompt_tokens >= window:
            raise too_long(f"{call.prompt_tokens:,} or more", call.model, window)

    async def request(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A JSON request that is answered whole.

        Raises:
            ServerError: the server does not answer, or not with JSON.
            ModelError: the server refuses; the message is its own.
        """
        try:
            reply = await self.http.request(method, path, json=body)
            data = reply.json() if reply.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise lost(self.server, error) from error
        if reply.status_code >= 400 or not isinstance(data, dict):
            raise ModelError(f"{path}: {message(data)}", "ollama list")
        return data

    def window(self, model: str) -> int:
        """The context window that `model` was last loaded with, in tokens; 0: not known."""
        seen = self.seen.get(short(model))
        return seen.window if seen else 0

    async def loaded(self) -> list[str]:
        """The models that are in the server's memory now."""
        return list(await self._residents())

    async def load(self, model: str) -> None:
        """Bring `model` into memory before it is asked: ending a request while a model loads cancels the load.

        A load that nobody planned (another client, another window, a restart) is told with its cause.
        """
        async with self._loading:
            await self._load(model)

    async def _load(self, model: str) -> None:
        name, now = short(model), await self._residents()
        last = self.seen.get(name)
        cause = disturbance(last, now, self.seen.keys()) if last else ""
        row = None if cause else self._row(name, now)
        await self.lease.claim(name, loaded=row is not None)
        row = row or await self._bring(model, now, cause)
        if row:
            self.seen[name] = row

    def _row(self, name: str, now: dict[str, Resident]) -> Resident | None:
        return now.get(name) or now.get(self._aliases.get(name, ""))

    async def _bring(self, model: str, before: dict[str, Resident], cause: str) -> Resident | None:
        self.emit(Phase("loading the model", model))
        name, start = short(model), time.monotonic()
        await self.request("POST", "/api/generate", {"model": model})
        now = await self._residents()
        if name not in now and now:  # another name of the same weights: the row keeps the name that came first
            self._aliases[name] = max(now.values(), key=lambda row: row.expires).name
            if self._aliases[name] in before:
                return self._row(name, now)
        others = [other for other in self.seen if other not in (name, self._aliases.get(name))]
        gone = [other for other in others if other in before and other not in now]
        row, beside = self._row(name, now), [other for other in others if other in now]
        if row and row.spilled and beside:  # both do not fit: alone it may fit
            for other in [*beside, name]:
                await self.request("POST", "/api/generate", {"model": other, "keep_alive": 0})
            await self.request("POST", "/api/generate", {"model": model})
            row, gone = self._row(name, await self._residents()), beside
        swapped = gone or name in self._displaced
        self._displaced = (self._displaced | set(gone)) - {name}
        kind: LoadKind = "swap" if swapped else "reload" if cause else "load"
        self._count(Load(model, kind, time.monotonic() - start, "" if swapped else cause))
        return row

    def _count(self, load: Load) -> None:
        self.loads.append(load)
        self.emit(load)

    async def _residents(self) -> dict[str, Resident]:
        return residents(await self.request("GET", "/api/ps"))

    async def close(self) -> None:
        """End every connection; the server stops generating."""
        self.lease.release()
        await self.http.aclose()


@cache
def shared_gateway() -> Gateway:
    """The gateway for scripts: the server that the settings name or find; both agents of a script share it."""
    chosen = settings.load()
    return Gateway(reach(chosen, ignore), ignore)


def too_long(tokens: str, model: str, window: int) -> WindowError:
    """The error for a prompt that the window cannot hold."""
    what = f"the prompt has {tokens} tokens, too many for the window of {window:,} of {model}"
    return WindowError(what, "a shorter task, or a model with a larger num_ctx in its Modelfile")


def refused(model: str, message: str) -> WindowError | ModelError:
    """The error for a request that the server does not accept."""
    if "exceeds the context length" in message:
        return WindowError(f"{model}: {message}")
    return ModelError(f"{model}: {message}", f"ollama show {model}")


def lost(server: Server, error: Exception) -> ServerError:
    """The error for a connection that broke or spoke nonsense."""
    what = f"the model server at {server.base_url} does not answer: {str(error) or type(error).__name__}"
    return ServerError(what, "run the task again" if server.embedded else "ollama serve")


def message(data: Any) -> str:
    """What an error reply says, in either surface's form."""
    found = data.get("error", data) if isinstance(data, dict) else data
    return str(found.get("message", found) if isinstance(found, dict) else found)
