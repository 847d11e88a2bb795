"""How fast the Executor's model writes: one short request, after the load that a task would need as well."""

import asyncio
from collections.abc import Mapping
from typing import Any

from tools.doctor.check import Check, ok, warning
from tools.doctor.inventory import Inventory, loaded
from tools.ollama.gateway import Gateway
from tools.ollama.residence import Resident, short

TOKENS = 32
FEW = 8
"""Tokens below which nothing is measured."""
SLOW = 5.0
"""Tokens a second below which a task of some blocks takes an hour."""
PATIENCE = 300.0
"""Seconds for load and answer: some 20 GB from a disk that spins."""


async def speed(gateway: Gateway, name: str, patience: float = PATIENCE) -> Check:
    """Tokens a second, as the server reports them.

    Raises:
        CommanderError: the server refuses, or the connection broke.
    """
    try:
        async with asyncio.timeout(patience):
            await gateway.load(name)
            reply = await gateway.request("POST", "/api/chat", _body(name))
    except TimeoutError:
        seen = f"{name} gives no answer within {patience:.0f} s, its load counted in"
        return warning("speed", seen, "ollama ps   (another program may have the server)")
    load = sum(each.seconds for each in gateway.loads)
    row = (await loaded(gateway)).get(short(name))
    return judged(name, reply, f"loaded in {load:.1f} s" if load else "was in memory", row)


def judged(name: str, reply: Mapping[str, Any], load: str, row: Resident | None) -> Check:
    """The figures of the reply."""
    count, nanoseconds = int(reply.get("eval_count") or 0), int(reply.get("eval_duration") or 0)
    if count < FEW or not nanoseconds:
        return ok("speed", f"{name} answers; too few tokens to measure ({load})")
    rate = count / nanoseconds * 1e9
    seen = f"{name}: {rate:.1f} tokens a second ({count} tokens, {load})"
    return ok("speed", seen) if rate >= SLOW else warning("speed", f"{seen}; {_cause(row)}", _remedy(row))


def measurable(found: Inventory) -> str:
    """The Executor's model, if the server has it and it can chat."""
    name = found.roles.get("EXECUTOR_MODEL", "")
    able = found.shown.get(name, {}).get("capabilities")
    return name if name in found.shown and (able is None or "completion" in able) else ""


def _cause(row: Resident | None) -> str:
    if row and row.spilled:
        return f"only {row.size_vram / row.size:.0%} of it is on the graphics card"
    if row and not row.size_vram:
        return "it runs on the CPU"
    return "the machine is busy, or the model too large for it"


def _remedy(row: Resident | None) -> str:
    return "a model that fits: commander models setup" if row else "ollama ps"


def _body(name: str) -> dict[str, Any]:
    # Sampling options alone: a runner option such as num_ctx would load the model again.
    options = {"num_predict": TOKENS, "temperature": 0}
    message = {"role": "user", "content": "Write the numbers from one to forty in words."}
    return {"model": name, "messages": [message], "stream": False, "truncate": False, "options": options}
