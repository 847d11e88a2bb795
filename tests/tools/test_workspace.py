"""What the program sees of a workspace, and what it refuses to take as one."""

import os
import sys
from pathlib import Path

import pytest

from tools.workspace import Workspace, refusal, shown, unshown

posix = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX")


def fill(root: Path, *paths: str) -> Workspace:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")
    return Workspace(root)


def test_files_are_those_of_the_user(tmp_path: Path) -> None:
    noise = [".git/config", "a/.venv/x.py", "node_modules/x.js", "a/__pycache__/x.pyc"]
    workspace = fill(tmp_path, "b.txt", "a/c.txt", ".env", *noise)
    assert workspace.files() == [".env", "a/c.txt", "b.txt"]


@posix
def test_files_leave_out_links_and_special_files(tmp_path: Path) -> None:
    workspace = fill(tmp_path / "inside", "a.txt")
    fill(tmp_path / "outside", "secret")
    (tmp_path / "inside" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "file").symlink_to(tmp_path / "outside" / "secret")
    (tmp_path / "inside" / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "inside" / "fifo")
    assert workspace.files() == ["a.txt"]
    assert {found.path: found.kind for found in workspace.walk()} == {
        "a.txt": "file",
        "fifo": "special",
        "file": "link",
        "folder": "link",
        "loop": "link",
    }


@posix
def test_reading_stays_inside(tmp_path: Path) -> None:
    workspace = fill(tmp_path / "inside", "a/b.txt", "é.txt")
    fill(tmp_path / "outside", "secret")
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside" / "secret")
    (tmp_path / "inside" / "folder").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "inside" / "fifo")
    assert workspace.read("a/b.txt", 100) == b"a/b.txt"
    assert workspace.read("a/b.txt", 3) == b"a/b"
    assert workspace.read("é.txt", 100) == "é.txt".encode()
    forbidden = [
        "link",
        "folder/secret",
        "fifo",
        "../outside/secret",
        "a/../a/b.txt",
        "/etc/passwd",
        "a",
        "",
        ".",
        "a//b.txt",
    ]
    forbidden += ["none", "a/none", "x" * 5000, "a\0", "\\ud800", "\\Uffffffff"]
    assert [path for path in forbidden if workspace.read(path, 100) is not None] == []


@posix
def test_a_hard_link_is_a_file_like_others(tmp_path: Path) -> None:
    workspace = fill(tmp_path, "a.txt")
    (tmp_path / "b.txt").hardlink_to(tmp_path / "a.txt")
    assert workspace.read("b.txt", 100) == b"a.txt"


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems allow UTF-8 alone")
@pytest.mark.parametrize(
    ("raw", "printable"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"\xff.txt", "\\xff.txt"),
        (b"\x1b[31m", "\\x1b[31m"),
        (b"a\nb", "a\\x0ab"),
        (b"back\\x41slash", "back\\\\x41slash"),
        ("\u202etxt.exe".encode(), "\\u202etxt.exe"),
        ("\x85".encode(), "\\u0085"),
        ("\U000e0041".encode(), "\\U000e0041"),
        (b" ", " "),
    ],
)
def test_names_are_printable_and_lead_back(tmp_path: Path, raw: bytes, printable: str) -> None:
    (tmp_path / os.fsdecode(raw)).write_bytes(b"found")
    workspace = Workspace(tmp_path)
    assert workspace.files() == [printable]
    assert workspace.read(printable, 10) == b"found"
    assert workspace.place(printable).read_bytes() == b"found"


def test_shown_names_are_unequal_where_names_are() -> None:
    chars = ["\\", "x", "0", "a", "\x0a", "\udcff", "u", "\u2028", "é"]
    names = {a + b + c + d + "41" for a in chars for b in chars for c in chars for d in chars}
    assert {unshown(shown(name)) for name in names} == names
    assert all(shown(name).isprintable() for name in names)


def test_a_folder_with_too_many_entries_is_cut_whole(tmp_path: Path) -> None:
    workspace = fill(tmp_path, *(f"big/{number}" for number in range(50)), "a/b", "z")
    assert {found.path: found.kind for found in workspace.walk(most=20)} == {
        "a": "folder",
        "a/b": "file",
        "big": "cut",
        "z": "file",
    }
    assert [(found.path, found.kind) for found in workspace.walk(most=2)] == [(".", "cut")]


def test_a_folder_that_is_too_deep_is_cut(tmp_path: Path) -> None:
    workspace = fill(tmp_path, "a/b/c/d")
    assert [(found.path, found.kind) for found in workspace.walk(depth=2)] == [("a", "folder"), ("a/b", "cut")]


def test_a_workspace_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Workspace(tmp_path / "none").files()
    assert Workspace(tmp_path / "none").read("a", 1) is None


def test_what_may_not_be_a_workspace(tmp_path: Path, user: Path) -> None:
    program = tmp_path / "program"
    (program / "tools").mkdir(parents=True)
    (program / "work" / "a").mkdir(parents=True)
    (program / "pyproject.toml").touch()
    (user / "project").mkdir()
    (tmp_path / "link").symlink_to(program, target_is_directory=True)
    for place in (program, program / "tools", tmp_path, tmp_path / "link", user, user.parent, Path(user.anchor)):
        assert refusal(place, program), place
    for place in (program / "work", program / "work" / "a", user / "project"):
        assert refusal(place, program) is None, place


def test_a_project_may_have_the_program_in_its_environment(tmp_path: Path) -> None:
    packages = tmp_path / "project" / ".venv" / "lib"
    packages.mkdir(parents=True)
    assert refusal(tmp_path / "project", packages) is None
    assert refusal(packages, packages)
