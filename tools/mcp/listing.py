"""The tools of a server, as they are offered; kept on disk, so that only a server that is called is started."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.types import Tool
from pydantic import TypeAdapter, ValidationError

from config import folders
from tools.mcp.arguments import unsound
from tools.mcp.entry import Entry
from tools.mcp.question import Kind
from tools.mcp.relevance import Schema

SCHEMA, WORDS = 12_000, 600
"""Characters: a longer schema is not offered, a longer description is cut."""
_TOOLS = TypeAdapter(list[Tool])
_ODD = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Offer:
    """A tool under the name that the model uses."""

    server: str
    tool: Tool
    schema: Schema

    @property
    def name(self) -> str:
        """The name that the model uses."""
        return str(self.schema["name"])

    @property
    def kind(self) -> Kind:
        """What the server says that it does; many say nothing."""
        told = self.tool.annotations
        if told is None or (told.readOnlyHint is None and told.destructiveHint is None):
            return "unknown"
        if told.readOnlyHint:
            return "read"
        return "destructive" if told.destructiveHint or told.destructiveHint is None else "write"

    @property
    def mark(self) -> str:
        """What changes when the server changes the tool."""
        return _digest(self.tool.model_dump(mode="json", include={"name", "description", "inputSchema", "annotations"}))


def offers(server: str, entry: Entry, tools: Iterable[Tool]) -> tuple[list[Offer], list[str]]:
    """The tools that can be offered, and why others are not."""
    found: dict[str, Offer] = {}
    problems: list[str] = []
    for tool in tools:
        if not entry.offers(tool.name):
            continue
        offer = Offer(server, tool, _schema(server, tool, entry.hidden.get(tool.name, ())))
        if why := _unfit(offer, found):
            problems.append(f"{server}: the tool {offer.name} is not offered: {why}")
        else:
            found[offer.name] = offer
    return [*found.values()], problems


def _unfit(offer: Offer, taken: dict[str, Offer]) -> str:
    if offer.name in taken:
        return "there are two of that name"
    if len(json.dumps(offer.tool.inputSchema)) > SCHEMA:
        return f"its schema has more than {SCHEMA:,} characters"
    why = unsound(offer.tool.inputSchema)
    return f"its schema is not sound: {why}" if why else ""


def _schema(server: str, tool: Tool, hidden: Collection[str]) -> Schema:
    """As AutoGen takes it, all that the server's schema holds but parameters that are hidden and may be left out."""
    parameters = {key: value for key, value in tool.inputSchema.items() if key not in {"$schema", "title"}}
    parameters = {"type": "object", "properties": {}, **parameters}
    gone = set(hidden) - set(parameters.get("required") or ())
    if gone:
        parameters["properties"] = {k: v for k, v in parameters["properties"].items() if k not in gone}
    return {"name": called(server, tool.name), "description": _plain(tool.description or ""), "parameters": parameters}


def called(server: str, tool: str) -> str:
    """The tool's name with its server's before it, in the letters that every model server takes."""
    prefix = _ODD.sub("_", server)
    plain = _ODD.sub("_", tool)
    return (plain if plain.startswith(f"{prefix}_") else f"{prefix}_{plain}")[:64]


def _plain(text: str) -> str:
    """A description in one line, without what cannot be seen, not too long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= WORDS else f"{line[: WORDS - 4]} ..."


def remembered(server: str, entry: Entry) -> list[Tool] | None:
    """The tools that this server had when it was started last; None: not known."""
    try:
        return _TOOLS.validate_json(_file(server, entry).read_bytes())
    except (OSError, ValidationError):
        return None


def remember(server: str, entry: Entry, tools: list[Tool]) -> None:
    """Keep the tools for the next run."""
    file = _file(server, entry)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(_TOOLS.dump_json(tools, exclude_none=True, by_alias=True))
        new.replace(file)
    except OSError:
        return  # it is asked again next time


def _file(server: str, entry: Entry) -> Path:
    """One for each way of starting it; the values of `env` and `headers`, which may be keys, only in the digest."""
    how = entry.model_dump(mode="json", include={"command", "args", "env", "url", "headers", "cwd"})
    return folders.cache() / "mcp" / f"{_ODD.sub('_', server)}-{_digest(how)}.json"


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
