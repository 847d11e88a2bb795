"""Cutting a prompt to the window, as silently as Ollama does it."""

from typing import Any

from tools.embedded.engine import EngineError, Runner

_KEEP = 4
"""Tokens at the start that the last cut spares: Ollama's `num_keep`."""


async def fitting(
    runner: Runner, messages: list[dict[str, Any]], tools: list[dict[str, Any]], *, truncate: bool
) -> list[int]:
    """The prompt's tokens, at most a window of them.

    The oldest messages that are not of the system go first, then tokens after the first four. With `truncate` False
    a prompt that is too long raises EngineError with status 400.
    """
    tokens = await runner.tokenize(await runner.render(messages, tools))
    if len(tokens) <= runner.window:
        return tokens
    if not truncate:
        raise EngineError("the input length exceeds the context length", 400)
    for start in range(1, len(messages)):
        kept = [m for m in messages[:start] if m.get("role") == "system"] + messages[start:]
        tokens = await runner.tokenize(await runner.render(kept, tools))
        if len(tokens) <= runner.window:
            return tokens
    return tokens[:_KEEP] + tokens[_KEEP - runner.window :]
