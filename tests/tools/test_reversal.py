"""What code changed is put back in real folders; what others changed since is a conflict."""

import os
from pathlib import Path

import pytest

from tests.tools.test_snapshot import state, write
from tools.reversal import Move, Reversal, changes, reversal
from tools.snapshot import Snapshots


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    write(tmp_path / "workspace", {"a.txt": "a", "b.txt": "b", "in/c.txt": "c", "mine.txt": "mine"})
    return tmp_path / "workspace"


class Past:
    """A folder, and the moves that code made in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.snapshots = Snapshots(root, root.parent / "store")
        self.moves: list[Move] = []

    def move(self, contents: dict[str, str], *gone: str) -> None:
        """Code that writes and removes."""
        before = self.snapshots.take()
        for name in gone:
            (self.root / name).unlink()
            if name.startswith("in/"):
                (self.root / "in").rmdir()
        write(self.root, contents)
        self.moves.append(Move(before, self.snapshots.take()))

    def undo(self, *moves: Move, force: bool = False) -> Reversal:
        """Put back, where nothing stands against it."""
        back = reversal(self.snapshots.take(), changes(moves or self.moves))
        if force or not back.conflicts:
            assert self.snapshots.restore(back.target) == []
        return back


@pytest.fixture
def past(root: Path) -> Past:
    return Past(root)


def test_several_moves_are_put_back_at_once(past: Past) -> None:
    was = state(past.root)
    past.move({"a.txt": "A", "new/deep/x.txt": "x"}, "b.txt")
    past.move({"a.txt": "AA", "b.txt": "again"}, "in/c.txt")
    back = past.undo()
    assert back.conflicts == []
    assert back.paths == ["a.txt", "b.txt", "in", "in/c.txt", "new", "new/deep", "new/deep/x.txt"]
    assert state(past.root) == was
    assert past.undo().paths == []


def test_what_was_made_and_taken_back_is_no_change(past: Past) -> None:
    past.move({"x.txt": "x"})
    past.move({}, "x.txt")
    assert changes(past.moves) == []


def test_what_others_made_or_changed_elsewhere_stays(past: Past) -> None:
    past.move({"a.txt": "A", "new/x.txt": "x"})
    write(past.root, {"mine.txt": "changed by me", "new/mine.txt": "mine", "other.txt": "other"})
    back = past.undo()
    assert back.conflicts == []
    assert (past.root / "a.txt").read_text() == "a"
    assert not (past.root / "new" / "x.txt").exists()
    assert (past.root / "new" / "mine.txt").read_text() == "mine"
    assert (past.root / "mine.txt").read_text() == "changed by me"


@pytest.mark.parametrize("since", ["changed", "removed", "folder"])
def test_what_others_changed_since_is_a_conflict_and_nothing_happens(past: Past, since: str) -> None:
    past.move({"a.txt": "A", "b.txt": "B"})
    place = past.root / "a.txt"
    place.unlink()
    if since == "changed":
        place.write_text("mine")
    elif since == "folder":
        write(past.root, {"a.txt/inside.txt": "mine"})
    was = state(past.root)
    assert past.undo().conflicts == ["a.txt"]
    assert state(past.root) == was
    assert past.undo(force=True).conflicts == ["a.txt"]
    assert (past.root / "a.txt").read_text() == "a"
    assert (past.root / "b.txt").read_text() == "b"


def test_what_others_put_back_or_removed_themselves_is_no_conflict(past: Past) -> None:
    past.move({"a.txt": "A", "x.txt": "x"})
    write(past.root, {"a.txt": "a"})
    (past.root / "x.txt").unlink()
    back = past.undo()
    assert (back.conflicts, back.paths) == ([], [])


def test_a_step_alone_is_put_back_unless_a_later_one_built_on_it(past: Past) -> None:
    past.move({"a.txt": "A"})
    past.move({"b.txt": "B"})
    past.move({"a.txt": "AA"})
    assert past.undo(past.moves[1]).conflicts == []
    assert (past.root / "b.txt").read_text() == "b"
    assert past.undo(past.moves[0]).conflicts == ["a.txt"]
    assert past.undo(past.moves[2]).conflicts == []
    assert (past.root / "a.txt").read_text() == "A"


def test_a_file_in_the_place_of_a_folder_and_the_other_way(past: Past) -> None:
    was = state(past.root)
    past.move({"in": "a file now"}, "in/c.txt")
    (past.root / "b.txt").unlink()
    past.moves.append(Move(past.moves[-1].after, past.snapshots.take()))
    past.move({"b.txt/d.txt": "d"})
    assert past.undo().conflicts == []
    assert state(past.root) == was


@pytest.mark.skipif(os.name == "nt", reason="links and permissions of POSIX")
def test_links_and_permissions_come_back(past: Past) -> None:
    (past.root / "link").symlink_to("a.txt")
    was = state(past.root)
    before = past.snapshots.take()
    (past.root / "link").unlink()
    (past.root / "link").symlink_to("/etc/passwd")
    (past.root / "b.txt").chmod(0o755)
    past.moves.append(Move(before, past.snapshots.take()))
    assert past.undo().conflicts == []
    assert state(past.root) == was


def test_caches_do_not_keep_a_folder_but_a_repository_does(past: Past) -> None:
    past.move({"one/x.py": "x", "one/__pycache__/x.pyc": "x", "two/x.py": "x", "two/.git/HEAD": "ref"})
    past.undo()
    assert not (past.root / "one").exists()
    assert (past.root / "two" / ".git" / "HEAD").read_text() == "ref"
    assert not (past.root / "two" / "x.py").exists()


def test_a_store_that_grows_from_another_copies_nothing_and_outlives_it(past: Past) -> None:
    write(past.root, {"big.bin": "x" * 1_000_000 + str(os.urandom(1000))})
    first = past.snapshots.take()
    other = Snapshots(past.root, past.root.parent / "other", past.root.parent / "store")
    second = other.take()
    assert second.saved == first.saved
    files = [file for file in (past.root.parent / "other").rglob("*") if file.is_file()]
    assert files and all(file.stat().st_nlink == 2 for file in files)
    for file in sorted((past.root.parent / "store").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    write(past.root, {"big.bin": "gone"})
    assert other.restore(second) == []
    assert (past.root / "big.bin").stat().st_size > 1_000_000
