"""What one request for words of the model cost, read off the server's own reply."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from tools.ollama.server import Server

CHAT = {"/v1/chat/completions", "/v1/completions", "/api/chat", "/api/generate"}
SPEAKER = re.compile(r"select the next role from|select an agent from|Who should speak next\?")
"""What AutoGen's SelectorGroupChat and Magentic-One's ledger ask the model with."""


@dataclass
class Call:
    """One request for words; until its reply has come to its end, `tokens_in` is zero."""

    path: str
    body: dict[str, Any]
    tokens_in: int = 0
    tokens_evaluated: int | None = None
    """Tokens of the prompt that were not in the cache; None where the server does not tell."""
    tokens_out: int = 0

    @property
    def selects(self) -> bool:
        """Whether it asks who speaks next."""
        return bool(SPEAKER.search(json.dumps((self.body.get("messages") or [])[-1:], ensure_ascii=False)))

    def read(self, reply: dict[str, Any]) -> bool:
        """Take the counts out of a reply, or a piece of one; whether it had any."""
        usage = reply.get("usage") or {}
        if "prompt_tokens" in usage:
            self.tokens_in, self.tokens_out = usage["prompt_tokens"], usage.get("completion_tokens", 0)
            cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
            self.tokens_evaluated = None if cached is None else self.tokens_in - cached
        elif "prompt_eval_count" in reply:
            self.tokens_in, self.tokens_out = reply["prompt_eval_count"], reply.get("eval_count", 0)
        else:
            self.tokens_out += bool(reply) and "error" not in reply  # a piece of a stream: a token
            return False
        self.tokens_evaluated = (reply.get("timings") or {}).get("prompt_n", self.tokens_evaluated)
        return True


def complete(calls: Iterable[Call], server: Server) -> None:
    """Ask anew, for one token, what the prompts of calls cost that were cut off before their reply told."""
    for call in calls:
        if not call.tokens_in:
            limit = {"max_tokens": 1, "options": dict(call.body.get("options") or {}) | {"num_predict": 1}}
            body = {name: value for name, value in call.body.items() if name != "stream_options"}
            body |= limit | {"stream": False}
            reply = httpx.post(f"{server.base_url}{call.path}", json=body, headers=server.headers, timeout=600)
            written = call.tokens_out
            call.read(reply.json())
            call.tokens_out, call.tokens_evaluated = written, None


def begun(path: str, body: dict[str, Any]) -> Call | None:
    """The call that a request begins; None where it asks for no words, as one that only loads the model."""
    return Call(path, body) if path in CHAT and (body.get("messages") or body.get("prompt")) else None


@dataclass(frozen=True)
class Counts:
    """The calls of one run, summed."""

    calls: int
    tokens_in: int
    tokens_evaluated: int | None
    tokens_out: int
    selector_calls: int


def summed(calls: Iterable[Call]) -> Counts:
    """All calls together."""
    calls = list(calls)
    evaluated = [call.tokens_evaluated for call in calls if call.tokens_evaluated is not None]
    return Counts(
        len(calls),
        sum(call.tokens_in for call in calls),
        sum(evaluated) if evaluated else None,
        sum(call.tokens_out for call in calls),
        sum(call.selects for call in calls),
    )
