"""What a jail must cover in a workspace is found, and what cannot be covered is told."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from config.errors import JailError
from tests.tools.interpreter.bench import Bench
from tools.interpreter import launch
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe
from tools.interpreter.stock import take_stock

pytestmark = pytest.mark.skipif(bool(probe()), reason=probe() or "")


def test_doors_and_files_of_secrets_are_found_and_no_link_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, outside = tmp_path / "w", tmp_path / "outside"
    for folder in (workspace / "a/.git", workspace / "b", outside):
        folder.mkdir(parents=True)
    os.mkfifo(outside / "fifo")
    os.mkfifo(workspace / "b/fifo")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(workspace)
        server.bind("socket")
    (workspace / "b/.env.local").touch()
    (workspace / ".environment").touch()
    (workspace / "door").symlink_to(outside)
    (workspace / ".env").symlink_to(outside / "fifo")
    (workspace / "ring").symlink_to(workspace)
    stock = take_stock(workspace)
    assert sorted(stock.doors) == [workspace / "b/fifo", workspace / "socket"]
    assert sorted(stock.kept) == [workspace / "a/.git", workspace / "b/.env.local"]
    assert stock.whole and not take_stock(workspace, 3).whole


def test_a_workspace_that_is_too_large_to_look_through_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "take_stock", lambda workspace: take_stock(workspace, 2))
    for number in range(3):
        (tmp_path / str(number)).touch()
    with Bench(tmp_path) as bench:
        assert [note for note in bench.box.notes if "more than 500,000 files" in note]


def test_too_many_doors_are_an_error_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "MOST_DOORS", 2)
    for number in range(3):
        os.mkfifo(tmp_path / str(number))
    with pytest.raises(JailError, match=f"holds 3 sockets and pipes.*find {tmp_path}"):
        asyncio.run(Box(tmp_path, Limits()).start())


def test_as_many_doors_as_allowed_can_be_covered(tmp_path: Path) -> None:
    for number in range(launch.MOST_DOORS):
        os.mkfifo(tmp_path / str(number))
    with Bench(tmp_path) as bench:
        code = "import pathlib; print(sum(path.is_char_device() for path in pathlib.Path().iterdir()))"
        assert bench.python(code) == f"{launch.MOST_DOORS}\n"
