"""Blocking work beside the event loop, and signals into it: neither holds up the program's end."""

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T]) -> "asyncio.Future[T]":
    """The future result of `work`, done in a daemon thread: asyncio's own threads are waited for at exit."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only where T allows it

    def body() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001, handed on to the one who waits
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, result, failure)

    threading.Thread(target=body, daemon=True).start()
    return future


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the run as Ctrl-C does, so that nothing of it stays behind."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name) and sys.platform != "win32"]
    for name in names:
        loop.add_signal_handler(getattr(signal, name), task.cancel)  # type: ignore[union-attr]  # inside a task by contract
    yield
    for name in names:
        loop.remove_signal_handler(getattr(signal, name))
