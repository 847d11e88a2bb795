"""A file of JSON lines that stays readable whatever ends its writer."""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.redaction import redacted

Record = dict[str, Any]


class Journal:
    """Appends records, each with its time, for its owner alone to read.

    A line is written at once, so that the end of the process loses none; `sync` also guards it against a power cut.
    """

    def __init__(self, file: Path, hide: Callable[[str], str]) -> None:
        """Raises OSError: it cannot be written."""
        self._hide = hide
        self._lock = threading.Lock()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        self._fd = os.open(file, flags, 0o600)

    def write(self, record: Mapping[str, Any], *, sync: bool = False) -> None:
        """Append one record, whole or not at all; `kind` comes first in the line.

        Raises:
            OSError: it could not be written, as on a full disk.
        """
        plain = redacted({**record, "at": round(time.time(), 3)}, self._hide)
        line = json.dumps(plain, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace") + b"\n"
        with self._lock:
            size = os.fstat(self._fd).st_size
            try:
                left = memoryview(line)
                while left:
                    left = left[os.write(self._fd, left) :]
            except OSError:
                with suppress(OSError):
                    os.ftruncate(self._fd, size)
                raise
            if sync:
                os.fsync(self._fd)

    def close(self) -> None:
        """Write nothing more."""
        os.close(self._fd)


def records(file: Path) -> tuple[list[Record], int]:
    """The records, and how many lines could not be read: the last one where its writer was killed over it.

    Raises:
        OSError: the file is gone, or not ours to read.
    """
    found, broken = [], 0
    for line in file.read_bytes().split(b"\n"):
        if not line:
            continue
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if isinstance(record, dict) and "kind" in record:
            found.append(record)
        else:
            broken += 1
    return found, broken


def mend(file: Path) -> bool:
    """Drop a last line that was not written to its end; whether there was one.

    Raises:
        OSError: the file cannot be written.
    """
    data = file.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(file, whole)
    return whole < len(data)
