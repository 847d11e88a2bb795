"""The processes of `ollama serve` on this machine, and as much of their environment as they let others see."""

import contextlib
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath
from urllib.parse import urlsplit

import psutil

from tools.ollama.server import Server

_ASK = ["systemctl", "show", "ollama", "--property=Environment,MainPID"]


@dataclass(frozen=True)
class Serving:
    """A process of `ollama serve`; `environment` is None where it is another user's; `ports` may stay unseen too."""

    pid: int
    environment: Mapping[str, str] | None
    ports: frozenset[int]


def servings(processes: Iterable[psutil.Process] | None = None) -> list[Serving]:
    """All that run."""
    found = psutil.process_iter() if processes is None else processes
    units = unit_environments()
    return [Serving(each.pid, _environment(each, units), _ports(each)) for each in found if _serves(each)]


def at(server: Server, found: Iterable[Serving]) -> Serving | None:
    """The one behind an address of this machine: by its port, else the only one whose ports are not seen."""
    if not server.local:
        return None
    port = urlsplit(server.base_url).port or 80
    by_port = [each for each in found if port in each.ports]
    unseen = [each for each in found if not each.ports]
    return next(iter(by_port or (unseen if len(unseen) == 1 else [])), None)


def unit_environments() -> dict[int, dict[str, str]]:
    """What systemd gives its unit `ollama`, by process id: told to every user, unlike the process's own."""
    try:
        asked = subprocess.run(_ASK, capture_output=True, encoding="utf-8", errors="replace", timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = dict(line.split("=", 1) for line in asked.stdout.splitlines() if "=" in line)
    pid = lines.get("MainPID", "")
    return {int(pid): dict(_assignments(lines.get("Environment", "")))} if pid.isdigit() and pid != "0" else {}


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(ValueError):
        for word in shlex.split(text):
            name, sign, value = word.partition("=")
            if sign:
                yield name, value


def _serves(process: psutil.Process) -> bool:
    try:
        line = process.cmdline()
    except psutil.Error:
        return False
    # PureWindowsPath takes both kinds of slashes.
    return line[1:2] == ["serve"] and PureWindowsPath(line[0]).stem.lower() == "ollama"


def _environment(process: psutil.Process, units: Mapping[int, Mapping[str, str]]) -> Mapping[str, str] | None:
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return units.get(process.pid)


def _ports(process: psutil.Process) -> frozenset[int]:
    try:
        found = process.net_connections("tcp")
    except (psutil.Error, OSError):
        return frozenset()
    return frozenset(each.laddr.port for each in found if each.status == psutil.CONN_LISTEN and each.laddr)
