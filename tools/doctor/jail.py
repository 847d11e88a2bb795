"""Where generated code runs: the jail, its limits, and the programs that run the blocks."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from config.errors import UsageError
from config.settings import Settings
from tools.doctor.check import Check, broken, ok, quoted, warning
from tools.interpreter.cgroup import ControlGroup
from tools.interpreter.jail import Jail, NoJail
from tools.interpreter.pythons import choose_python
from tools.interpreter.watchdog import BUSY

INSTALLERS = {"apt-get": "install nodejs", "dnf": "install nodejs", "pacman": "-S nodejs", "apk": "add nodejs"}
INSTALLERS |= {"zypper": "install nodejs"}
_ASKED = "without it each block of code is asked for, and a script gets nothing done"


def jail(found: Path | NoJail) -> Check:
    """Whether a full jail starts here."""
    if isinstance(found, Path):
        return ok("jail", f"bubblewrap starts a full one: {found}")
    state = broken if sys.platform == "linux" else warning  # elsewhere nothing can be mended
    return state("jail", f"{found.what}; {_ASKED}", found.remedy)


def limits(given: Settings) -> Check:
    """What holds code to its memory and its number of processes."""
    wanted = f"{given.commander_memory_mb} MB of memory, {given.commander_processes} processes"
    total = psutil.virtual_memory().total >> 20
    if given.commander_memory_mb > total:
        seen = f"code may take {given.commander_memory_mb} MB, but this machine has {total}"
        return warning("limits", seen, f"COMMANDER_MEMORY_MB={total // 2}")
    if grouped(given):
        return ok("limits", f"{wanted}: held by the kernel (a control group)")
    return ok("limits", f"{wanted}: held by a look each {BUSY} s and a limit a process (no control group may be made)")


def grouped(given: Settings) -> bool:
    """Whether a control group can be made; it is removed at once."""
    if sys.platform != "linux":
        return False
    group = ControlGroup.make(memory_mb=given.commander_memory_mb, processes=given.commander_processes)
    if group:
        group.remove()
    return group is not None


def python(given: Settings, workspace: Path) -> Check:
    """Which Python runs the blocks."""
    named = given.commander_python
    try:
        found = choose_python(Path(shutil.which(named) or named) if named else None, workspace)
    except UsageError as error:
        return broken("code's Python", f"COMMANDER_PYTHON: {error.what}", error.remedy)
    if found.note:
        return warning("code's Python", found.note, f"ls -l {quoted(workspace / '.venv')}")
    return ok("code's Python", str(found.executable))


def node(found: Path | NoJail, place: str | None = None) -> Check:
    """Whether JavaScript blocks can run, tried in the jail itself: a snap or a shim starts outside alone."""
    place = place or shutil.which("node")
    if place is None:
        return warning("node", "not there: JavaScript blocks cannot run, Python and shell can", install_node())
    command = [place, "--version"]
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        if isinstance(found, Path):
            jail = Jail(Path(folder).resolve(), shown=[Path(place)])
            command = [*jail.command(found, {"PATH": str(Path(place).parent)}), *command]
        try:
            tried = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=20)
            code, said = tried.returncode, " ".join((tried.stdout or tried.stderr).split())[:200]
        except (OSError, subprocess.TimeoutExpired) as error:
            code, said = 1, str(error)
    where = "in the jail" if isinstance(found, Path) else "here"
    if code:
        return warning("node", f"{place} does not start {where}: {said or f'exit code {code}'}", install_node())
    return ok("node", f"{place} starts {where}: {said}")


def install_node() -> str:
    """The command for this system."""
    if sys.platform == "win32":
        return "winget install OpenJS.NodeJS.LTS"
    if sys.platform == "darwin":
        return "brew install node"
    name = next(filter(shutil.which, INSTALLERS), "apt-get")
    return f"sudo {name} {INSTALLERS[name]}"
