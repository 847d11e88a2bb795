"""Which Python runs the blocks, and what it needs to be seen."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from config.errors import UsageError
from tools.folder import Folder

EXECUTABLE = Path("Scripts/python.exe") if sys.platform == "win32" else Path("bin/python")


@dataclass(frozen=True)
class Python:
    """An interpreter, and the folders that it lives in."""

    executable: Path
    folders: tuple[Path, ...]
    note: str = ""


def own_python() -> Python:
    """The program's own: pandas, numpy and matplotlib are there."""
    folders = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    return Python(Path(sys.executable), tuple(sorted(folders)))


def choose_python(asked: Path | None, workspace: Path) -> Python:
    """The one that the user names, else the workspace's `.venv`, else the program's own."""
    if asked is not None:
        found = find_python(asked.absolute())
        if found is None:
            raise UsageError(
                f"{asked} is no Python that can be taken into the jail",
                "name the real one: python -c 'import sys; print(sys.executable)'",
            )
        return found
    local = workspace / ".venv" / EXECUTABLE
    if not os.path.lexists(local):
        return own_python()
    own = own_python()
    note = f"{local} is not usable in the jail; the program's own Python runs the blocks"
    return find_python(local) or Python(own.executable, own.folders, note)


def find_python(executable: Path) -> Python | None:
    """The interpreter with its folders, read off the disk and never run: generated code can write in a workspace."""
    try:
        return read_python(executable)
    except (OSError, RuntimeError, ValueError):  # links in a ring, names without an end or with a zero byte
        return None


def read_python(executable: Path) -> Python | None:
    """The same where the disk holds what it should."""
    prefix = executable.parent.parent
    folders = [prefix, executable.resolve().parent.parent]
    lines = read_config(prefix).splitlines()
    settings = dict(line.replace(" ", "").split("=", 1) for line in lines if "=" in line)
    if "home" in settings:
        home = Path(settings["home"])
        folders.append(home.parent if sys.platform != "win32" else home)
    bases = folders[1:] if lines else folders
    if not executable.is_file() or not all(is_installation(base) for base in bases):
        return None
    return Python(executable, tuple(dict.fromkeys(folders)))


def read_config(prefix: Path) -> str:
    """The text of `pyvenv.cfg`, empty where there is none: no FIFO is waited for, and no device read."""
    try:
        with Folder.at(prefix) as folder, folder.file("pyvenv.cfg") as file:
            return file.read(100_000).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def is_installation(base: Path) -> bool:
    """Whether a Python lives in the folder, and nothing that is none of its business."""
    base, home = base.resolve(), Path.home().resolve()
    library = base / "Lib" if sys.platform == "win32" else base / "lib"
    found = [*library.glob("python3*/os.py"), library / "os.py"]
    return any(file.is_file() for file in found) and base not in {home, *home.parents} - {Path("/usr")}
