"""Browser-Use in a Python environment of its own: its packages do not fit beside ours."""

import hashlib
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from config import folders
from config.errors import MissingError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def place() -> Path:
    """Where the environment is, or will be: one for each list of packages."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    return folders.cache() / f"browser-use-{digest}"


def present() -> Path | None:
    """The Python of the environment; None where it is not made yet."""
    folder = place()
    return _python(folder) if (folder / "ready").is_file() else None


def made() -> Path:
    """The Python of the environment, made now if need be (250 MB are fetched, once).

    Raises:
        MissingError: uv is missing, or cannot fetch the packages.
    """
    folder = place()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if found := present():
            return found
        uv = folders.uv()
        if uv is None:
            raise MissingError("the browser's packages are fetched by uv, which is not installed", "pip install uv")
        python = _python(folder)
        _run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)])
        _run(
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--system-certs",
                "--no-deps",
                "--python",
                str(python),
                "-r",
                str(REQUIREMENTS),
            ]
        )
        (folder / "ready").touch()
        return python


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command,
        cwd=folders.cache(),  # in a checkout, uv would hold these packages to the pins of its pyproject.toml
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise MissingError(f"the browser's packages cannot be fetched: {said}", "commander mcp test browser")
