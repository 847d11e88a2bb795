"""The models of an Ollama server: our recipes for them (`Modelfiles/`), pulled, created, unloaded."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from config import folders
from config.errors import ModelError, ServerError, UsageError
from tools.events import Notice, Phase, Progress
from tools.ollama.faults import lost, message
from tools.ollama.gateway import Gateway
from tools.ollama.residence import Resident, residents, short
from tools.ollama.stream import lines as whole_lines

TRIES = 5
"""Connections in a row that may break without a byte of progress."""
SMALL = 1_000_000
"""Bytes; a layer below this (licence, template, parameters) gets no bar of its own."""

_NAME = re.compile(r"^# ollama create (\S+) -f ", re.MULTILINE)
_INSTRUCTION = re.compile(
    r'(?:(FROM|PARAMETER)[ \t]+(?P<line>[^\n]+)|TEMPLATE[ \t]+"""(?P<block>.*?)""")[ \t]*(?:\n|$)', re.DOTALL
)
_BLANK = re.compile(r"[ \t]*(#[^\n]*)?(\n|$)")
_KINDS: dict[str, type[int] | type[float] | type[str]] = {
    "num_ctx": int,
    "num_predict": int,
    "top_k": int,
    "seed": int,
    "temperature": float,
    "top_p": float,
    "min_p": float,
    "repeat_penalty": float,
    "stop": str,
}


@dataclass(frozen=True)
class Modelfile:
    """A recipe: `name` is the local name that it makes, `base` the model of the registry that it is made from."""

    path: Path
    name: str
    base: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    template: str = ""

    @property
    def window(self) -> int:
        """The context window in tokens; 0 where the recipe does not say."""
        return int(self.parameters.get("num_ctx", 0))

    @property
    def body(self) -> dict[str, Any]:
        """What `POST /api/create` takes: since Ollama 0.5.5 fields, not the text of a Modelfile (ollama#8468)."""
        body: dict[str, Any] = {"model": self.name, "from": self.base, "parameters": self.parameters}
        return body | ({"template": self.template} if self.template else {})


def modelfiles(folder: Path | None = None) -> dict[str, Modelfile]:
    """Our recipes by local name, from `Modelfiles/` beside the program; none where only the packages are installed.

    Raises:
        UsageError: one says what is not known here.
    """
    folder = folder or folders.ROOT / "Modelfiles"
    recipes = [parsed(path) for path in sorted(folder.glob("Modelfile.*"))]
    return {recipe.name: recipe for recipe in recipes}


def parsed(path: Path) -> Modelfile:
    """The recipe in the file: a first line `# ollama create NAME -f ...`, FROM, PARAMETER, TEMPLATE, nothing else.

    Raises:
        UsageError: there is something else, or FROM or the name is missing.
    """
    text = path.read_text(encoding="utf-8")
    name = _NAME.search(text)
    if not name:
        raise UsageError(f"{path} does not tell its local name", "begin it with the line: # ollama create NAME -f ...")
    base, template, parameters, place = "", "", dict[str, Any](), 0
    while place < len(text):
        if blank := _BLANK.match(text, place):
            place = blank.end()
            continue
        said = _INSTRUCTION.match(text, place)
        if not said:
            raise _unknown(path, text, place)
        if said["block"] is not None:
            template = said["block"]
        elif said[1] == "FROM":
            base = said["line"].strip()
        elif not _set(parameters, said["line"]):
            raise _unknown(path, text, place)
        place = said.end()
    if not base:
        raise UsageError(f"{path} has no FROM", "name the model that it is made from")
    return Modelfile(path, name[1], base, parameters, template)


def _set(parameters: dict[str, Any], said: str) -> bool:
    """Add one `key value`; False when it is not of a kind that we know. `stop` may come more than once."""
    key, _, value = said.partition(" ")
    value = value.strip().removeprefix('"').removesuffix('"')
    try:
        typed = _KINDS[key](value)
    except (KeyError, ValueError):
        return False
    if key == "stop":
        parameters.setdefault(key, []).append(typed)
    else:
        parameters[key] = typed
    return True


def _unknown(path: Path, text: str, place: int) -> UsageError:
    line = text[place:].partition("\n")[0]
    where = f"{path}:{text.count(chr(10), 0, place) + 1}"
    return UsageError(f"{where}: {line!r} is not known here", "use FROM, PARAMETER and TEMPLATE alone")


@dataclass(frozen=True)
class Held:
    """A model that the server has, `size` bytes on its disk; `resident` while it is in its memory."""

    size: int
    resident: Resident | None = None


async def held(gateway: Gateway) -> dict[str, Held]:
    """What the server has, by name without the tag `latest`."""
    rows = (await gateway.request("GET", "/api/tags")).get("models") or []
    busy = residents(await gateway.request("GET", "/api/ps"))
    names = [short(str(row["name"])) for row in rows]
    return {name: Held(int(row.get("size") or 0), busy.get(name)) for name, row in zip(names, rows, strict=True)}


async def window(gateway: Gateway, name: str) -> int:
    """The context window that the model's own parameters name; 0: the server's default."""
    shown = await gateway.request("POST", "/api/show", {"model": name})
    said = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters") or ""), re.MULTILINE)
    return int(said[1]) if said else 0


async def pull(gateway: Gateway, name: str, pause: float = 0.5) -> None:
    """Fetch `name` to the server; a broken connection is tried again, and Ollama goes on where it stopped.

    Raises:
        ModelError: the server refuses, or cannot fetch it.
        ServerError: the connection broke `TRIES` times without progress, each wait twice as long as the one before.
    """
    there: dict[str, int] = {}
    broken = 0
    again = f"commander models pull {name}"
    while True:
        before = dict(there)
        error = await _broken(gateway, name, there, again)
        if error is None:
            return
        broken = 1 if there != before else broken + 1
        if broken >= TRIES:
            raise ServerError(f"fetching {name} broke {TRIES} times: {error}", f"{again}   (goes on)")
        gateway.emit(Notice(f"the connection broke, trying again: {error}", "warning"))
        await asyncio.sleep(pause * 2 ** (broken - 1))


async def _broken(gateway: Gateway, name: str, there: dict[str, int], remedy: str) -> str | None:
    """Pull over one connection, with the bytes of each layer kept in `there`; how it broke, None at the end."""
    try:
        async with aclosing(_lines(gateway, "/api/pull", name, {"model": name}, remedy)) as lines:
            async for line in lines:
                if line["status"] == "success":
                    return None
                _tell(gateway, name, line, there)
    except (httpx.TransportError, json.JSONDecodeError) as error:
        return str(error) or type(error).__name__
    return "the stream ended too soon"


def _tell(gateway: Gateway, name: str, line: Mapping[str, Any], there: dict[str, int]) -> None:
    digest, total, done = str(line.get("digest", "")), int(line.get("total") or 0), int(line.get("completed") or 0)
    if not digest:
        gateway.emit(Phase(str(line["status"]), name))
    elif total >= SMALL and done > there.get(digest, -1):  # a line comes each 60 ms, whether something came or not
        there[digest] = done
        gateway.emit(Progress(name, done, total))


async def create(gateway: Gateway, recipe: Modelfile) -> None:
    """Make the local name from its base; the server fetches the base if it is missing.

    Raises:
        ModelError: the server refuses.
        ServerError: the connection broke.
    """
    by_hand = f"ollama create {recipe.name} -f {recipe.path}"
    last = ""
    try:
        async with aclosing(_lines(gateway, "/api/create", recipe.name, recipe.body, by_hand)) as lines:
            async for line in lines:
                last = str(line["status"])
                gateway.emit(Phase(last, recipe.name))
    except (httpx.TransportError, json.JSONDecodeError) as error:
        raise lost(gateway.server, error) from error
    if last != "success":
        raise ServerError(f"{gateway.server.base_url} ended before {recipe.name} was made", by_hand)


async def unload(gateway: Gateway, names: Sequence[str] = ()) -> None:
    """Take these models, or all, out of the server's memory, at once or after the answer that they write."""
    busy = residents(await gateway.request("GET", "/api/ps"))
    asked = [short(name) for name in names] or sorted(busy)
    for name in asked:
        if name in busy:
            await gateway.request("POST", "/api/generate", {"model": name, "keep_alive": 0})
    left = residents(await gateway.request("GET", "/api/ps"))
    for name in asked:
        gone = f"unloaded {name}" if name in busy else f"{name} is not loaded"
        gateway.emit(Notice(f"{name} leaves when the answer that it writes is done" if name in left else gone))
    if not asked:
        gateway.emit(Notice("no model is loaded"))


async def _lines(
    gateway: Gateway, path: str, name: str, body: Mapping[str, Any], remedy: str
) -> AsyncGenerator[dict[str, Any], None]:
    """The objects of a stream of progress; one with `error` may come under status 200."""
    async with gateway.http.stream("POST", path, json=body) as reply:
        if reply.status_code >= 400:
            raise ModelError(f"{name}: {message(await reply.aread())}", remedy)
        async for text in whole_lines(reply.aiter_bytes()):
            line = json.loads(text)
            if "error" in line:
                raise ModelError(f"{name}: {message(line)}", remedy)
            if "status" in line:
                yield line
