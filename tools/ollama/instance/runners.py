"""The processes in which a server on this machine holds its models."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psutil

from tools.ollama.server import Server

Runners = frozenset[tuple[int, float]]
"""Process ids with their start times: an id may be given again."""


def runners(server: Server, weights: str = "") -> Runners:
    """Those that can be seen, those with `weights` in their command line alone where there are such."""
    found = {process: _line(process) for process in _processes(server) if server.local}
    models = {process: line for process, line in found.items() if line[1:2] != ["runner"] or "--model" in line}
    own = [process for process, line in models.items() if weights and weights in " ".join(line)]
    return frozenset((process.pid, process.create_time()) for process in own or models)


def _processes(server: Server) -> Iterator[psutil.Process]:
    address = urlsplit(server.base_url)
    pid = _listener(address.port or 80)
    try:
        if pid is None:  # a service of another user: its sockets are hidden, its command lines are not
            yield from (
                p for p in psutil.process_iter() if "ollama" in p.name().lower() and _line(p)[1:2] == ["runner"]
            )
        elif pid != os.getpid():
            yield from (p for p in psutil.Process(pid).children(recursive=True) if p.pid != os.getpid())
    except psutil.Error:
        return


def _listener(port: int) -> int | None:
    try:
        return next((each.pid for each in psutil.net_connections("tcp") if _listens(each, port)), None)
    except psutil.Error:  # macOS shows them to root alone
        return next((process.pid for process in psutil.process_iter() if _has_listener(process, port)), None)


def _has_listener(process: psutil.Process, port: int) -> bool:
    try:
        return any(_listens(each, port) for each in process.net_connections("tcp"))
    except psutil.Error:
        return False


def _listens(connection: Any, port: int) -> bool:
    return bool(connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port)


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
