"""What the server says of itself and of the models of both roles, asked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.errors import ModelError
from config.settings import Settings
from tools.events import ignore
from tools.ollama import library
from tools.ollama.gateway import Gateway
from tools.ollama.models import chosen, plain
from tools.ollama.residence import Resident, residents, short


@dataclass(frozen=True)
class Inventory:
    """Names are without the tag `latest`; `roles` are the models by setting, `shown` what the server tells of them."""

    version: str
    sizes: Mapping[str, int]
    residents: Mapping[str, Resident]
    roles: Mapping[str, str]
    shown: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problem: ModelError | None = None
    """Why no model could be chosen where none is set."""

    @property
    def models(self) -> list[str]:
        """Those of both roles that the server has."""
        return [name for name in dict.fromkeys(self.roles.values()) if name in self.shown]

    def window(self, name: str) -> int:
        """Tokens that the model's own parameters name, or that it was loaded with; 0: left to the server."""
        said = re.search(r"^num_ctx\s+(\d+)", str(self.shown[name].get("parameters") or ""), re.MULTILINE)
        loaded = self.residents.get(name)
        return int(said[1]) if said else loaded.window if loaded else 0


async def take(gateway: Gateway, given: Settings) -> Inventory:
    """The inventory; nothing is loaded.

    Raises:
        ServerError: the server does not answer any more.
        ModelError: it refuses.
    """
    version = str((await gateway.request("GET", "/api/version")).get("version", "of unknown version"))
    held = await library.held(gateway)
    problem, roles = None, dict[str, str]()
    try:
        roles = await _roles(gateway, given)
    except ModelError as error:
        problem = error
    here = [name for name in dict.fromkeys(roles.values()) if name in held]
    shown = {name: await gateway.request("POST", "/api/show", {"model": name}) for name in here}
    sizes = {name: each.size for name, each in held.items()}
    loaded = {name: each.resident for name, each in held.items() if each.resident}
    return Inventory(version, sizes, loaded, roles, shown, problem)


async def loaded(gateway: Gateway) -> dict[str, Resident]:
    """What is in memory now."""
    return residents(await gateway.request("GET", "/api/ps"))


async def _roles(gateway: Gateway, given: Settings) -> dict[str, str]:
    """What is set, else what a task would choose."""
    brain = plain("DEFAULT_MODEL", given.default_model, ignore) or gateway.server.model
    brain = short(brain or (await chosen(gateway, "", "")).default)
    return {
        "DEFAULT_MODEL": brain,
        "EXECUTOR_MODEL": short(plain("EXECUTOR_MODEL", given.executor_model, ignore)) or brain,
    }
