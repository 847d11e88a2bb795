"""Who writes programs for steps that do not wait for each other, and who hears them being written."""

from collections.abc import Callable

from tools.ollama.adapter import OllamaAdapter

Heard = Callable[[str], None]
"""Takes a reply in pieces, as it comes."""


def unheard(text: str) -> None:
    """Nobody listens."""


async def writers(own: OllamaAdapter, brain: OllamaAdapter | None) -> list[OllamaAdapter]:
    """The models that may write for later steps: the brain too, while both are in memory, so that none is swapped."""
    if brain and {own.model, brain.model} <= set(await own.gateway.loaded()):
        return [brain, own]
    return [own]
