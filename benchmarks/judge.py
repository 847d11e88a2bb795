"""Judges one finished task: run inside the jail, since hidden tests import what a model wrote."""

import json
import sys
from pathlib import Path

from benchmarks.harness.sets import named


def main() -> int:
    """Read `{"task", "answer"}` from standard input; print what is wrong as a JSON list."""
    asked = json.loads(sys.stdin.read())
    (task,) = named([asked["task"]])
    print(json.dumps(task.check(Path.cwd(), asked["answer"])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
