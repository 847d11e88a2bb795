"""First program in a rival's jail: relays Ollama's own address to the proxy's socket, then runs the rival.

`python -I within.py SOCKET RUNNER MODEL`, the task on standard input. The runner's `run(task, model)` gives what it
claims and its answer: the exit code, 0 for done, and standard output. Whatever a rival prints is its log.
"""

import asyncio
import os
import resource
import runpy
import sys
import threading
import traceback

PORT = 11434
LARGEST = 1 << 30
"""Bytes of a file."""


def main() -> None:
    """Open the way, then run; threads that the rival leaves are not waited for."""
    door, runner, model = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    is_open = threading.Event()
    threading.Thread(target=lambda: asyncio.run(relay(door, is_open)), daemon=True).start()
    is_open.wait()
    try:
        claimed, answer = runpy.run_path(runner)["run"](sys.stdin.read(), model)
    except BaseException:  # noqa: BLE001 - also the exit of a program that was meant for the command line
        traceback.print_exc()
        claimed, answer = False, ""
    print(answer, file=answers, flush=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if claimed else 1)


async def relay(door: str, is_open: threading.Event) -> None:
    """Join each connection to the port with one to the socket."""

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(door)
        await asyncio.gather(copy(reader, back), copy(there, writer))

    async with await asyncio.start_server(join, "127.0.0.1", PORT) as server:
        is_open.set()
        await server.serve_forever()


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """All that comes, as it comes."""
    try:
        while part := await source.read(65536):
            target.write(part)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()


if __name__ == "__main__":
    main()
