"""The line to the parent: one JSON object a line, on descriptors that nothing else in this process holds."""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any


class Channel:
    """Takes stdin and stdout for itself; whatever prints from now on prints to stderr."""

    def __init__(self, at_end: Callable[[], None]) -> None:
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._at_end = at_end
        self._input = os.dup(0)
        self._output = os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        # Open Interpreter prints to stdout.
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with os.fdopen(self._input, encoding="utf-8") as lines:
            for line in lines:
                self._requests.put(json.loads(line))
        self._at_end()  # the parent has closed the line, or died

    def next_request(self) -> dict[str, Any]:
        """Waits for the parent's next request."""
        return self._requests.get()

    def send(self, **message: object) -> None:
        """One message to the parent."""
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self._output, data) :]
