"""Public servers, installed on demand into the real cache folders of uv and npm, at pinned versions."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.conftest import USER_CACHE

_OFFLINE = re.compile(
    r"error sending request|dns error|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|CERT|network", re.IGNORECASE
)
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
        unavailable(what, done.stderr.decode(errors="replace"))


def unavailable(what: str, why: str) -> NoReturn:
    """Skip the test by name where the registry cannot be reached; whatever else went wrong is a failure."""
    if _OFFLINE.search(why):
        pytest.skip(f"{what} cannot be fetched here: {why[-300:]}")
    pytest.fail(f"{what} cannot be installed: {why[-300:]}")
