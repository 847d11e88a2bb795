"""The models of both roles: on the server, fit for a chat, with a window that holds a task."""

import difflib
import re
import sys
from collections.abc import Iterator

from config.settings import Settings
from tools.doctor.check import Check, broken, ok, quoted, warning
from tools.doctor.inventory import Inventory
from tools.doctor.server import embedded_name
from tools.doctor.variables import Variables
from tools.embedded import weights
from tools.events import ignore
from tools.ollama.fit import Memory
from tools.ollama.library import modelfiles
from tools.ollama.models import plain
from tools.ollama.residence import short
from tools.ollama.server import Server

WINDOW = 8192
"""Tokens that a task needs at least."""
DEFAULT_WINDOW = 4096
"""What Ollama takes below 24 GiB of graphics memory where neither the Modelfile nor OLLAMA_CONTEXT_LENGTH says more."""
LARGE = 24 * 2**30 / 1e9
"""GB of graphics memory from which on its default is more."""


def without_server(given: Settings, install: str) -> Iterator[Check]:
    """What is set though only the embedded server is there to serve it."""
    own = {*weights.known(), embedded_name(given.embedded_model)}
    for setting in ("DEFAULT_MODEL", "EXECUTOR_MODEL"):
        name = short(plain(setting, getattr(given, setting.lower()), ignore))
        if name and name not in own:
            seen = f"{setting}={name} needs an Ollama, and none answers"
            yield broken(_label(setting), seen, f"ollama serve   (install: {install}), or unset {setting}")


def models(found: Inventory, server: Server) -> Iterator[Check]:
    """Each model of the two roles: what a task asks of it."""
    if found.problem:
        yield broken("model", found.problem.what, found.problem.remedy)
    for name, settings in _by_name(found).items():
        label = _label(*settings)
        if name in found.shown:
            yield _shown(label, name, found)
        else:
            yield _missing(label, f"{settings[0]}={name}", name, found, server)


def windows(found: Inventory, server: Server, variables: Variables, there: Memory | None) -> Iterator[Check]:
    """Each model's context window."""
    for name in found.models:
        yield _window(name, found.window(name), variables, there if server.local else None)


def remake(name: str) -> str:
    """The command that gives the model a window of 8192."""
    recipes = modelfiles()
    made = next((each for each in recipes.values() if name in (each.name, each.base) and each.window >= WINDOW), None)
    if made:
        return f"commander models setup {made.name}"
    new = f"{_word(name)}-8k"
    lines = f"FROM {name}", f"PARAMETER num_ctx {WINDOW}"
    if sys.platform == "win32":
        return f"ollama create {new} -f Modelfile.{new}   (a file with two lines: {' / '.join(lines)})"
    file = f"Modelfile.{new}"
    return f"printf '%s\\n' {' '.join(map(quoted, lines))} > {file} && ollama create {new} -f {file}"


def _word(name: str) -> str:
    """The name as a part of a file's name, and of a command."""
    return re.sub(r"[^\w.-]+", "-", name)


def _by_name(found: Inventory) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for setting, name in found.roles.items():
        settings.setdefault(name, []).append(setting)
    return settings


def _label(*settings: str) -> str:
    return "model" if len(settings) > 1 else {"DEFAULT_MODEL": "default model"}.get(settings[0], "executor model")


def _missing(label: str, said: str, name: str, found: Inventory, server: Server) -> Check:
    if server.embedded:
        if name in {*weights.known(), server.model}:
            return ok(label, f"{name}: the embedded server gets it when a task starts")
        return broken(label, f"{said} needs an Ollama, and none answers", "ollama serve   (or unset it)")
    near = difflib.get_close_matches(name, found.sizes, 1)
    seen = f"{said} is not on the server" + (f"; it has {near[0]}" if near else "")
    fetch = "setup" if name in modelfiles() else "pull"
    return broken(label, seen, f"commander models {fetch} {name}")


def _shown(label: str, name: str, found: Inventory) -> Check:
    shown = found.shown[name]
    able = shown.get("capabilities")
    if able is not None and "completion" not in able:
        return broken(label, f"{name} is no chat model ({', '.join(map(str, able))})", "ollama list")
    # A GGUF imported without TEMPLATE gets this one: messages arrive without roles (Ollama 0.24.0).
    if str(shown.get("template") or "").strip() == "{{ .Prompt }}":
        seen = f"{name} has no chat template: messages arrive without roles, its answers are nonsense"
        file = f"Modelfile.{_word(name)}"
        again = f"ollama show --modelfile {name} > {file}   (add a TEMPLATE), then ollama create {name} -f {file}"
        return broken(label, seen, again)
    tools = "" if able is None or "tools" in able else " (no tools: none are needed)"
    size = f"{found.sizes[name] / 1e9:.1f} GB"
    memory = "in memory" if name in found.residents else "not in memory"
    told = "+".join(map(str, able)) if able is not None else "capabilities not told"
    return ok(label, f"{name}: {size}, chat template, {told}{tools}, {memory}")


def _window(name: str, window: int, variables: Variables, there: Memory | None) -> Check:
    if window >= WINDOW:
        return ok("window", f"{name}: {window} tokens")
    if window:
        return warning("window", f"{name}: {window} tokens, a task needs {WINDOW}", remake(name))
    default = variables.number("OLLAMA_CONTEXT_LENGTH") if variables.certain else 0
    if default >= WINDOW:
        return ok("window", f"{name}: {default} tokens, by the server's OLLAMA_CONTEXT_LENGTH")
    if not default and there and there.gpu and there.total >= LARGE:
        return ok("window", f"{name}: the server's default, which is enough from 24 GiB of graphics memory on")
    seen = f"{name}: its Modelfile names no num_ctx, so the server's default holds"
    told = f"{default}, by OLLAMA_CONTEXT_LENGTH" if default else f"{DEFAULT_WINDOW} below 24 GiB of graphics memory"
    return warning("window", f"{seen} ({told}); a longer prompt is cut without a word", remake(name))
