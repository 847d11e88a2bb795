"""A test sees a user of its own, and what it leaves behind fails the session."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil

from config import folders

ROOT = Path(__file__).parents[2]
LEAVES_A_CHILD_AND_AN_ORPHAN = """
import subprocess, sys
SLEEP = "import time; time.sleep(60)"
def test_leaves_a_child():
    subprocess.Popen([sys.executable, "-c", SLEEP])
def test_leaves_an_orphan():
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)"
    subprocess.run([sys.executable, "-c", parent], check=True)
"""
IN_ORDER = """
import pytest
@pytest.mark.live
def test_a(): pass
def test_b(): pass
"""


def session(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """A pytest session of its own, with our conftest."""
    file = folder / "test_it.py"
    file.write_text(source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-n0",
        "-p",
        "tests.conftest",
        "-c",
        str(ROOT / "pyproject.toml"),
        str(file),
    ]
    command += ["--basetemp", str(folder / "temp"), "-p", "no:cacheprovider"]
    quick = os.environ | {"TESTS_PATIENCE": "3"}
    return subprocess.run(command, cwd=folder, env=quick, stdout=subprocess.PIPE, encoding="utf-8", timeout=60)


def test_process_left_behind_fails_the_session_and_ends(tmp_path: Path) -> None:
    done = session(tmp_path, LEAVES_A_CHILD_AND_AN_ORPHAN)
    assert done.returncode == 1
    assert len(set(re.findall(r"\d+ \S+ -c import time; time.sleep", done.stdout))) == 2
    homes = [each.info["environ"] or {} for each in psutil.process_iter(["environ"]) if each.pid != os.getpid()]
    assert not [home for home in homes if home.get("HOME", "").startswith(f"{tmp_path}{os.sep}")]


def test_live_tests_come_last(tmp_path: Path) -> None:
    lines = [line for line in session(tmp_path, IN_ORDER).stdout.splitlines() if "PASSED" in line]
    assert [line.split()[0].rpartition("::")[2] for line in lines] == ["test_b", "test_a"]


def test_folders_are_the_tests_own(user: Path) -> None:
    assert Path.home() == user
    assert all(folder.is_relative_to(user) for folder in (folders.cache(), folders.state(), folders.settings_folder()))


def test_nothing_is_set() -> None:
    assert not [name for name in os.environ if name.startswith(("COMMANDER_", "OLLAMA_")) or name == "DEFAULT_MODEL"]
