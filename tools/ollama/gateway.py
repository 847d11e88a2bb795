"""The one way out to the model server: every call of either surface passes here, and is counted."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import httpx

from config import settings
from tools.events import Call, Emit, Load, LoadKind, Phase, ignore
from tools.ollama.faults import PassingError, Retries, broken, lost, refusal, too_long
from tools.ollama.lease import Lease
from tools.ollama.residence import Resident, disturbance, residents, short
from tools.ollama.server import Server, answers, reach
from tools.ollama.stream import limit

T = TypeVar("T")
SILENCE = httpx.Timeout(600.0, connect=5.0)
"""Without a byte, in a stream of progress; calls of a model have the limits that the user sets."""
UNLIMITED = httpx.Timeout(None, connect=5.0)
SLOW = {"/api/generate", "/api/chat"}
"""What may load a model."""


RELOAD = 0.5
"""Seconds of `load_duration` from which on a call found its model not loaded: 0.08-0.19 when warm, 1.5 and more when
it was loaded again (Ollama 0.24.0, 1.5B on a CPU; a larger model takes longer)."""


NO_LOAD = 0.2
"""Seconds that a request to load takes at most where the model is loaded: 0.01-0.05 (Ollama 0.24.0)."""


SHARE = 0.8
"""Of the window, what a prompt may take; the rest is for the answer."""


class Gateway:
    """Every model call of a run, on whichever surface, passes here: the connection, the counts, the loads."""

    def __init__(self, server: Server, emit: Emit) -> None:
        self.server = server
        self.emit = emit
        self.calls: list[Call] = []
        self.loads: list[Load] = []
        self.seen: dict[str, Resident] = {}
        """The models of this run, each as the server last held it for us."""
        self._displaced: set[str] = set()
        self._loading = asyncio.Lock()
        self._characters_a_token = 3.0
        self._aliases: dict[str, str] = {}
        self.lease = Lease("embedded" if server.embedded else server.base_url.replace("localhost", "127.0.0.1"), emit)
        self.http = httpx.AsyncClient(
            base_url=server.base_url,
            headers=server.headers,
            trust_env=not server.local,
            timeout=SILENCE,
            event_hooks={"response": [limit]},
        )

    def check(self, model: str, characters: int) -> None:
        """Hold back a prompt that would fill the window, by this run's characters a token.

        Raises:
            WindowError: it would take more than four fifths.
        """
        tokens, window = characters / self._characters_a_token, self.window(model)
        if window and tokens > SHARE * window:
            raise too_long(f"about {tokens:,.0f}", model, window)

    def record(self, call: Call, characters: int) -> None:
        """Count a call that ended; its prompt had so many characters.

        Raises:
            WindowError: the prompt filled the window, so the server has cut it without a word.
        """
        self.calls.append(call)
        self.emit(call)
        if call.prompt_tokens:
            self._characters_a_token = characters / call.prompt_tokens
        if (call.load_seconds or 0) > RELOAD:
            self._count(
                Load(call.model, "reload", call.load_seconds or 0, "in the middle of a run: see commander verify")
            )
        window = self.window(call.model)
        if window and call.prompt_tokens >= window:
            raise too_long(f"{call.prompt_tokens:,} or more", call.model, window)

    async def request(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A JSON request that is answered whole; one that fails is made again.

        Raises:
            ServerError: the server does not answer, or not with JSON.
            ModelError: the server refuses; the message is its own.
        """
        return await self.persist(lambda: self._request(method, path, body))

    async def persist(self, act: Callable[[], Awaitable[T]]) -> T:
        """What `act` comes to, which a PassingError does not end as long as there is another try.

        Raises:
            CommanderError: the last try's.
        """
        retries = Retries(self.server, self.emit)
        while True:
            try:
                return await act()
            except PassingError as fault:
                if not await retries.again(fault):
                    raise fault.error from fault
                await self._renew()

    async def _renew(self) -> None:
        """Start our own server again where it has ended: killed, or idle while the user was asked something."""
        anew = self.server.anew
        if anew and not await asyncio.to_thread(answers, self.server, 2.0):
            self.server = replace(await asyncio.to_thread(anew), limits=self.server.limits)
            self.http.base_url = httpx.URL(self.server.base_url)
            self.http.headers.update(self.server.headers)

    async def _request(self, method: str, path: str, body: Any) -> dict[str, Any]:
        limits = self.server.limits
        try:
            async with asyncio.timeout(limits.load if path in SLOW else limits.look):
                reply = await self.http.request(method, path, json=body, timeout=UNLIMITED)
            data = reply.json() if reply.status_code == 200 and reply.content else {}
        except TimeoutError:
            raise broken(self.server, f"does not answer to {path}") from None
        except (httpx.HTTPError, ValueError) as error:
            raise PassingError(lost(self.server, error)) from error
        if reply.status_code != 200:
            raise refusal(self.server, path, reply.status_code, reply.content, reply.headers)
        if not isinstance(data, dict) or "error" in data:
            raise broken(self.server, f"answers {path} with {reply.text[:200]}")
        return data

    async def paced(self, pieces: AsyncGenerator[T, None], model: str) -> AsyncGenerator[T, None]:
        """The pieces of an answer of `model`, each in the time that there is for it; a load on the way is waited for.

        Raises:
            PassingError: one took longer.
        """

        async def loading() -> bool:
            start = time.monotonic()
            await self._residents()  # a server that does not answer this is not loading
            await self.request("POST", "/api/generate", {"model": model})
            return time.monotonic() - start > NO_LOAD

        try:
            async with aclosing(self.server.limits.paced(pieces, loading)) as paced:
                async for piece in paced:
                    yield piece
        except TimeoutError as error:
            raise PassingError(lost(self.server, error)) from error

    def window(self, model: str) -> int:
        """The context window that `model` was last loaded with, in tokens; 0: not known."""
        seen = self.seen.get(short(model))
        return seen.window if seen else 0

    async def loaded(self) -> list[str]:
        """The models that are in the server's memory now."""
        return list(await self._residents())

    async def load(self, model: str) -> None:
        """Bring `model` into memory before it is asked: ending a request while a model loads cancels the load.

        A load that nobody planned (another client, another window, a restart) is told with its cause.
        """
        async with self._loading:
            await self._load(model)

    async def _load(self, model: str) -> None:
        name, now = short(model), await self._residents()
        last = self.seen.get(name)
        cause = disturbance(last, now, self.seen.keys()) if last else ""
        row = None if cause else self._row(name, now)
        await self.lease.claim(name, loaded=row is not None)
        row = row or await self._bring(model, now, cause)
        if row:
            self.seen[name] = row

    def _row(self, name: str, now: dict[str, Resident]) -> Resident | None:
        return now.get(name) or now.get(self._aliases.get(name, ""))

    async def _bring(self, model: str, before: dict[str, Resident], cause: str) -> Resident | None:
        self.emit(Phase("loading the model", model))
        name, start = short(model), time.monotonic()
        await self.request("POST", "/api/generate", {"model": model})
        now = await self._residents()
        if name not in now and now:  # another name of the same weights: the row keeps the name that came first
            self._aliases[name] = max(now.values(), key=lambda row: row.expires).name
            if self._aliases[name] in before:
                return self._row(name, now)
        others = [other for other in self.seen if other not in (name, self._aliases.get(name))]
        gone = [other for other in others if other in before and other not in now]
        row, beside = self._row(name, now), [other for other in others if other in now]
        if row and row.spilled and beside:  # both do not fit: alone it may fit
            for other in [*beside, name]:
                await self.request("POST", "/api/generate", {"model": other, "keep_alive": 0})
            await self.request("POST", "/api/generate", {"model": model})
            row, gone = self._row(name, await self._residents()), beside
        swapped = gone or name in self._displaced
        self._displaced = (self._displaced | set(gone)) - {name}
        kind: LoadKind = "swap" if swapped else "reload" if cause else "load"
        self._count(Load(model, kind, time.monotonic() - start, "" if swapped else cause))
        return row

    def _count(self, load: Load) -> None:
        self.loads.append(load)
        self.emit(load)

    async def _residents(self) -> dict[str, Resident]:
        answer = await self.request("GET", "/api/ps")
        try:
            return residents(answer)
        except (AttributeError, TypeError, ValueError) as error:
            raise lost(self.server, ValueError(f"/api/ps: {answer}")) from error

    async def close(self) -> None:
        """End every connection; the server stops generating."""
        self.lease.release()
        await self.http.aclose()


@cache
def shared_gateway() -> Gateway:
    """The gateway for scripts: the server that the settings name or find; both agents of a script share it."""
    chosen = settings.load()
    return Gateway(reach(chosen, ignore), ignore)
