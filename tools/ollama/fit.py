"""What a model takes of the graphics card's memory, counted before gigabytes are fetched."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from tools.ollama.library import Modelfile

BRAINS = ("qwen2.5-32b-instruct-moe-rtx", "qwen2.5-14b-instruct-rtx", "qwen3-30b-a3b-rtx")
"""Local names for the Commander, the first that fits is recommended."""
EXECUTOR = "deepseek-coder-v2-lite:instruct"
"""The local name for the Executor."""
OVERHEAD = 1.0
"""GB beside weights and context, about: buffers for the computation, the driver."""
_ASK = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]


@dataclass(frozen=True)
class Shape:
    """A model's weights in GB (10^9 bytes), and what the size of its context follows from."""

    weights: float
    layers: int
    heads: int
    """Key and value heads, not those of the query."""
    width: int
    """Numbers that one head keeps of a token, key and value together."""
    active: str = ""
    """Of a mixture of experts: how much of it works on one token."""

    def context(self, window: int) -> float:
        """GB of the context cache in Ollama's default form, two bytes a number."""
        return self.layers * self.heads * self.width * 2 * window / 1e9


SHAPES = {
    "qwen2.5:32b": Shape(19.9, 64, 8, 128 + 128),
    "qwen2.5:14b": Shape(9.0, 48, 8, 128 + 128),
    "qwen3:30b-a3b": Shape(18.6, 48, 4, 128 + 128, "3.3 of its 30.5 billion parameters"),
    "deepseek-coder-v2:16b-lite-instruct-q4_K_M": Shape(10.4, 27, 16, 192 + 128, "2.4 of its 15.7 billion parameters"),
}
"""By the registry's name, at Q4_K_M. Layers and heads: the makers' config.json (Qwen/Qwen2.5-32B, Qwen2.5-14B-Instruct)
and the metadata of the GGUF (Qwen3-30B-A3B, DeepSeek-Coder-V2-Lite-Instruct, which llama.cpp caches whole unless the
file has the newer tensors for its latent attention). Weights: the sizes of the files; docs/models.md has the places."""


@dataclass(frozen=True)
class Need:
    """GB that a model takes with a context window of `window` tokens."""

    weights: float
    context: float
    window: int
    active: str = ""

    @property
    def total(self) -> float:
        """Weights, context, and about what comes beside them."""
        return self.weights + self.context + OVERHEAD

    def __str__(self) -> str:
        parts = (
            f"weights {self.weights:.1f}, {self.window} tokens of context {self.context:.1f}, about {OVERHEAD:.0f} more"
        )
        return f"{self.total:.1f} GB ({parts})"


@dataclass(frozen=True)
class Memory:
    """Where models are loaded: `total` in GB; not `gpu`: the system's memory, since no NVIDIA card was found."""

    total: float
    gpu: bool

    def __str__(self) -> str:
        size = f"{self.total:.1f} GB ({self.total * 1e9 / 2**30:.0f} GiB)"
        return f"the graphics card has {size}" if self.gpu else f"no NVIDIA card found, the system's memory has {size}"


def memory() -> Memory:
    """The memory of the NVIDIA cards together, for Ollama spreads a model over them; else the system's."""
    try:
        asked = subprocess.run(_ASK, capture_output=True, encoding="utf-8", errors="replace", timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        asked = None
    cards = [int(line) for line in asked.stdout.splitlines() if line.strip().isdigit()] if asked else []
    if cards:
        return Memory(sum(cards) * 2**20 / 1e9, gpu=True)  # nvidia-smi counts in MiB
    return Memory(psutil.virtual_memory().total / 1e9, gpu=False)


def need(recipe: Modelfile) -> Need:
    """What the recipe's model takes; nothing, where its shape is not known."""
    shape = SHAPES.get(recipe.base)
    return Need(shape.weights, shape.context(recipe.window), recipe.window, shape.active) if shape else Need(0, 0, 0)


def happens(recipe: Modelfile, there: Memory) -> str:
    """What happens when the recipe's model is loaded but does not fit wholly; empty where it fits."""
    wanted = need(recipe)
    over = wanted.total - there.total
    if over <= 0:
        return ""
    if not there.gpu:
        return "it will not load, or only crawl"
    effect = f"bearable, since only {wanted.active} work on a token" if wanted.active else "which is slow"
    return f"{over:.1f} GB of it run on the CPU, {effect}"


def told(recipe: Modelfile, there: Memory) -> str:
    """One line with the numbers when the recipe's model does not fit wholly; empty where it fits."""
    happening = happens(recipe, there)
    return f"{recipe.name} takes {need(recipe)}; {there}: {happening}" if happening else ""


def together(recipes: Sequence[Modelfile], there: Memory) -> str:
    """One line when models that take turns do not fit beside each other; empty where they do."""
    total = sum(need(recipe).total for recipe in recipes)
    if len(recipes) < 2 or not there.gpu or total <= there.total:
        return ""
    return f"together they take {total:.1f} GB: on this card one leaves when the other is asked"


def recommended(recipes: Mapping[str, Modelfile], there: Memory | None) -> list[Modelfile]:
    """The best Commander that fits wholly, else the smallest, and the Executor."""
    brains = [recipes[name] for name in BRAINS]
    fitting = [brain for brain in brains if not (there and happens(brain, there))]
    return [fitting[0] if fitting else min(brains, key=lambda brain: need(brain).total), recipes[EXECUTOR]]


def instead(recipe: Modelfile, recipes: Mapping[str, Modelfile]) -> list[Modelfile]:
    """The Commanders that take less than this one."""
    brains = [recipes[name] for name in BRAINS] if recipe.name in BRAINS else []
    return [brain for brain in brains if need(brain).total < need(recipe).total]
