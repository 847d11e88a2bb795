"""The road of a task whose words leave it open: asked of the model that is loaded already, in the form of a schema."""

from agents.ledger import Ledger, Road, RouteKind
from agents.prompts import prompt
from tools.ollama.adapter import OllamaAdapter
from tools.replies import json_object

KINDS: tuple[RouteKind, ...] = ("code", "hybrid", "strategy")
SCHEMA = {
    "type": "object",
    "properties": {"route": {"type": "string", "enum": list(KINDS)}},
    "required": ["route"],
}
OPTIONS = {"temperature": 0, "seed": 1, "num_predict": 24}


async def decided(road: Road, task: str, adapter: OllamaAdapter, other: str, talk: str = "") -> Road:
    """`road`, or the one that the model says after this `talk`; `other` is asked where it alone is in memory.

    Raises:
        CommanderError: the server or the model failed.
    """
    if road.sure:
        return road
    loaded = await adapter.gateway.loaded()
    model = other if other in loaded and adapter.model not in loaded else adapter.model
    question = prompt("task", survey=talk[-2000:], task=task[:2000]) + prompt("route")
    messages = [*Ledger().head(), {"role": "user", "content": question}]
    reply = await OllamaAdapter(adapter.gateway, model, "router").chat(messages, OPTIONS, schema=SCHEMA)
    kind = (json_object(reply.text) or {}).get("route")
    return next((Road(each, f"as {model} says") for each in KINDS if each == kind), road)
