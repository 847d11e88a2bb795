"""Whether the examples of a task hold in a module: a program of its own in the jail, in the user's own Python."""

from __future__ import annotations

import importlib
import json
import math
import os
import sys
import threading
from collections.abc import Sequence

SECONDS = 10.0
"""That an example may take."""


def holds(call: str, wanted: str, right: bool, names: dict[str, object]) -> bool:
    """Whether a call gives what is wanted, or, where that is not `right`, anything else; if not, it is printed."""
    late = threading.Timer(SECONDS, end, [f"{call} does not end within {SECONDS:g} s"])
    late.daemon = True
    late.start()
    got: object
    try:
        got = eval(call, {"math": math, **names})
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is not our code
        got = error
    finally:
        late.cancel()
    value = eval(wanted)
    should = ", should raise " if isinstance(value, type) else ", should give "
    close = isinstance(value, type) and isinstance(got, value)
    close |= isinstance(got, float) and isinstance(value, (int, float)) and math.isclose(got, value, rel_tol=1e-6)
    if bool(got == value or close) != right:
        print(call, "gives", repr(got) + (should + wanted if right else ", which is the mistake"))
        return False
    return True


def end(why: str) -> None:
    """End the process, whatever its main thread does."""
    print(why, flush=True)
    os._exit(1)


def main(folder: str, name: str, examples: Sequence[tuple[str, str, bool]]) -> None:
    """Print which examples (call, what it should give, whether it should) do not hold; exit code 1 if there are any."""
    sys.path[:1] = [os.path.abspath(folder), os.getcwd()]  # a function may import from either when it is called
    names = vars(importlib.import_module(name))
    held = [holds(call, wanted, right, names) for call, wanted, right in examples]
    sys.exit(not all(held))


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
