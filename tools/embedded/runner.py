"""The child process of one loaded model; started with `python -I`, it knows nothing of the program.

It reads one JSON line of settings, loads, writes one JSON line with its address, and ends when its standard input
does: so it never outlives its parent, on any system, even when that was killed.
"""

import json
import os
import sys
import threading
from typing import Any, NoReturn


def _parameters(settings: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings.pop("model")
    for name in ("cpuparams", "cpuparams_batch"):
        getattr(params, name).n_threads = settings["threads"]
    del settings["threads"]
    for name, value in settings.items():
        if not hasattr(params, name):
            raise AttributeError(f"xllamacpp has no parameter {name}")
        setattr(params, name, value)
    return params


def _end_with_parent() -> NoReturn:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


def main() -> None:
    """Serve one model on a loopback port until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # llama.cpp prints; only our one line goes to the parent
    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Threads that wait must sleep: spinning ones wrote 2 tokens a second instead of 33 beside other busy processes.
    # Not at once, though: a short spin wrote 1.4 times as many on an idle machine, and 0.8 times beside two busy ones.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # noqa: TID251 - libgomp reads it when it is loaded
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")  # noqa: TID251
    import xllamacpp

    try:
        server = xllamacpp.Server(_parameters(settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it
        answer = {"error": str(error) or type(error).__name__}
    else:
        answer = {"address": server.listening_address}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
    if "address" in answer:
        threading.Event().wait()


if __name__ == "__main__":
    main()
