"""The one way out to the model server: every call of either surface passes here, and is counted."""

from functools import cache
from typing import Any

import httpx

from config import settings
from config.errors import ModelError, ServerError, WindowError
from tools.events import Call, Emit, Phase, ignore
from tools.ollama.server import Server, reach

SILENCE = 600.0
"""Seconds without a byte before a server counts as hung: a 32B model reads a long prompt on a slow PC in minutes."""


class Gateway:
    """Every model call of a run, on whichever surface, passes here: the connection, the counts, the loads."""

    def __init__(self, server: Server, emit: Emit) -> None:
        self.server = server
        self.emit = emit
        self.calls: list[Call] = []
        self.loads = 0
        self.windows: dict[str, int] = {}
        self.http = httpx.AsyncClient(
            base_url=server.base_url,
            headers=server.headers,
            trust_env=not server.local,
            timeout=httpx.Timeout(SILENCE, connect=5.0),
        )

    def record(self, call: Call) -> None:
        """Count a call that ended.

        Raises:
            WindowError: the prompt filled the window, so the server has cut it without a word.
        """
        self.calls.append(call)
        self.emit(call)
        window = self.windows.get(call.model)
        if window and call.prompt_tokens >= window:
            raise WindowError(f"the prompt was cut: it has more than the {window} tokens of {call.model}'s window")

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

    async def load(self, model: str) -> None:
        """Bring `model` into memory before it is asked: ending a request while a model loads cancels the load.

        Sets the size of its context window, in tokens.
        """
        if not await self._loaded(model):
            self.emit(Phase("loading the model", model))
            self.loads += 1
            await self.request("POST", "/api/generate", {"model": model})
            await self._loaded(model)

    async def _loaded(self, model: str) -> bool:
        rows = (await self.request("GET", "/api/ps")).get("models") or []
        for row in rows:
            if row.get("name") in {model, f"{model}:latest"}:
                self.windows[model] = int(row.get("context_length") or 0)
                return True
        return False

    async def close(self) -> None:
        """End every connection; the server stops generating."""
        await self.http.aclose()


@cache
def shared_gateway() -> Gateway:
    """The gateway for scripts: the server that the settings name or find; both agents of a script share it."""
    chosen = settings.load()
    return Gateway(reach(chosen.ollama_base_url, chosen.embedded_model, ignore), ignore)


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
