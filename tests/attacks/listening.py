"""Programs of the host that wait for someone to come."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def listening(server: socket.socket) -> Iterator[list[str]]:
    """Who came to the socket, or what was said to it; closed at the end."""
    came: list[str] = []
    stream = server.type == socket.SOCK_STREAM
    if stream:
        server.listen()
    server.settimeout(0.05)
    stop = threading.Event()

    def wait() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                if stream:
                    server.accept()[0].close()
                    came.append("somebody")
                else:
                    came.append(repr(server.recv(1000)))

    with server:
        thread = threading.Thread(target=wait)
        thread.start()
        try:
            yield came
        finally:
            stop.set()
            thread.join()


@contextmanager
def bound(place: Path, kind: int = socket.SOCK_STREAM) -> Iterator[list[str]]:
    """The same for a Unix socket at that place; however long its path is."""
    server = socket.socket(socket.AF_UNIX, kind)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        server.bind(f"/proc/self/fd/{folder}/{place.name}")
    finally:
        os.close(folder)
    with listening(server) as came:
        yield came


@contextmanager
def reading(fifo: Path) -> Iterator[list[str]]:
    """What is written to a FIFO."""
    os.mkfifo(fifo)
    said: list[str] = []
    stop = threading.Event()
    reader = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)

    def wait() -> None:
        while not stop.wait(0.05):
            with suppress(BlockingIOError):
                said.append(repr(os.read(reader, 1000)))

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join()
        os.close(reader)
