"""Which model serves which role, read off the server: what it lists, what it says of a model's template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from config.errors import ModelError
from tools.events import Emit, Notice
from tools.ollama.gateway import Gateway
from tools.ollama.library import modelfiles

KNOWN = (
    "qwen2.5-32b-instruct-moe-rtx",
    "qwen3-30b-a3b-rtx",
    "qwen3:30b-a3b",
    "qwen2.5:32b",
    "qwen2.5-coder:32b",
    "qwen2.5-14b-instruct-rtx",
    "qwen2.5:14b",
    "qwen2.5-coder:14b",
    "deepseek-coder-v2-lite:instruct",
    "deepseek-coder-v2-16b-q4_k_m-rtx",
    "deepseek-coder-v2:16b-lite-instruct-q4_K_M",
    "qwen2.5-coder:7b",
    "qwen2.5:7b",
)
"""The names in our documentation, the best first."""
MEMORY_SHARE = 0.8
"""Of this machine's memory; what a model may take at most to be chosen by itself."""


WRITERS = ("qwen2.5-coder",)
"""Models whose template has tools, and that write their calls as text all the same (recorded with Ollama 0.24.0)."""


@dataclass(frozen=True)
class Models:
    """The model of each role; the same name twice is single-model mode."""

    default: str
    executor: str
    tools: bool = True
    """Whether the template of the Commander's model has tools."""


async def chosen(gateway: Gateway, default: str, executor: str) -> Models:
    """The models that the settings name, or the best that the server has.

    Raises:
        ModelError: a named model is missing, or its template would lose the roles of messages.
    """
    installed = (await gateway.request("GET", "/api/tags")).get("models") or []
    brain = (
        _named("DEFAULT_MODEL", default, installed, gateway) or gateway.server.model or _best(installed, gateway.emit)
    )
    hand = _named("EXECUTOR_MODEL", executor, installed, gateway) or brain
    able = {name: await _check(gateway, name) for name in dict.fromkeys((brain, hand))}
    return Models(brain, hand, "tools" in able[brain] and not brain.startswith(WRITERS))


def _named(setting: str, value: str, installed: Sequence[Mapping[str, Any]], gateway: Gateway) -> str:
    name = plain(setting, value, gateway.emit)
    names = {str(row["name"]) for row in installed}
    if not name or name in names or f"{name}:latest" in names:
        return name
    where = gateway.server.base_url
    if gateway.server.embedded:
        raise ModelError(f"{setting}={name} needs an Ollama, and none answers", f"ollama serve   (or unset {setting})")
    fetch = f"commander models setup {name}" if name in modelfiles() else f"ollama pull {name}"
    raise ModelError(f"{setting}={name} is not on the server at {where}", fetch)


def plain(setting: str, value: str, emit: Emit) -> str:
    """`value` without LiteLLM's `ollama/` prefix, which Ollama does not know."""
    name = value.strip().removeprefix("ollama_chat/").removeprefix("ollama/")
    if name != value.strip():
        emit(Notice(f"{setting}={value}: the prefix is not part of the name; using {name}", "warning"))
    return name


def _best(installed: Sequence[Mapping[str, Any]], emit: Emit) -> str:
    names = {str(row["name"]).removesuffix(":latest"): row for row in installed}
    room = psutil.virtual_memory().total * MEMORY_SHARE
    for name in KNOWN:
        if name in names:
            emit(Notice(f"model {name}: the first that is installed of the documented ones"))
            return name
    fitting = {name: int(row.get("size") or 0) for name, row in names.items() if _completes(row)}
    fitting = {name: size for name, size in fitting.items() if size < room}
    if not fitting:
        raise ModelError("no installed model fits in this machine's memory", f"ollama pull {KNOWN[-2]}")
    best = max(fitting, key=lambda name: fitting[name])
    emit(Notice(f"model {best}: the largest installed one that fits in memory ({fitting[best] / 1e9:.1f} GB)"))
    return best


def _completes(row: Mapping[str, Any]) -> bool:
    details = row.get("details") or {}
    return "bert" not in str(details.get("family", "")) and "embed" not in str(row["name"])


async def _check(gateway: Gateway, name: str) -> Sequence[str]:
    """What the model can do."""
    shown = await gateway.request("POST", "/api/show", {"model": name})
    capabilities = shown.get("capabilities")
    if capabilities is not None and "completion" not in capabilities:
        raise ModelError(f"{name} is not a chat model ({', '.join(capabilities)})", "ollama list")
    # A GGUF imported without TEMPLATE gets this one: messages arrive without roles (Ollama 0.24.0).
    if str(shown.get("template", "")).strip() == "{{ .Prompt }}":
        raise ModelError(
            f"{name} has no chat template, its answers would be nonsense",
            f"ollama show --modelfile {name}, then add a TEMPLATE and ollama create",
        )
    return capabilities or ()
