"""Snapshots of real folders: what changed is told, what was is brought back, nothing outside is touched."""

import os
import random
import shutil
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import tools.snapshot
from tools.snapshot import NOTHING, Changes, Snapshots

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


@pytest.fixture
def snapshots(root: Path) -> Snapshots:
    return Snapshots(root, root.parent / "store")


def write(root: Path, contents: dict[str, str]) -> None:
    for name, content in contents.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode())


def state(root: Path) -> dict[str, tuple[int, str]]:
    """Everything below a folder: kind and permissions (of files), and content."""
    found = {}
    for place in sorted(root.rglob("*")):
        mode = place.lstat().st_mode
        content = str(place.readlink()) if stat.S_ISLNK(mode) else place.read_text("latin-1") if place.is_file() else ""
        found[str(place.relative_to(root))] = (mode if stat.S_ISREG(mode) else stat.S_IFMT(mode), content)
    return found


def test_changes_are_named(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a.txt": "a", "b.txt": "b", "c/d.txt": "d", "same.txt": "same"})
    before = snapshots.take()
    write(root, {"a.txt": "A", "new.txt": "new"})
    (root / "b.txt").unlink()
    (root / "c" / "d.txt").rename(root / "c" / "e.txt")
    changes = snapshots.diff(before, snapshots.take())
    assert changes == Changes(("c/e.txt", "new.txt"), ("a.txt",), ("b.txt", "c/d.txt"), (("c/d.txt", "c/e.txt"),))
    assert changes
    assert not snapshots.diff(before, before)
    assert snapshots.diff(before, before) == NOTHING


def test_empty_folders_are_changes_too(root: Path, snapshots: Snapshots) -> None:
    write(root, {"full/a": "a"})
    (root / "old").mkdir()
    before = snapshots.take()
    (root / "old").rmdir()
    (root / "new" / "inner").mkdir(parents=True)
    (root / "full" / "a").unlink()
    assert snapshots.diff(before, snapshots.take()) == Changes(("new/inner/",), (), ("full/a", "old/"))


def test_a_change_of_same_size_and_time_is_seen(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a.txt": "one"})
    before = snapshots.take()
    times = (root / "a.txt").stat()
    write(root, {"a.txt": "two"})
    os.utime(root / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert snapshots.diff(before, snapshots.take()).changed == ("a.txt",)


@posix
def test_restore_brings_everything_back(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a.txt": "a", "c/d.txt": "d", "gone/deep/e.txt": "e", "script.sh": "#!/bin/sh\n", "both": "file"})
    (root / "bytes").write_bytes(bytes(range(256)) * 100)
    (root / "empty").mkdir()
    (root / "script.sh").chmod(0o750)
    (root / "private").write_text("x", encoding="utf-8")
    (root / "private").chmod(0o600)
    (root / "link").symlink_to("a.txt")
    (root / "dangling").symlink_to("../nowhere")
    wanted = state(root)
    before = snapshots.take()
    write(root, {"a.txt": "changed", "c/new.txt": "new", "new/x/y": "new"})
    shutil.rmtree(root / "gone")
    (root / "empty").rmdir()
    (root / "script.sh").chmod(0o644)
    (root / "private").unlink()
    (root / "link").unlink()
    (root / "link").write_text("no link", encoding="utf-8")
    (root / "dangling").unlink()
    (root / "both").unlink()
    write(root, {"both/folder": "now"})
    (root / "c" / "d.txt").unlink()
    (root / "c" / "d.txt").symlink_to("new.txt")
    os.mkfifo(root / "fifo")
    assert snapshots.restore(before) == []
    assert state(root) == wanted
    assert snapshots.take().id == before.id


def test_restore_goes_forward_as_well(root: Path, snapshots: Snapshots) -> None:
    before = snapshots.take()
    write(root, {"a/b": "1"})
    after = snapshots.take()
    snapshots.restore(before)
    assert state(root) == {}
    snapshots.restore(after)
    assert (root / "a" / "b").read_text(encoding="utf-8") == "1"


def test_restore_works_on_an_emptied_workspace_in_a_later_process(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a.txt": "a", "b/c.txt": "c"})
    wanted, identity = state(root), snapshots.take().id
    shutil.rmtree(root)
    root.mkdir()
    later = Snapshots(root, root.parent / "store")
    assert later.restore(later.load(identity)) == []
    assert state(root) == wanted


@posix
def test_nothing_is_read_or_written_through_links(root: Path, snapshots: Snapshots) -> None:
    outside = root.parent / "outside"
    write(outside, {"secret": "secret", "a.txt": "outside"})
    write(root, {"folder/a.txt": "inside", "secret": "mine"})
    before = snapshots.take()
    shutil.rmtree(root / "folder")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "secret").unlink()
    (root / "secret").symlink_to(outside / "secret")
    after = snapshots.take()
    assert f"+{outside / 'secret'}\n" in snapshots.unified(before, after, "secret")  # of a link: where it leads
    assert snapshots.diff(before, after) == Changes((), ("folder", "secret"), ("folder/a.txt",))
    assert snapshots.restore(before) == []
    assert (root / "folder" / "a.txt").read_text(encoding="utf-8") == "inside"
    assert state(outside) == {"a.txt": state(outside)["a.txt"], "secret": state(outside)["secret"]}
    assert (outside / "secret").read_text(encoding="utf-8") == "secret"
    assert (outside / "a.txt").read_text(encoding="utf-8") == "outside"


@posix
def test_restore_writes_nothing_outside_while_folders_are_swapped(root: Path, snapshots: Snapshots) -> None:
    outside = root.parent / "outside"
    write(outside, {"keep": "keep"})
    write(root, {"a/keep": "mine", "a/other": "mine"})
    before = snapshots.take()
    (root / "link").symlink_to(outside, target_is_directory=True)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            try:
                Path(root / "a").rename(root / "b")
                (root / "a").symlink_to(outside, target_is_directory=True)
                (root / "a").unlink()
                Path(root / "b").rename(root / "a")
            except OSError:
                continue

    thread = threading.Thread(target=swap)
    thread.start()
    for _ in range(200):
        snapshots.restore(before)
        snapshots.take()
    stop.set()
    thread.join()
    assert sorted(each.name for each in outside.iterdir()) == ["keep"]
    assert (outside / "keep").read_text(encoding="utf-8") == "keep"


def test_what_is_not_covered_is_named_and_left_alone(
    root: Path, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools.snapshot, "FILE_BYTES", 10)
    monkeypatch.setattr(tools.snapshot, "TOTAL_BYTES", 25)
    write(
        root,
        {
            ".git/config": "git",
            "node_modules/x": "x",
            "a": "1234567890",
            "big": "12345678901",
            "c": "1234567890",
            "d": "123456",
        },
    )
    (root / "fits").write_bytes(b"12345")
    before = snapshots.take()
    assert before.uncovered == [".git", "big", "d", "node_modules"]
    write(root, {".git/config": "other", "big": "other", "new": "1", "venv/x": "x", "made/big": "12345678901"})
    changes = snapshots.diff(before, snapshots.take())
    assert changes == Changes(("made/big", "new", "venv"), ("big",))
    assert snapshots.restore(before) == ["big"]  # the jail has it read-only
    assert sorted(each.name for each in root.iterdir()) == [".git", "a", "big", "c", "d", "fits", "node_modules"]
    assert (root / ".git" / "config").read_text(encoding="utf-8") == "other"


def test_caches_are_no_changes(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a/b.py": "x"})
    wanted, before = state(root), snapshots.take()
    write(root, {"__pycache__/a.pyc": "x", "a/__pycache__/b.pyc": "x", ".pytest_cache/x": "x"})
    assert snapshots.diff(before, snapshots.take()) == NOTHING
    snapshots.restore(before)
    assert state(root) == wanted


@posix
def test_special_files_are_told_and_do_not_block(
    root: Path, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshots.take()
    monkeypatch.chdir(root)
    os.mkfifo("fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        after = snapshots.take()
    assert snapshots.diff(before, after).added == ("fifo", "socket")
    assert after.uncovered == ["fifo", "socket"]
    snapshots.restore(before)
    assert state(root) == {}


@pytest.fixture
def ordinary() -> Iterator[Path]:
    """A folder of an ordinary user, who runs the test: nothing is unreadable for root."""
    with tempfile.TemporaryDirectory() as place:
        if os.geteuid() == 0:
            os.chown(place, 65534, 65534)
            os.seteuid(65534)
            try:
                yield Path(place)
            finally:
                os.seteuid(0)
        else:
            yield Path(place)


@posix
def test_what_is_unreadable_is_not_covered_and_not_lost(ordinary: Path) -> None:
    root = ordinary / "workspace"
    write(root, {"a": "a", "b/c": "c", "d/e": "e"})
    (root / "a").chmod(0)
    (root / "b").chmod(0)
    snapshots = Snapshots(root, ordinary / "store")
    before = snapshots.take()
    assert before.uncovered == ["a", "b"]
    write(root, {"new": "x", "locked/x": "x"})
    (root / "locked").chmod(0o500)
    assert snapshots.diff(before, snapshots.take()) == Changes(("locked/x", "new"))
    assert snapshots.restore(before) == []
    (root / "d").chmod(0o500)
    (root / "d" / "e").write_text("other", encoding="utf-8")
    assert snapshots.restore(before) == ["d/e"]
    for place in (root / "a", root / "b", root / "d"):
        place.chmod(0o700)
    assert sorted(state(root)) == ["a", "b", "b/c", "d", "d/e"]


def test_a_flooded_folder_hides_nothing_from_restore(
    root: Path, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a/b": "b", "z": "z"})
    wanted, before = state(root), snapshots.take()
    for number in range(3000):
        (root / "a" / f"{number}").touch()
    (root / "a" / "b").unlink()
    monkeypatch.setattr("tools.workspace.Workspace.walk.__defaults__", (1000, 50))
    after = snapshots.take()
    assert after.uncovered == ["a"]
    assert snapshots.diff(before, after) == Changes((), ("a",))
    assert snapshots.restore(before) == []
    assert state(root) == wanted
    for number in range(1001):
        (root / f"{number}").touch()
    assert snapshots.take().uncovered == ["."]
    assert snapshots.restore(snapshots.take()) == ["."]
    assert snapshots.restore(before) == []
    assert state(root) == wanted


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems allow UTF-8 alone")
def test_names_of_any_bytes_come_back(root: Path, snapshots: Snapshots) -> None:
    for name in (b"\xff", b"a\nb", b"back\\slash", b"\x1b[31m", "é".encode()):
        (root / os.fsdecode(name)).mkdir()
        (root / os.fsdecode(name) / os.fsdecode(name)).write_bytes(name)
    (root / "link").symlink_to(os.fsdecode(b"\xff"))
    before, wanted = snapshots.take(), {os.fsencode(place) for place in root.rglob("*")}
    assert all(path.isprintable() for path in before.saved)
    shutil.rmtree(root)
    root.mkdir()
    (root / os.fsdecode(b"\xfe")).touch()
    assert snapshots.restore(before) == []
    assert {os.fsencode(place) for place in root.rglob("*")} == wanted


def test_differences_of_text(root: Path, snapshots: Snapshots) -> None:
    write(root, {"a.txt": "one\ntwo\n", "gone": "x\n", "binary": "\0"})
    before = snapshots.take()
    write(root, {"a.txt": "one\nTWO", "new": "n\n", "binary": "\0\0"})
    (root / "gone").unlink()
    after = snapshots.take()
    assert snapshots.unified(before, after, "a.txt") == (
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+TWO\n\\ No newline at end of file\n"
    )
    assert snapshots.unified(before, after, "new") == "--- (none)\n+++ b/new\n@@ -0,0 +1 @@\n+n\n"
    assert snapshots.unified(before, after, "gone") == "--- a/gone\n+++ (none)\n@@ -1 +0,0 @@\n-x\n"
    assert snapshots.unified(before, after, "binary").count("\n") == 1
    assert snapshots.unified(before, before, "a.txt") == ""


def test_files_that_change_while_they_are_read_do_no_harm(root: Path, snapshots: Snapshots) -> None:
    write(root, {"steady": "steady"})
    stop, chance = threading.Event(), random.Random(5)

    def churn() -> None:
        while not stop.is_set():
            place = root / f"d{chance.randrange(3)}"
            place.mkdir(exist_ok=True)
            (place / f"{chance.randrange(20)}").write_bytes(b"x" * chance.randrange(1000))
            if chance.random() < 0.2:
                shutil.rmtree(place, ignore_errors=True)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(100):
            assert "steady" in snapshots.take().saved
    finally:
        stop.set()
        thread.join()


def test_a_second_take_of_2000_files_is_quick(root: Path, snapshots: Snapshots) -> None:
    for number in range(2000):
        (root / f"d{number % 40}").mkdir(exist_ok=True)
        (root / f"d{number % 40}" / f"{number}.txt").write_bytes(random.Random(number).randbytes(4000))
    old = time.time() - 100
    for place in root.rglob("*.txt"):
        os.utime(place, (old, old))
    first = snapshots.take()
    time.sleep(2.1)  # younger files are read again
    snapshots.take()
    start = time.perf_counter()
    assert snapshots.take().id == first.id
    assert time.perf_counter() - start < 10


def test_a_missing_workspace_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Snapshots(tmp_path / "none", tmp_path / "store").take()


def test_an_unknown_snapshot_is_an_error(snapshots: Snapshots) -> None:
    with pytest.raises(KeyError):
        snapshots.load("0" * 40)
