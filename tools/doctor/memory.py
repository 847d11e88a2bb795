"""Memory: what the models need, what is there, and how much of a loaded one runs on the graphics card."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

from tools.doctor.check import Check, broken, ok, warning
from tools.doctor.inventory import Inventory
from tools.doctor.models import DEFAULT_WINDOW
from tools.ollama import fit
from tools.ollama.fit import Memory, Need, Shape
from tools.ollama.library import modelfiles
from tools.ollama.residence import Resident
from tools.ollama.server import Server

SMALLER = "a smaller model or window: commander models setup"


def card(server: Server | None, there: Memory, install: str, proc: Path = Path("/proc")) -> Check:
    """The graphics card: whether something computes on it."""
    if not there.gpu:
        if (proc / "driver/nvidia/version").exists():
            return warning("card", "the NVIDIA driver is loaded, but nvidia-smi does not answer", "nvidia-smi")
        return ok("card", str(there))
    if server is None or server.embedded:
        start = "ollama serve" if shutil.which("ollama") else install
        return warning(
            "card", f"{there}, and without an Ollama nothing uses it: the embedded server has the CPU", start
        )
    return ok("card", str(there))


def memory(server: Server, found: Inventory, there: Memory) -> Iterator[Check]:
    """Whether each model fits wholly, and both beside each other."""
    if not server.local:
        yield ok("memory", "of another machine: not seen from here")
        return
    there = Memory(psutil.virtual_memory().total / 1e9, gpu=False) if server.embedded else there
    needs = {name: need(name, found) for name in found.models}
    for name, wanted in needs.items():
        yield _fits(name, wanted, there, loaded=name in found.residents)
    total = sum(wanted.total for wanted in needs.values())
    if len(needs) > 1 and total > there.total:
        seen = f"together they take {total:.1f} GB, {there}: one leaves when the other is asked"
        yield warning("memory", seen, "unset EXECUTOR_MODEL   (one model for both roles)")


def need(name: str, found: Inventory) -> Need:
    """What the model takes: by what the server tells of its layers, else by what is known of our recipes."""
    window = found.window(name) or DEFAULT_WINDOW
    recipe = modelfiles().get(name)
    known = fit.SHAPES.get(recipe.base if recipe else name)
    shape = shape_of(found.sizes[name] / 1e9, found.shown[name].get("model_info") or {}) or known
    context = shape.context(window) if shape else 0.0
    return Need(found.sizes[name] / 1e9, context, window, known.active if known else "")


def shape_of(weights: float, info: Mapping[str, Any]) -> Shape | None:
    """The shape by the metadata of the GGUF; None where it does not tell all."""

    def number(key: str) -> int:
        value = info.get(f"{info.get('general.architecture')}.{key}")
        value = max(value) if isinstance(value, list) and value else value  # one for each layer
        return value if isinstance(value, int) else 0

    heads = number("attention.head_count")
    width = number("embedding_length") // heads if heads else 0
    width = (number("attention.key_length") or width) + (number("attention.value_length") or width)
    layers, cached = number("block_count"), number("attention.head_count_kv") or heads
    return Shape(weights, layers, cached, width) if layers and cached and width else None


def _fits(name: str, wanted: Need, there: Memory, *, loaded: bool) -> Check:
    over = wanted.total - there.total
    if over <= 0:
        return _free(name, wanted, there, loaded=loaded)
    if there.gpu:
        effect = f"bearable, since only {wanted.active} work on a token" if wanted.active else "which is slow"
        seen = f"{name} takes {wanted}; {there}: {over:.1f} GB of it run on the CPU, {effect}"
        return warning("memory", seen, SMALLER)
    return broken("memory", f"{name} takes {wanted}; {there}: it will not load, or only crawl", SMALLER)


def _free(name: str, wanted: Need, there: Memory, *, loaded: bool) -> Check:
    free = psutil.virtual_memory().available / 1e9
    if not there.gpu and not loaded and wanted.total > free:
        seen = f"{name} takes {wanted}; {there}, of which {free:.1f} GB are free now"
        return warning("memory", seen, "close other programs")
    return ok("memory", f"{name} takes {wanted}; {there}")


def residence(server: Server, found: Inventory, rows: Mapping[str, Resident], there: Memory) -> Iterator[Check]:
    """Where the models of both roles that are loaded run: the server's own word."""
    for name in found.models:
        if name in rows:
            yield _residence(rows[name], card=there.gpu and server.local and not server.embedded)


def _residence(row: Resident, *, card: bool) -> Check:
    if row.size_vram >= row.size > 0:
        return ok("loaded", f"{row.name}: {row.size / 1e9:.1f} GB, wholly on the graphics card")
    if row.spilled:
        share = 1 - row.size_vram / row.size
        seen = f"{row.name}: {share:.0%} of its {row.size / 1e9:.1f} GB run on the CPU, which holds up all of it"
        return warning("loaded", seen, SMALLER)
    if card:
        seen = f"{row.name} runs wholly on the CPU, although there is a graphics card"
        return warning("loaded", seen, "sudo systemctl restart ollama   (then: journalctl -u ollama -n 50)")
    return ok("loaded", f"{row.name}: {row.size / 1e9:.1f} GB, on the CPU")
