"""What stands around the line where the user types: what moves above it, how things stand below it."""

import time

from prompt_toolkit.formatted_text import AnyFormattedText

from commander.chat.view import ChatScreen
from commander.console import clean, counted

TICK = 0.2
"""Seconds between two drawings of what moves."""
FRAMES = "|/-\\"


def before(view: ChatScreen, *, working: bool) -> AnyFormattedText:
    """A question that waits; else what is being written and done, and the sign before what is typed."""
    if view.asked:
        return [("class:asked", view.asked.text)]
    moving = []
    if working:
        row = f"  {clean(view.line)[-200:]}\n" if view.line else ""
        frame = FRAMES[int(time.monotonic() / TICK) % len(FRAMES)]
        moving = [("class:status", f"{row}  {frame} {view.status}\n")]
    return [*moving, ("", "> ")]


def below(view: ChatScreen, route: str | None, waiting: int) -> AnyFormattedText:
    """Route, models, what is loaded, the room that a prompt took, what the last turn cost."""
    models = sorted({view.roles.commander, view.roles.executor}) if view.roles else ["model: auto"]
    named = [f"{model} (loaded)" if model == view.loaded else model for model in models]
    parts = [f"route {route or 'auto'}", " + ".join(named)]
    if view.context:
        parts.append(f"context {view.context:,} tokens")
    if cost := view.finished:
        parts.append(f"{counted(cost.calls, 'call')}, {cost.prompt_tokens:,} in, {cost.completion_tokens:,} out")
    if waiting:
        parts.append(f"{waiting} queued")
    return [("class:status", "  " + "   ".join(parts))]
