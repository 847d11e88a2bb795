"""The surface under `/v1`, OpenAI's as Ollama speaks it: no `num_ctx`, no `keep_alive`, extra fields ignored."""

import json
import random
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tools.embedded import requests
from tools.embedded.calls import Call
from tools.embedded.engine import End, EngineError, Model, Piece
from tools.embedded.responses import Compatible, Native, Stream, dumps
from tools.embedded.service import Item, Loaded, Question, Service, full, started

_TYPES = {400: "invalid_request_error", 404: "not_found_error"}


def routes(service: Service) -> list[Route]:
    """The routes of `/v1`."""
    surface = _Compatible(service)
    return [
        Route("/v1/chat/completions", surface.chat, methods=["POST"]),
        Route("/v1/models", surface.models),
        Route("/v1/models/{name:path}", surface.model),
    ]


def error(failure: EngineError) -> dict[str, Any]:
    """The error's form on this surface."""
    kind = _TYPES.get(failure.status, "api_error")
    return {"error": {"message": str(failure), "type": kind, "param": None, "code": None}}


class _Compatible:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def models(self, request: Request) -> Response:
        rows = [_model(model, full(model.name)) for model in self._service.engine.models()]
        return Compatible({"object": "list", "data": rows})

    async def model(self, request: Request) -> Response:
        name = request.path_params["name"]
        return Compatible(_model(self._service.find(name), name))

    async def chat(self, request: Request) -> Response:
        try:
            body = await requests.body(request)
            question = _question(body)
        except EngineError as failure:  # Ollama's middleware answers these: other headers, no end of line
            return Native(error(failure), failure.status)
        items = await started(self._service.answer(question))
        if not body.get("stream"):
            return Compatible(await _Form(question.model).whole(items))
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        return Stream(_Form(question.model).events(items, usage=usage), "text/event-stream")


@dataclass
class _Form:
    """The objects of one answer."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{random.randrange(1000)}")  # noqa: S311 - as Ollama names them

    async def whole(self, items: AsyncGenerator[Item, None]) -> dict[str, Any]:
        """A `chat.completion`."""
        content, end = "", None
        calls: list[dict[str, Any]] = []
        async for item in items:
            if isinstance(item, Piece):
                content += item.text
            elif isinstance(item, Call):
                calls.append(_call(item, len(calls)))
            elif isinstance(item, End):
                end = item
        assert end  # noqa: S101 - an answer ends with one, or raises
        message = {"role": "assistant", "content": content} | ({"tool_calls": calls} if calls else {})
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else end.reason}
        return self._head("chat.completion") | {"choices": [choice], "usage": _usage(end)}

    async def events(self, items: AsyncGenerator[Item, None], *, usage: bool) -> AsyncGenerator[str, None]:
        """Server-sent events; the usage comes last, with no choices, and only when asked for."""
        calls = 0
        async with aclosing(items):
            try:
                async for item in items:
                    if isinstance(item, Piece):
                        yield self._chunk({"content": item.text})
                    elif isinstance(item, Call):
                        yield self._chunk({"content": "", "tool_calls": [_call(item, calls)]})
                        calls += 1
                    elif not isinstance(item, Loaded):
                        yield self._chunk({"content": ""}, "tool_calls" if calls else item.reason)
                        if usage:
                            tail = {"choices": [], "usage": _usage(item)}
                            yield _event(self._head("chat.completion.chunk") | tail)
                yield "data: [DONE]\n\n"
            except EngineError as failure:
                yield _event(error(failure))

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": {"role": "assistant"} | delta, "finish_reason": reason}
        return _event(self._head("chat.completion.chunk") | {"choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        facts = {"id": self.id, "object": kind, "created": int(time.time())}
        return facts | {"model": self.model, "system_fingerprint": "fp_ollama"}


def _event(content: dict[str, Any]) -> str:
    return f"data: {dumps(content)}\n\n"


def _usage(end: End) -> dict[str, Any]:
    total = end.prompt_count + end.count
    cached = {"cached_tokens": end.prompt_count - (end.evaluated or 0)}
    more = {} if end.evaluated is None else {"prompt_tokens_details": cached}  # OpenAI's; Ollama does not tell
    return more | {"prompt_tokens": end.prompt_count, "completion_tokens": end.count, "total_tokens": total}


def _call(call: Call, index: int) -> dict[str, Any]:
    function = {"name": call.name, "arguments": dumps(call.arguments)}
    return {"id": call.id, "index": index, "type": "function", "function": function}


def _model(model: Model, name: str) -> dict[str, Any]:
    created = int(datetime.fromisoformat(model.modified_at).timestamp())
    return {"id": name, "object": "model", "created": created, "owned_by": "library"}


def _question(body: dict[str, Any]) -> Question:
    messages = requests.typed(body.get("messages"), list, "ChatCompletionRequest.messages", "[]openai.Message")
    if not messages:
        raise EngineError("[] is too short - 'messages'", 400)
    return Question(
        model=requests.typed(body.get("model"), str, "ChatCompletionRequest.model", "string"),
        messages=[_message(message) for message in messages],
        tools=requests.typed(body.get("tools"), list, "ChatCompletionRequest.tools", "[]api.Tool"),
        schema=_schema(body.get("response_format")),
        options=_options(body),
    )


def _options(body: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's sampling words in Ollama's; temperature and top_p default to 1 on this surface (Ollama: openai.go)."""
    options: dict[str, Any] = {"temperature": 1.0, "top_p": 1.0}
    for name in ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"):
        if body.get(name) is not None:
            options[name] = body[name]
    limit = body.get("max_tokens") or body.get("max_completion_tokens")
    stop = body.get("stop")
    options |= {"num_predict": limit} if limit else {}
    options |= {"stop": [stop] if isinstance(stop, str) else stop} if stop else {}
    return requests.options(options)


def _schema(form: Any) -> dict[str, Any] | None:
    kind = form.get("type") if isinstance(form, dict) else None
    if kind == "json_schema":
        return requests.schema((form.get("json_schema") or {}).get("schema"))
    return requests.schema("json") if kind == "json_object" else None


def _message(value: Any) -> dict[str, Any]:
    message: dict[str, Any] = requests.typed(value, dict, "ChatCompletionRequest.messages", "openai.Message")
    role = "system" if message.get("role") == "developer" else message.get("role")
    calls = [_native_call(call) for call in message.get("tool_calls") or []]
    more = {"tool_calls": calls} if calls else {}
    return {"role": role, "content": _text(message.get("content"))} | more


def _text(content: Any) -> str:
    if isinstance(content, str) or content is None:
        return content or ""
    if not all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        raise EngineError("invalid message format: the embedded models read text only", 400)
    return "\n".join(str(part.get("text", "")) for part in content)


def _native_call(call: Any) -> dict[str, Any]:
    function = call.get("function", {})
    try:
        arguments = json.loads(function.get("arguments") or "{}")
    except ValueError:
        raise EngineError("invalid tool call arguments", 400) from None
    return {"function": {"name": function.get("name", ""), "arguments": arguments}}
