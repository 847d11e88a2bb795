"""What the server tells of its models: which it has, which are in memory."""

import re
from dataclasses import dataclass

from tools.ollama.gateway import Gateway
from tools.ollama.residence import Resident, residents, short


@dataclass(frozen=True)
class Known:
    """A model that the server has; `weights` names the file under it, `window` is 0 where nothing tells it yet."""

    name: str
    digest: str
    weights: str
    capabilities: tuple[str, ...]
    window: int

    def shares(self, other: "Known") -> bool:
        """Whether both names stand over one file of weights: the server then keeps one runner for both."""
        same = self.digest == other.digest or (bool(self.weights) and self.weights == other.weights)
        return same or self.name == other.name


async def rows(gateway: Gateway) -> list[Resident]:
    """What is in memory."""
    return list(residents(await gateway.request("GET", "/api/ps")).values())


def state(row: Resident) -> str:
    """What a load would change."""
    return f"digest {row.digest[:12]}, window {row.window}"


async def known(gateway: Gateway, name: str) -> Known | None:
    """What the server says of the model; None: it has none of that name."""
    listed = (await gateway.request("GET", "/api/tags")).get("models") or []
    found = next((row for row in listed if short(str(row.get("name"))).lower() == short(name).lower()), None)
    if found is None:
        return None
    digest = str(found.get("digest", ""))
    loaded = next((row.window for row in await rows(gateway) if row.digest == digest), 0)
    shown = await gateway.request("POST", "/api/show", {"model": name})
    window = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters", "")), re.MULTILINE)
    weights = re.search(r"^FROM .*?([^\\/\s]+)\s*$", str(shown.get("modelfile", "")), re.MULTILINE)
    return Known(
        short(name),
        digest,
        weights[1] if weights else "",
        tuple(shown.get("capabilities") or ()),
        int(window[1]) if window else loaded,
    )
