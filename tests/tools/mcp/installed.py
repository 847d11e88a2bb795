"""Public servers, installed on demand into the real cache folders of uv and npm, at pinned versions."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import USER_CACHE

CACHES = {"UV_CACHE_DIR": str(USER_CACHE / "uv"), "NPM_CONFIG_CACHE": str(USER_CACHE / "npm"), "UV_SYSTEM_CERTS": "1"}


def from_pypi(command: str, version: str, *arguments: str, beside: str = "", **more: Any) -> dict[str, Any]:
    """The entry of a Python server; the test is skipped by name where uv is missing."""
    source = ["--from", f"{command}=={version}", *(["--with", beside] if beside else [])]
    _install(command, "uv", "tool", "run", *source, "python", "-c", "")
    return {"command": "uvx", "args": [*source, command, *arguments], **more, "env": {**CACHES, **more.get("env", {})}}


def from_npm(package: str, version: str, *arguments: str, **more: Any) -> dict[str, Any]:
    """The same for a server in JavaScript."""
    _install(package, "npx", "-y", f"--package={package}@{version}", "--", "node", "-e", "")
    return {"command": "npx", "args": ["-y", f"{package}@{version}", *arguments], "env": CACHES, **more}


def _install(what: str, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{what} needs {program}, which is not installed")
    done = subprocess.run([found, *arguments], env={**os.environ, **CACHES}, capture_output=True, cwd=Path.home())
    if done.returncode:
        pytest.fail(f"{what} cannot be installed: {done.stderr.decode(errors='replace')[-300:]}")
