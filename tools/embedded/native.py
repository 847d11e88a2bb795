"""The surface under `/api`, as facts recorded from Ollama 0.24.0 show it."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tools.embedded import requests
from tools.embedded.calls import Call
from tools.embedded.engine import End, EngineError, Model, Piece
from tools.embedded.memory import Resident
from tools.embedded.responses import Native, Stream, dumps
from tools.embedded.service import Item, Loaded, Question, Service, full, started

VERSION = "0.24.0"
"""The Ollama whose recorded answers this server gives."""


def routes(service: Service) -> list[Route]:
    """The routes of `/` and `/api`."""
    surface = _Native(service)
    refused = ("/api/pull", "/api/push", "/api/create", "/api/copy", "/api/embed", "/api/embeddings")
    return [
        Route("/", surface.root),
        Route("/api/version", surface.version),
        Route("/api/tags", surface.tags),
        Route("/api/ps", surface.ps),
        Route("/api/show", surface.show, methods=["POST"]),
        Route("/api/generate", surface.generate, methods=["POST"]),
        Route("/api/chat", surface.chat, methods=["POST"]),
        *(Route(path, surface.refuse, methods=["POST"]) for path in refused),
        Route("/api/delete", surface.refuse, methods=["DELETE"]),
    ]


class _Native:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def root(self, request: Request) -> Response:
        return PlainTextResponse("Ollama is running")

    async def version(self, request: Request) -> Response:
        return Native({"version": VERSION})

    async def tags(self, request: Request) -> Response:
        return Native({"models": [_row(model) for model in self._service.engine.models()]})

    async def ps(self, request: Request) -> Response:
        return Native({"models": [_resident(resident) for resident in self._service.memory.residents()]})

    async def show(self, request: Request) -> Response:
        body = await requests.body(request)
        model = self._service.find(str(body.get("model") or body.get("name") or ""))
        return Native(model.show | {"capabilities": model.capabilities, "modified_at": model.modified_at})

    async def refuse(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        raise EngineError(f"the embedded server does not {name}: for that, install Ollama", 501)

    async def chat(self, request: Request) -> Response:
        body = await requests.body(request)
        place = "ChatRequest.messages", "[]api.Message"
        messages = [_message(m) for m in requests.typed(body.get("messages"), list, *place)]
        return await self._reply(body, messages, _ChatForm(str(body.get("model") or "")))

    async def generate(self, request: Request) -> Response:
        body = await requests.body(request)
        if body.get("raw") or body.get("suffix"):
            raise EngineError("the embedded server knows neither raw nor suffix", 400)
        prompt = requests.typed(body.get("prompt"), str, "GenerateRequest.prompt", "string")
        system = requests.typed(body.get("system"), str, "GenerateRequest.system", "string")
        messages = [{"role": "system", "content": system}] if system and prompt else []
        messages += [{"role": "user", "content": prompt}] if prompt else []
        return await self._reply(body, messages, _GenerateForm(str(body.get("model") or "")))

    async def _reply(self, body: dict[str, Any], messages: list[dict[str, Any]], form: "_ChatForm") -> Response:
        question = _question(body, messages)
        if not messages:
            return Native(await self._load_or_unload(question, form))
        lines = form.objects(await started(self._service.answer(question)))
        if body.get("stream") is not False:
            return Stream(_ndjson(lines), "application/x-ndjson")
        return Native(await form.whole(lines))

    async def _load_or_unload(self, question: Question, form: "_ChatForm") -> dict[str, Any]:
        if question.keep == 0:
            await self._service.memory.unload(self._service.find(question.model))
            return form.done("unload")
        await self._service.load(question)
        return form.done("load")


@dataclass
class _ChatForm:
    """The objects of one answer of `/api/chat`."""

    model: str
    begun: int = field(default_factory=time.perf_counter_ns)

    def text(self, text: str) -> dict[str, Any]:
        return {"message": {"role": "assistant", "content": text}}

    def call(self, call: Call, index: int) -> dict[str, Any]:
        function = {"index": index, "name": call.name, "arguments": call.arguments}
        tool_calls = [{"id": call.id, "function": function}]
        return {"message": {"role": "assistant", "content": "", "tool_calls": tool_calls}}

    def done(self, reason: str) -> dict[str, Any]:
        return self._stamped(self.text("") | {"done": True, "done_reason": reason})

    async def objects(self, items: AsyncGenerator[Item, None]) -> AsyncGenerator[dict[str, Any], None]:
        """One object for each item but the first, which the last one tells of."""
        load, calls = 0.0, 0
        async with aclosing(items):
            async for item in items:
                if isinstance(item, Loaded):
                    load = item.seconds
                elif isinstance(item, Piece):
                    yield self._stamped(self.text(item.text) | {"done": False})
                elif isinstance(item, Call):
                    yield self._stamped(self.call(item, calls) | {"done": False})
                    calls += 1
                else:
                    yield self.done(item.reason) | _figures(item, load, time.perf_counter_ns() - self.begun)

    async def whole(self, objects: AsyncGenerator[dict[str, Any], None]) -> dict[str, Any]:
        """All objects as one."""
        content, calls, last = "", [], {}
        async for last in objects:
            content += last["message"]["content"]
            calls += last["message"].get("tool_calls", [])
        last["message"] = {"role": "assistant", "content": content} | ({"tool_calls": calls} if calls else {})
        return last

    def _stamped(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"model": self.model, "created_at": _rfc3339(time.time())} | content


class _GenerateForm(_ChatForm):
    """The same for `/api/generate`, whose text is under another key."""

    def text(self, text: str) -> dict[str, Any]:
        return {"response": text}

    async def whole(self, objects: AsyncGenerator[dict[str, Any], None]) -> dict[str, Any]:
        """All objects as one."""
        content, last = "", {}
        async for last in objects:
            content += last["response"]
        return last | {"response": content}


def _question(body: dict[str, Any], messages: list[dict[str, Any]]) -> Question:
    return Question(
        model=requests.typed(body.get("model"), str, "ChatRequest.model", "string"),
        messages=messages,
        tools=requests.typed(body.get("tools"), list, "ChatRequest.tools", "api.Tools"),
        schema=requests.schema(body.get("format")),
        options=requests.options(requests.typed(body.get("options"), dict, "ChatRequest.options", "map[string]any")),
        keep=requests.seconds(body.get("keep_alive")),
        truncate=body.get("truncate") is not False,
    )


def _message(value: Any) -> dict[str, Any]:
    message: dict[str, Any] = requests.typed(value, dict, "ChatRequest.messages", "api.Message")
    requests.typed(message.get("content"), str, "ChatRequest.messages.content", "string")
    if message.get("images"):
        raise EngineError("the embedded models do not see images", 400)
    return message


async def _ndjson(objects: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[str, None]:
    async with aclosing(objects):
        try:
            async for item in objects:
                yield dumps(item) + "\n"
        except EngineError as error:
            yield dumps({"error": str(error)}) + "\n"


def _figures(end: End, load: float, total: int) -> dict[str, Any]:
    more = {} if end.evaluated is None else {"timings": {"prompt_n": end.evaluated}}  # as llama.cpp's own server
    return more | {
        "total_duration": total,
        "load_duration": int(load * 1e9),
        "prompt_eval_count": end.prompt_count,
        "prompt_eval_duration": int(end.prompt_seconds * 1e9),
        "eval_count": end.count,
        "eval_duration": int(end.seconds * 1e9),
    }


def _row(model: Model) -> dict[str, Any]:
    name = {"name": full(model.name), "model": full(model.name)}
    facts = {"modified_at": model.modified_at, "size": model.size, "digest": model.digest}
    return name | facts | {"details": model.details}


def _resident(resident: Resident) -> dict[str, Any]:
    row = _row(resident.model) | {"size": resident.runner.size, "expires_at": _rfc3339(resident.expires)}
    del row["modified_at"]
    return row | {"size_vram": 0, "context_length": resident.runner.window}


def _rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
