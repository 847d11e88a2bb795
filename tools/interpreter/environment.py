"""The environment of generated code: made up, nothing of the host's leaks into it."""

import os
import shutil
import sys
from pathlib import Path

WINDOWS_NEEDS = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "PROGRAMFILES", "PROGRAMDATA")


def clean_environment(python: Path, home: str) -> dict[str, str]:
    """The variables of the worker and all that it starts."""
    node = shutil.which("node")
    folders = [str(python.parent), *([str(Path(node).parent)] if node else []), *system_folders()]
    made_up = {
        "PATH": os.pathsep.join(dict.fromkeys(folders)),
        "HOME": home,
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "MPLBACKEND": "Agg",
        # The environment is read-only here: pandas would compile anew for each program (0.8 s).
        "PYTHONPYCACHEPREFIX": str(Path(home) / "bytecode"),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }
    if sys.platform == "win32":
        made_up |= {name: value for name in WINDOWS_NEEDS if (value := windows_variable(name))}
        made_up |= {"USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home, "TEMP": home, "TMP": home}
    return made_up


def windows_variable(name: str) -> str:
    """A variable without which Windows starts no program; no setting of ours."""
    return os.environ.get(name, "")  # noqa: TID251 - see above


def system_folders() -> list[str]:
    """Where the system's own programs are."""
    if sys.platform == "win32":
        root = windows_variable("SYSTEMROOT") or r"C:\Windows"
        system = rf"{root}\System32"
        return [system, root, rf"{system}\WindowsPowerShell\v1.0", rf"{system}\OpenSSH"]
    homebrew = ["/opt/homebrew/bin"] if sys.platform == "darwin" else []
    return [*homebrew, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
