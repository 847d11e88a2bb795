"""The variables that Ollama's server reads: what can be seen of them, and which values do harm."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.settings import foreign
from tools.doctor.check import Check, broken, ok, warning
from tools.doctor.serving import Serving
from tools.ollama.server import Server

NAMES = (
    "OLLAMA_NUM_PARALLEL",
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_MAX_LOADED_MODELS",
    "OLLAMA_CONTEXT_LENGTH",
    "OLLAMA_FLASH_ATTENTION",
    "OLLAMA_KV_CACHE_TYPE",
    "OLLAMA_MULTIUSER_CACHE",
)
SHORT = 60.0
"""Seconds: a model that is kept less long is loaded again in the middle of a task, while code runs."""
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_EDIT = "sudo systemctl edit ollama   (a service), or in the shell of ollama serve: "


@dataclass(frozen=True)
class Variables:
    """The values that are set, and whether they are the server's own or only this shell's."""

    values: Mapping[str, str]
    certain: bool
    seen: str

    def on(self, name: str) -> bool:
        """Whether Ollama takes it for true: anything that is no word for false (envconfig.Bool)."""
        return self.values.get(name, "").lower() not in {"", "0", "f", "false"}

    def number(self, name: str) -> int:
        """0 where it is not set, or no number."""
        value = self.values.get(name, "")
        return int(value) if value.isdigit() else 0


def variables(server: Server | None, serving: Serving | None) -> Variables:
    """The server's own where it lets them be seen, else this shell's, which a server started from it would have."""
    here = {name: value for name in NAMES if (value := foreign(name))}
    if serving and serving.environment is not None:
        own = {name: value for name in NAMES if (value := serving.environment.get(name, ""))}
        return Variables(own, True, f"of the server (process {serving.pid})")
    if server is None or server.embedded:
        return Variables(here, False, "no Ollama runs; in this shell")
    if not server.local:
        why = "a server on another machine does not tell them"
    elif serving:
        why = f"process {serving.pid} is another user's and does not show them"
    else:
        why = "no process of ollama serve is seen here (a container?)"
    return Variables(here, False, f"not seen: {why}; in this shell, which the server need not share")


def check(found: Variables, *, served: bool, two: bool) -> Iterator[Check]:
    """What is set; `served`: an Ollama runs; `two`: the roles have a model each."""
    told = ", ".join(f"{name}={value}" for name, value in found.values.items()) or "none of them is set"
    yield ok("variables", f"{found.seen}: {told}")
    yield from _crash(found, served=served)
    yield from _cost(found, two=two)


def _crash(found: Variables, *, served: bool) -> Iterator[Check]:
    if found.on("OLLAMA_MULTIUSER_CACHE"):
        seen = "OLLAMA_MULTIUSER_CACHE crashes the runner at its second client (Ollama 0.24.0: GGML_ASSERT in seq_cp)"
        yield (broken if served else warning)("variables", seen, f"{_EDIT}unset OLLAMA_MULTIUSER_CACHE")


def _cost(found: Variables, *, two: bool) -> Iterator[Check]:
    if (slots := found.number("OLLAMA_NUM_PARALLEL")) > 1:
        seen = f"OLLAMA_NUM_PARALLEL={slots} takes the context's memory {slots} times, and does not help two roles that"
        yield warning("variables", f"{seen} begin their prompts alike", f"{_EDIT}unset OLLAMA_NUM_PARALLEL")
    kept = found.values.get("OLLAMA_KEEP_ALIVE", "")
    if 0 <= (seconds(kept) if kept else SHORT) < SHORT:
        seen = f"OLLAMA_KEEP_ALIVE={kept}: the model leaves the memory while code runs, and is loaded again"
        yield warning("variables", seen, f"{_EDIT}OLLAMA_KEEP_ALIVE=5m")
    if two and found.number("OLLAMA_MAX_LOADED_MODELS") == 1:
        seen = "OLLAMA_MAX_LOADED_MODELS=1: the two models swap at every change of turns, also where both fit"
        yield warning("variables", seen, f"{_EDIT}OLLAMA_MAX_LOADED_MODELS=2   (or unset EXECUTOR_MODEL)")
    cache = found.values.get("OLLAMA_KV_CACHE_TYPE", "f16")
    if cache != "f16" and found.values.get("OLLAMA_FLASH_ATTENTION") and not found.on("OLLAMA_FLASH_ATTENTION"):
        seen = f"OLLAMA_KV_CACHE_TYPE={cache} has no effect while OLLAMA_FLASH_ATTENTION is off"
        yield warning("variables", seen, f"{_EDIT}OLLAMA_FLASH_ATTENTION=1")


def seconds(text: str) -> float:
    """A duration as Ollama reads it: `5m`, `1h30m`, or a plain number of seconds; below 0: for ever."""
    text = text.strip()
    if re.fullmatch(r"[-+]?\d+", text):
        return float(text)
    sign, text = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        return 300.0  # what Ollama takes where it cannot read it
    return sign * sum(float(number) * _SECONDS[unit] for number, unit in parts)
