"""One pipe that all languages print to, read without pause: code may print as fast as it likes and cost no memory."""

import codecs
import collections
import os
import queue
import re
import secrets
import threading
from dataclasses import dataclass

CHUNK = 65536
MARK = re.compile(rb"[0-9a-f]{32}:(\d{1,9}):(-?\d{1,12})")
LONGEST_MARK = 64
FLOOD = 64 << 20
"""A block that prints more bytes than this is ended."""


@dataclass(frozen=True)
class Ended:
    """The block has ended: `exit_code` as the process or its runner told."""

    exit_code: int


@dataclass(frozen=True)
class Flooded:
    """The block prints without end."""


Item = str | Ended | Flooded


class Catch:
    """The output of one block: the head as it comes, the tail at the end, and what was cut named between them."""

    def __init__(self, cap: int) -> None:
        self.items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._room = cap - cap // 4
        self._tail: collections.deque[bytes] = collections.deque()
        self._tail_cap = cap // 4
        self._tail_size = 0
        self._cut = 0
        self._total = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, data: bytes) -> None:
        """Takes what was printed."""
        flooded = self._total > FLOOD
        self._total += len(data)
        head, rest = data[: self._room], data[self._room :]
        self._room -= len(head)
        if head:
            self.items.put(self._decoder.decode(head))
        if rest:
            self._keep(rest)
        if self._total > FLOOD and not flooded:
            self.items.put(Flooded())

    def _keep(self, data: bytes) -> None:
        self._tail.append(data)
        self._tail_size += len(data)
        while self._tail_size - len(self._tail[0]) >= self._tail_cap:
            self._cut += len(self._tail[0])
            self._tail_size -= len(self._tail.popleft())

    def end(self, exit_code: int) -> None:
        """Hands out the tail and the end."""
        tail = b"".join(self._tail)
        over = max(0, len(tail) - self._tail_cap)
        cut = self._cut + over
        if cut:
            self.items.put(self._decoder.decode(b"", final=True))
            self.items.put(f"\n[... {cut:,} of {self._total:,} bytes of output are cut out here ...]\n")
            self._decoder.reset()
        self.items.put(self._decoder.decode(tail[over:], final=True))
        self.items.put(Ended(exit_code))


class Console:
    """The pipe, and the thread that reads it; between blocks, what daemons print is dropped."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._secret = secrets.token_hex(16).encode()
        self._lock = threading.Lock()
        self._block = 0
        self._catch: Catch | None = None
        threading.Thread(target=self._listen, daemon=True).start()

    def open(self, cap: int) -> tuple[int, Catch]:
        """A new block: its number, and where its output arrives."""
        with self._lock:
            self._block += 1
            self._catch = Catch(cap)
            return self._block, self._catch

    def mark(self, block: int) -> str:
        """What a process prints to end the block; its exit code and a record separator (U+001E) follow."""
        return f"\x1e{self._secret.decode()}:{block}:"

    def close(self, block: int, exit_code: int) -> None:
        """Ends the block from this side, behind everything that is in the pipe."""
        os.write(self._write, f"{self.mark(block)}{exit_code}\x1e".encode())

    def writer(self) -> int:
        """A descriptor for one process; where the system can, a description of its own.

        Node sets O_NONBLOCK on what it prints to, and all that share the description then lose output.
        """
        try:
            return os.open(f"/proc/self/fd/{self._write}", os.O_WRONLY)
        except OSError:
            return os.dup(self._write)

    def _listen(self) -> None:
        held = b""
        while data := os.read(self._read, CHUNK):
            with self._lock:
                held = self._take(held + data)

    def _take(self, data: bytes) -> bytes:
        start = b"\x1e" + self._secret
        while (at := data.find(start)) >= 0:
            end = data.find(b"\x1e", at + 1)
            self._add(data[:at])
            if end < 0 and len(data) - at < LONGEST_MARK:
                return data[at:]
            self._finish(data[at + 1 : end if end > 0 else at + LONGEST_MARK])
            data = data[end + 1 if end > 0 else at + LONGEST_MARK :]
        keep = next((n for n in range(min(len(data), len(start) - 1), 0, -1) if data.endswith(start[:n])), 0)
        self._add(data[: len(data) - keep])
        return data[len(data) - keep :]

    def _add(self, data: bytes) -> None:
        if data and self._catch:
            self._catch.add(data)

    def _finish(self, mark: bytes) -> None:
        told = MARK.fullmatch(mark)
        if told and self._catch and int(told[1]) == self._block:
            self._catch.end(int(told[2]))
            self._catch = None
