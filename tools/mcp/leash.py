"""`python -I leash.py COMMAND [ARGUMENT...]`: runs a server that speaks over standard input and output, and holds it.

It knows nothing of the program. What it adds: the server and all that it started end when our program is gone (a
browser lived on for ten minutes after a SIGKILL); a line of more than 32 MB ends the server, since who reads it would
hold it in memory twice; of what it writes to standard error only the first megabyte is kept.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import IO

LINE = 32_000_000
WORDS = 1_000_000
PERIOD = 0.5
GRACE = 1.0


def main(command: list[str]) -> int:
    """Run it; its exit code."""
    program = shutil.which(command[0])
    if program is None:
        sys.stderr.write(f"{command[0]} is not there\n")
        return 127
    signal.signal(signal.SIGTERM, lambda *_: None)  # what is asked to end is the server; this ends after it
    guard()
    server = subprocess.Popen([program, *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    threading.Thread(target=watch, args=(server, os.getppid()), daemon=True).start()
    threading.Thread(target=follow, args=(server,), daemon=True).start()
    errors = threading.Thread(target=keep, args=(server.stderr,), daemon=True)
    errors.start()
    if not hand_on(server.stdout):
        _write(2, f"a line of more than {LINE} bytes\n".encode())
        end(server)
    errors.join(1)
    return server.wait()


def guard() -> None:
    """Fork a process that ends the session when this one is killed: asyncio kills what it started, and only that."""
    if sys.platform == "win32" or os.getpgid(0) != os.getpid():
        return
    alive, held = os.pipe()  # closed by our end, whatever that is; what we start does not inherit it
    if os.fork():
        os.close(alive)
        return
    os.close(held)
    for stream in (0, 1, 2):
        os.close(stream)
    os.read(alive, 1)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)


def hand_on(source: IO[bytes] | None) -> bool:
    """Copy what the server says until it is silent; False as soon as a line is too long."""
    length = 0
    while source and (data := os.read(source.fileno(), 65536)):
        last = data.rfind(b"\n")
        length = length + len(data) if last < 0 else len(data) - last - 1
        if length > LINE:
            return False
        try:
            _write(1, data)
        except OSError:  # nobody reads any more
            return True
    return True


def keep(source: IO[bytes] | None) -> None:
    """Copy the beginning of what the server complains of, and read the rest, so that it does not wait."""
    room = WORDS
    while source and (data := os.read(source.fileno(), 65536)):
        if room > 0:
            _write(2, data[:room])
        room -= len(data)


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def follow(server: "subprocess.Popen[bytes]") -> None:
    """When the server has ended, end what it left behind."""
    server.wait()
    if sys.platform != "win32" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGTERM)


def watch(server: "subprocess.Popen[bytes]", parent: int) -> None:
    """End the server when our program is gone (on Windows a job object of the SDK does that)."""
    while sys.platform != "win32" and os.getppid() == parent:
        time.sleep(PERIOD)
    if sys.platform != "win32":
        time.sleep(GRACE)  # its standard input is closed by now: it may end by itself
        end(server)


def end(server: "subprocess.Popen[bytes]") -> None:
    """End the server; where this is a session of its own, with all that it started, this program among them."""
    if sys.platform != "win32" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGTERM)
        time.sleep(GRACE)
        os.killpg(0, signal.SIGKILL)
    server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
