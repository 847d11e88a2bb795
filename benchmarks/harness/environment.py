"""Pinned packages that are no part of the product, each set in an environment of its own in the user's cache."""

import hashlib
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from config import folders

PINS = Path(__file__).parents[1] / "rivals"


def place(name: str) -> Path:
    """Where the environment for `rivals/NAME.txt` is, or will be; other pins are another place."""
    pins = (PINS / f"{name}.txt").read_bytes()
    return folders.cache() / "benchmarks" / f"{name}-{hashlib.sha256(pins).hexdigest()[:12]}"


def there(name: str) -> bool:
    """Whether the environment was made to its end."""
    return (place(name) / "whole").is_file()


def made(name: str) -> Path:
    """The environment, made on first use."""
    target = place(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not there(name):
            # Away from the checkout: the overrides in its pyproject.toml are the product's.
            uv(target.parent, "venv", "--clear", "--python", sys.executable, str(target))
            pins = ["--no-deps", "--compile-bytecode", "-r", str(PINS / f"{name}.txt")]
            uv(target.parent, "pip", "install", "--python", str(target / "bin" / "python"), *pins)
            (target / "whole").touch()
    return target


def uv(folder: Path, *arguments: str) -> None:
    """Run uv, which tells on the terminal what it does."""
    found = folders.uv()
    if found is None:
        raise SystemExit("uv is not here; next: pip install uv")
    subprocess.run([found, *arguments, "--system-certs"], cwd=folder, check=True)
