"""The llama.cpp engine: one child process for each loaded model, so that an unload is the end of a process and a
crash ends one model only (loading two by turns in one process hung once, for 200 s)."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import psutil

from tools.embedded import chatml, gguf
from tools.embedded.engine import Ask, End, EngineError, Model, Piece
from tools.embedded.schemas import closed
from tools.ollama.stream import lines

BATCH = 256
"""Prompt tokens between two looks at whether the client is still there; 512 was no faster on a CPU."""
CACHE_MIB = 256
"""Host memory for prompts that other prompts displaced; llama.cpp's own 8 GiB is too much for a guest."""
ROOM = 256
"""Tokens beyond the window, so that a prompt that fills it can still be answered, as in Ollama."""
DEFAULTS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": 0.0, "repeat_penalty": 1.0}
"""Ollama's, but for the repeat penalty: its engine for Qwen applies none (recorded replies at temperature 0)."""
_SAMPLING = (
    "temperature", "top_k", "top_p", "min_p", "typical_p", "repeat_last_n", "repeat_penalty", "presence_penalty",
    "frequency_penalty", "seed", "stop",
)  # fmt: skip
_RUNNER = Path(__file__).with_name("runner.py")
_APART = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: no console of its own, and no Ctrl-C meant for others."""
_PATIENCE = 5
"""Seconds for a child that has closed its output to end."""
_QWEN = "You are Qwen, created by Alibaba Cloud"


class LlamaEngine:
    """Models of GGUF files, each loaded one in a child process."""

    def __init__(self, *, cache_mib: int = CACHE_MIB) -> None:
        """`cache_mib` of the host's memory keep prompts that lost their slot; Ollama's own runner has none."""
        self._models: dict[str, Model] = {}
        self._cache_mib = cache_mib

    def add(self, model: Model) -> None:
        """Offer the model from now on, in place of one of the same name."""
        self._models = {model.name: model} | {n: m for n, m in self._models.items() if n != model.name}

    def models(self) -> list[Model]:
        """All offered ones, the last added first."""
        return list(self._models.values())

    async def load(self, model: Model, options: dict[str, Any]) -> "LlamaRunner":
        """A child with the weights in memory; EngineError when it cannot."""
        head = await asyncio.to_thread(gguf.read, Path(model.weights))
        window = int(options["num_ctx"])
        key = secrets.token_urlsafe(24)
        settings = _settings(model, window, int(options.get("num_thread") or threads()), key)
        settings["cache_ram_mib"] = self._cache_mib
        process = _start()
        try:
            address = await asyncio.to_thread(_load, process, settings)
        except BaseException:
            await asyncio.shield(asyncio.to_thread(_end, process))
            raise
        return LlamaRunner(process, address, key, head, window)


def threads() -> int:
    """The physical cores that this process may use: more threads only get in each other's way."""
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    if sys.platform == "linux":
        cores = min(cores, len(os.sched_getaffinity(0)))
    return cores


def _settings(model: Model, window: int, count: int, key: str) -> dict[str, Any]:
    return {
        "model": model.weights,
        "threads": count,
        "n_ctx": window + ROOM,
        "n_parallel": 1,
        "n_batch": BATCH,
        "n_ubatch": BATCH,
        "api_keys": [key],
        "verbosity": 1,
        "ui": False,
        "port": 0,
    }


def _start() -> subprocess.Popen[bytes]:
    """Its own process group, so that a Ctrl-C in the terminal is the server's to handle."""
    return subprocess.Popen(
        [sys.executable, "-I", str(_RUNNER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        creationflags=_APART,
        start_new_session=sys.platform != "win32",
    )


def _load(process: subprocess.Popen[bytes], settings: dict[str, Any]) -> str:
    """The child's address, once it has loaded."""
    assert process.stdin and process.stdout  # noqa: S101 - both are pipes, see _start
    try:
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or b"{}")
    except OSError as error:
        answer = {"error": str(error)}
    if "address" not in answer:
        reason = answer.get("error") or f"exit status {process.wait(_PATIENCE)}"
        raise EngineError(f"llama runner process has terminated: {reason}")
    return str(answer["address"])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with process:  # closes the pipes and waits
        pass


class LlamaRunner:
    """A model in a child process, spoken to over a loopback port with a key of its own."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, key: str, head: gguf.Head, window: int) -> None:
        self._process = process
        self._head = head
        self._reachable = True
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=None,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),  # llama.cpp closes idle ones when it likes
        )
        self.window = window

    @property
    def size(self) -> int:
        """Weights and cache, in bytes."""
        return self._head.file_size + self._head.cache_bytes(self.window)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def alive(self) -> bool:
        """False once the child has ended or broken off."""
        return self._reachable and self._process.poll() is None

    async def render(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str:
        """The model's own template; Qwen2.5's as Ollama's library has it; none: the bare texts, as Ollama does it."""
        if not self._head.template:
            return "\n".join(str(m.get("content") or "") for m in messages)
        if _QWEN in self._head.template:
            return chatml.render(messages, tools)
        body = {"messages": messages} | ({"tools": tools} if tools else {})
        return str((await self._post("/apply-template", body))["prompt"])

    async def tokenize(self, text: str) -> list[int]:
        """Special tokens are read as such."""
        body = {"content": text, "add_special": True, "parse_special": True}
        return list((await self._post("/tokenize", body))["tokens"])

    async def generate(self, ask: Ask) -> AsyncGenerator[Piece | End, None]:
        """Pieces and the End; closing the generator closes the connection, which stops llama.cpp."""
        try:
            async with self._client.stream("POST", "/completion", json=_completion(ask)) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise _error(await answer.aread(), answer.status_code)
                async for line in lines(answer.aiter_bytes()):
                    for item in _items(line.decode()):
                        yield item
                        if isinstance(item, End):
                            return
        except (httpx.HTTPError, ValueError) as error:
            raise self._broken(error) from error
        raise self._broken("it ended in the middle")

    async def close(self) -> None:
        """Ends the child."""
        await self._client.aclose()
        await asyncio.to_thread(_end, self._process)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._client.post(path, json=body)
        except httpx.HTTPError as error:
            raise self._broken(error) from error
        if answer.status_code != httpx.codes.OK:
            raise _error(answer.content, answer.status_code)
        return dict(answer.json())

    def _broken(self, error: object) -> EngineError:
        """The child cannot be spoken to: it is dead, or will be when it is closed."""
        self._reachable = False
        return EngineError(f"an error was encountered while running the model: {error or type(error).__name__}")


def _completion(ask: Ask) -> dict[str, Any]:
    limit = int(ask.options.get("num_predict", -1))
    body: dict[str, Any] = {"prompt": ask.prompt, "stream": True, "cache_prompt": True}
    body |= DEFAULTS | {name: ask.options[name] for name in _SAMPLING if ask.options.get(name) is not None}
    body["n_predict"] = limit if limit > 0 else -1
    if ask.schema is not None:
        body["json_schema"] = closed(ask.schema)
    return body


def _items(line: str) -> list[Piece | End]:
    """What one line of llama.cpp's event stream says."""
    if line.startswith(("error: ", 'data: {"error"')):
        raise _error(line.partition(" ")[2].encode(), 500)
    if not line.startswith("data: "):
        return []
    event = json.loads(line[6:])
    items: list[Piece | End] = [Piece(event["content"])] if event.get("content") else []
    if event.get("stop"):
        timings = event["timings"]
        items.append(
            End(
                reason="length" if event.get("stop_type") == "limit" else "stop",
                prompt_count=event["tokens_evaluated"],
                prompt_seconds=timings["prompt_ms"] / 1000,
                count=event["tokens_predicted"],
                seconds=timings["predicted_ms"] / 1000,
                evaluated=timings["prompt_n"],
            )
        )
    return items


def _error(body: bytes, status: int) -> EngineError:
    try:
        error = json.loads(body)
        error = error.get("error", error)
        return EngineError(str(error.get("message", error)), 400 if status == httpx.codes.BAD_REQUEST else 500)
    except (ValueError, AttributeError):
        return EngineError(body.decode("utf-8", "replace")[:500])
