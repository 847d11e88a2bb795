"""Every test has user folders of its own, and nothing that a test started outlives the session."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
import psutil
import pytest
from xdist.scheduler import LoadScopeScheduling

from config.settings import Settings

USER_CACHE = platformdirs.user_cache_path()
"""The real one, taken before any test: live tests find the weights there."""
FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_RUNTIME_DIR": "run",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "WIN_PD_OVERRIDE_APPDATA": "roaming",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA": "local",
}
PATIENCE = float(os.environ.get("TESTS_PATIENCE", "30"))
"""Seconds in which what the tests started may end."""
PREFIXES = ("COMMANDER_", "OLLAMA_", "OPENAI_", "XDG_")
UNSET = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", *(name.upper() for name in Settings.model_fields)}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The tests of a file run one after the other in one process, and so do all that need the whole machine."""
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _scope
    return scheduler


def _scope(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return "live" if "live" in file.split("/") else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Live tests come last: what is quick to fail fails first."""
    items.sort(key=lambda item: item.get_closest_marker("live") is not None)


@pytest.fixture(autouse=True)
def user(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The home folder of the test's own user, who has set nothing."""
    home = tmp_path_factory.mktemp("user")
    for name in os.environ:
        if name.startswith(PREFIXES) or name in UNSET:
            monkeypatch.delenv(name)
    for name, folder in FOLDERS.items():
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(home / folder))
    if request.node.get_closest_marker("live"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(USER_CACHE))
    return home


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Where the tests run in the background SIGINT is ignored, and what they start would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end no process is left: neither a child of ours, nor an orphan that lives in a test's home."""
    yield
    homes = f"{tmp_path_factory.getbasetemp()}{os.sep}"
    deadline = time.monotonic() + PATIENCE
    while (left := _left(homes)) and time.monotonic() < deadline:
        time.sleep(0.1)
    names = [f"{process.pid} {_command(process)}" for process in left]
    for process in left:
        process.kill()
    assert not names, "processes left by the tests"


def _left(homes: str) -> list[psutil.Process]:
    """Running processes that are our descendants or whose HOME is a test's."""
    ours = set(psutil.Process().children(recursive=True))
    ours |= {p for p in psutil.process_iter() if p.pid != os.getpid() and _home(p).startswith(homes)}
    return [process for process in ours if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def _home(process: psutil.Process) -> str:
    try:
        environment = process.environ()
    except (psutil.Error, OSError):
        return ""
    return environment.get("HOME") or environment.get("USERPROFILE") or ""


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return process.name()
