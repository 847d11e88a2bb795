"""The parent's end of the line to the worker: everything from there may be a lie."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 1_000_000


class LostError(Exception):
    """Why the worker cannot be used any more: it said what it must not say, or broke a limit; one line."""


@dataclass(frozen=True)
class Ready:
    """The worker can take blocks."""


@dataclass(frozen=True)
class Said:
    """The block printed something."""

    id: int
    output: str


@dataclass(frozen=True)
class Ended:
    """The block has ended."""

    id: int
    exit_code: int | None
    reason: str


def clean(text: str) -> str:
    """The text without lone surrogates, which JSON can hold and no stream can print."""
    return text.encode(errors="replace").decode()


def parse(line: bytes) -> Ready | Said | Ended:
    """One message, each field of its type, or LostError."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    match message:
        case {"ready": True}:
            return Ready()
        case {"id": int(number), "output": str(output)} if number is not True:
            return Said(number, clean(output))
        case {"id": int(number), "exit_code": int() | None as code, "reason": str(reason)} if number is not True:
            return Ended(number, code if code is None else int(code), clean(reason[:300]))
    raise LostError("the worker sent something that is no answer")


class Wire(asyncio.SubprocessProtocol):
    """Cuts the worker's stdout into messages, deaf once it has lied; keeps the end of its stderr."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[Ready | Said | Ended | LostError | None] = asyncio.Queue()
        self.errors = b""
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()
        self._transport: asyncio.SubprocessTransport | None = None
        self._line = b""
        self.lie = ""
        self._ready = False
        self._asked: int | None = None
        self._room = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The worker has started."""
        assert isinstance(transport, asyncio.SubprocessTransport)  # noqa: S101 - for the type checker
        self._transport = transport

    def ask(self, request: dict[str, Any], room: int) -> None:
        """Sends one request; its answer may have `room` characters of output."""
        assert self._transport  # noqa: S101 - for the type checker
        self._asked, self._room = request["id"], room
        pipe = self._transport.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(json.dumps(request).encode() + b"\n")

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Bytes from the worker."""
        if fd == 2:
            self.errors = (self.errors + data)[-4000:]
        elif not self.lie:
            *lines, self._line = (self._line + data).split(b"\n")
            try:
                for line in lines:
                    self.messages.put_nowait(self._check(parse(line)))
                if len(self._line) > LONGEST_LINE:
                    raise LostError("the worker sent a line without end")
            except LostError as lie:
                self._refuse(lie)

    def _check(self, message: Ready | Said | Ended) -> Ready | Said | Ended:
        if isinstance(message, Ready):
            if self._ready:
                raise LostError("the worker said twice that it is ready")
            self._ready = True
            return message
        if message.id != self._asked:
            raise LostError("the worker answered what nobody had asked")
        if isinstance(message, Ended):
            self._asked = None
            return message
        self._room -= len(message.output)
        if self._room < 0:
            raise LostError("the worker sent more output than it may")
        return message

    def _refuse(self, lie: LostError) -> None:
        self._line, self.lie = b"", str(lie)
        self.messages.put_nowait(lie)

    def process_exited(self) -> None:
        """The worker has ended."""
        self.exited.set()
        self.messages.put_nowait(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """All its pipes are closed too."""
        self.closed.set()
