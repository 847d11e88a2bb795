"""Runs blocks of Python, one a line of its first stdin, in one namespace; also for Pythons older than the program's."""

from __future__ import annotations

import ast
import builtins
import json
import linecache
import os
import signal
import sys
import traceback
import types
from typing import Any, TextIO


def ignore(number: int, frame: Any) -> None:
    """An interrupt between blocks; SIG_IGN would stay on in programs that are started."""


def take_requests() -> TextIO:
    """The request lines, off descriptor 0: what the blocks read from there is at its end."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return requests


def die_with_parent() -> None:
    """Asks Linux to end this process with the worker, also where there is no jail."""
    if sys.platform == "linux":
        try:
            import ctypes

            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
        except (ImportError, OSError, AttributeError):
            pass


def make_scope() -> dict[str, Any]:
    """A fresh `__main__`, as scripts see it, with the workspace first on the path."""
    main = types.ModuleType("__main__")
    # Scripts look for files beside themselves.
    main.__dict__.update(__builtins__=builtins, __file__=os.path.join(os.getcwd(), "block.py"))
    sys.modules["__main__"] = main
    sys.path.insert(0, os.getcwd())
    sys.argv = ["block.py"]
    return main.__dict__


def execute(source: str, name: str, scope: dict[str, Any]) -> None:
    """Runs the block; the value of a last bare expression is shown as a notebook would."""
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, name, "exec", dont_inherit=True), scope)
    if isinstance(last, ast.Expr):
        sys.displayhook(eval(compile(ast.Expression(last.value), name, "eval", dont_inherit=True), scope))


def show(error: BaseException, scope: dict[str, Any]) -> None:
    """Prints the traceback without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals is not scope:
        trace = trace.tb_next
    # The hook in C of 3.11 and 3.12 does not ask linecache for the source lines.
    own = sys.excepthook is sys.__excepthook__
    (traceback.print_exception if own else sys.excepthook)(type(error), error, trace)


def run(source: str, name: str, scope: dict[str, Any]) -> int:
    """Runs the block and tells its exit code; SystemExit goes on, and ends the process as it would a script."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        execute(source, name, scope)
        return 0
    except SystemExit:
        raise
    except KeyboardInterrupt as error:
        signal.signal(signal.SIGINT, ignore)
        show(error, scope)
        return 130
    except BaseException as error:  # noqa: BLE001 - whatever the block raises is its result
        show(error, scope)
        return 1
    finally:
        signal.signal(signal.SIGINT, ignore)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass


def serve() -> None:
    """One block after the other, until stdin ends."""
    requests = take_requests()
    home = os.getpid()
    printed = os.dup(1)
    die_with_parent()
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, signal.default_int_handler)
    streams: Any = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    scope = make_scope()
    for line in requests:
        request = json.loads(line)
        sys.stdout, sys.stderr = streams  # the last block may have left its own
        exit_code = run(request["code"], request["name"], scope)
        if os.getpid() != home:  # the block has forked, and this is the child
            os._exit(exit_code)
        os.write(printed, "{}{}\x1e".format(request["mark"], exit_code).encode())


if __name__ == "__main__":
    serve()
