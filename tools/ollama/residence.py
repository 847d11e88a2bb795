"""What a model server holds in memory, as `/api/ps` tells it, and why a model is not there any more."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Resident:
    """A model in memory: window in tokens, sizes in bytes, `expires` in seconds since the epoch."""

    name: str
    digest: str
    window: int
    size: int
    size_vram: int
    expires: float

    @property
    def spilled(self) -> bool:
        """Whether a part of it runs on the CPU although a GPU is there."""
        return 0 < self.size_vram < self.size


def residents(answer: Mapping[str, Any]) -> dict[str, Resident]:
    """The rows of `/api/ps` by name, without the tag `latest`."""
    rows = [_resident(row) for row in answer.get("models") or []]
    return {row.name: row for row in rows}


def short(name: str) -> str:
    """A model's name as people write it: Ollama adds `:latest` where there is no tag."""
    return name.removesuffix(":latest")


def _resident(row: Mapping[str, Any]) -> Resident:
    try:
        expires = datetime.fromisoformat(str(row.get("expires_at"))).timestamp()
    except (ValueError, OverflowError):
        expires = float("inf")
    return Resident(
        short(str(row.get("name") or row.get("model"))),
        str(row.get("digest") or ""),
        int(row.get("context_length") or 0),
        int(row.get("size") or 0),
        int(row.get("size_vram") or 0),
        expires,
    )


def disturbance(last: Resident, now: Mapping[str, Resident], ours: Collection[str]) -> str:
    """Why the model that was seen as `last` must be loaded again; empty where it need not."""
    here = now.get(last.name)
    if here and (here.window, here.digest) == (last.window, last.digest):
        return ""
    if here and here.digest != last.digest:
        return "the model was replaced by another one of the same name"
    if here:
        return f"another client loaded it with a window of {here.window} instead of {last.window} tokens"
    twin = next((row for row in now.values() if row.digest == last.digest), None)
    if twin and twin.name not in ours:
        return f"another client loaded the same weights as {twin.name}"
    others = [name for name in now if name not in ours]
    if others:
        return f"another client's {', '.join(others)} took its place"
    if time.time() >= last.expires:
        return "it was not used for as long as the server keeps a model (OLLAMA_KEEP_ALIVE)"
    return "it was unloaded by another client, or the server was started anew"
