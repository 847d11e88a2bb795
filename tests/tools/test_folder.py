"""Work in a folder that somebody else is changing: never through a link, never waiting."""

import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.folder import Folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and FIFOs of POSIX")


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    return tmp_path / "inside"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir())


@pytest.mark.parametrize(
    "plant",
    [
        lambda path: path.symlink_to("../outside/secret"),
        lambda path: os.mkfifo(path),
        lambda path: path.mkdir(),
        lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
        lambda path: None,
    ],
    ids=["link", "fifo", "folder", "socket", "nothing"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_only_regular_files_are_opened(
    inside: Path, plant: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inside)  # a socket's path has at most 108 bytes
    plant(Path("planted"))
    with Folder.at(inside) as folder, pytest.raises(OSError), folder.file("planted"):
        pass


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../outside/secret", "a\0b"])
def test_names_are_single_names(inside: Path, name: str) -> None:
    with Folder.at(inside) as folder, pytest.raises(OSError), folder.file(name):
        pass


def test_a_folder_is_not_entered_through_a_link(inside: Path) -> None:
    (inside / "link").symlink_to("../outside")
    with Folder.at(inside) as folder, pytest.raises(OSError):
        folder.folder("link")


def test_writing_replaces_a_link_and_leaves_its_target(inside: Path) -> None:
    (inside / "link").symlink_to("../outside/secret")
    with Folder.at(inside) as folder:
        folder.write("link", b"new", 0o640)
    assert (inside / "link").read_bytes() == b"new"
    assert (inside / "link").stat().st_mode & 0o777 == 0o640
    assert (inside.parent / "outside" / "secret").read_text(encoding="utf-8") == "secret"
    assert names(inside) == ["link"]


def test_a_failed_write_leaves_nothing(inside: Path) -> None:
    (inside / "taken").mkdir()
    with Folder.at(inside) as folder, pytest.raises(OSError):
        folder.write("taken", b"new", 0o644)
    assert names(inside) == ["taken"]


def test_removing_a_link_leaves_its_target(inside: Path) -> None:
    (inside / "tree").mkdir()
    (inside / "tree" / "link").symlink_to("../../outside")
    (inside / "link").symlink_to("../outside")
    with Folder.at(inside) as folder:
        folder.remove("tree")
        folder.remove("link")
    assert names(inside) == []
    assert names(inside.parent / "outside") == ["secret"]


def test_removing_goes_as_deep_and_wide_as_it_must(inside: Path) -> None:
    start = os.getcwd()  # noqa: PTH109 (deeper than a path can be written)
    os.chdir(inside)
    for _ in range(1200):
        Path("deep").mkdir()
        os.chdir("deep")
    Path("file").touch()
    os.chdir(start)
    (inside / "deep" / "wide").mkdir()
    for number in range(2500):
        (inside / "deep" / "wide" / str(number)).touch()
    with Folder.at(inside) as folder:
        folder.remove("deep")
    assert names(inside) == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize("plant", [lambda path: path.symlink_to("../outside/secret"), os.mkfifo], ids=["link", "fifo"])
def test_a_file_swapped_after_the_look_is_not_opened(
    inside: Path, plant: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Folder.stat

    def swap(folder: Folder, name: str) -> os.stat_result:
        found = look(folder, name)
        (inside / name).unlink()
        plant(inside / name)
        return found

    (inside / "file").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(Folder, "stat", swap)
    with Folder.at(inside) as folder, pytest.raises(OSError), folder.file("file"):
        pass


def test_a_folder_swapped_after_the_look_is_not_entered(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Folder.stat

    def swap(folder: Folder, name: str) -> os.stat_result:
        found = look(folder, name)
        (inside / name).rmdir()
        (inside / name).symlink_to("../outside")
        return found

    (inside / "folder").mkdir()
    monkeypatch.setattr(Folder, "stat", swap)
    with Folder.at(inside) as folder, pytest.raises(OSError):
        folder.folder("folder")


def test_a_folder_swapped_for_a_link_leads_nowhere(inside: Path) -> None:
    """While one thread swaps a folder for a link to the outside, another reads and writes through the name."""
    (inside / "real").mkdir()
    (inside / "real" / "secret").write_text("mine", encoding="utf-8")
    (inside / "link").symlink_to("../outside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for source in ("real", "link"):
                Path(inside / source).rename(inside / "name")
                Path(inside / "name").rename(inside / source)

    thread = threading.Thread(target=swap)
    thread.start()
    seen = set()
    for _ in range(1200):
        try:
            with Folder.at(inside) as folder, folder.folder("name") as inner:
                with inner.file("secret") as file:
                    seen.add(file.read())
                inner.write("secret", b"mine", 0o644)
        except OSError:
            continue
    stop.set()
    thread.join()
    assert seen <= {b"mine"}
    assert (inside.parent / "outside" / "secret").read_text(encoding="utf-8") == "secret"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
def test_a_file_that_becomes_a_folder_under_the_hand_is_not_left_open(
    inside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inside / "now").mkdir()
    monkeypatch.setattr(Folder, "_expect", lambda *_: None)  # it was a file when it was looked at
    before = names(Path("/proc/self/fd"))
    with Folder.at(inside) as folder, pytest.raises(FileNotFoundError), folder.file("now"):
        pass
    assert names(Path("/proc/self/fd")) == before
