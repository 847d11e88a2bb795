"""The control group of a box; only where this user may make one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.interpreter.bench import Bench
from tools.interpreter.box import Limits
from tools.interpreter.cgroup import NAME, ROOT, ControlGroup, remove_stale
from tools.interpreter.jail import probe


def folders() -> list[Path]:
    return [*ROOT.glob(f"{NAME}*"), *ROOT.glob(f"*/{NAME}*")]


@pytest.fixture
def group() -> ControlGroup:
    made = ControlGroup.make(memory_mb=100, processes=20)
    if made is None:
        pytest.skip("no right to make a control group here")
    return made


def test_its_limits_hold_for_root(group: ControlGroup) -> None:
    code = (
        "import os, sys\nsys.stdin.readline()\nfor _ in range(40):\n    if not os.fork(): sys.stdin.read(); os._exit(0)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    group.admit([child.pid])
    assert not group.crowded()
    _, errors = child.communicate("\n", timeout=30)
    assert "BlockingIOError" in errors and group.crowded()
    group.remove()


def test_memory_is_told(group: ControlGroup) -> None:
    code = "input(); x = b'x' * 200_000_000"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, text=True)
    group.admit([child.pid])
    child.communicate("\n", timeout=30)
    assert child.returncode == -9 and group.starved()
    group.remove()


def test_nothing_is_left_and_what_was_left_is_removed(group: ControlGroup, tmp_path: Path) -> None:
    group.remove()
    stale = [folder.parent / f"{NAME}999999999-1" for folder in group._folders]
    for folder in stale:
        folder.mkdir()
    remove_stale(folder.parent for folder in stale)
    assert not any(folder.exists() for folder in stale)
    with Bench(tmp_path, Limits(), {"jailed": probe() is None}) as bench:
        bench.python("1")
        assert any(f"{NAME}{os.getpid()}-" in folder.name for folder in folders())
    assert not any(f"{NAME}{os.getpid()}-" in folder.name for folder in folders())
