"""What is the same in two files that two programs made."""

import gzip
import io
import tarfile
import zipfile
from typing import Literal

import pytest

from agents.essence import alike, essence, numbers


def tar(mode: Literal["w:", "w:gz"], members: dict[str, bytes], time: int) -> bytes:
    """An archive of these members, the same bytes whenever it is made: a test is called by them."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), time
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(data.getvalue(), mtime=time) if mode == "w:gz" else data.getvalue()


def zipped(content: bytes, year: int) -> bytes:
    """An archive with one member."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (year, 1, 1, 0, 0, 0)), content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.csv", b"n,v\na,1.50\n", b"n, v\r\na,1.5\r\n"),
        ("a.csv", b"v\n0.30000000000000004\n", b"v\n0.3\n"),
        ("a.csv", b"country,amount\nSpain,2\n", b"country,revenue\nSpain,2.0\n"),
        ("a.json", b'{"b": 2.0, "a": [1]}', b'{\n "a": [1],\n "b": 2\n}'),
        ("a.json", b"[0.30000000000000004]", b"[0.3]"),
        ("a.txt", b"a b\n", b"a  b"),
        ("a.tar.gz", tar("w:gz", {"a/x": b"1", "a/y": b"2"}, 1), tar("w:gz", {"./a/y": b"2", "a/x": b"3"}, 99)),
        ("a.tar", tar("w:", {"x": b"1"}, 1), tar("w:", {"x": b"1"}, 2)),
        ("a.zip", zipped(b"x", 2020), zipped(b"x", 2021)),
        ("run.sh", b"tar -czf a.tar.gz x", b"tar czf a.tar.gz x # all"),
        ("plot.png", b"\x89PNG1", b"\x89PNG2"),
    ],
)
def test_the_same_said_in_two_ways(path: str, one: bytes, other: bytes) -> None:
    assert one != other
    assert essence(path, one, asked=True) == essence(path, other, asked=True)


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.csv", b"n,v\na,1.5\n", b"n,v\na,1.6\n"),
        ("a.csv", b"v\n1\n2\n", b"v\n2\n1\n"),
        ("a.csv", b"a,b\nx,y\n", b"c,d\nx,y\n"),
        ("a.csv", b'n\n"a,b"\n', b"n\na,b\n"),
        ("a.json", b'{"a": 1}', b'{"a": "1"}'),
        ("a.json", b'{"a": 1', b'{"a": 2'),
        ("a.tar.gz", tar("w:gz", {"x": b"1"}, 1), tar("w:gz", {"x": b"12"}, 1)),
        ("a.tar.gz", b"no archive", b"none either"),
        ("a.zip", zipped(b"x", 2020), zipped(b"y", 2020)),
        ("run.sh", b"", b"tar"),
        ("page.html", b"<p>1</p>", b"<p>2</p>"),
    ],
)
def test_what_differs(path: str, one: bytes, other: bytes) -> None:
    assert essence(path, one, asked=True) != essence(path, other, asked=True)


def test_a_script_that_was_changed_counts_by_its_text() -> None:
    assert essence("a.py", b"x = 1", asked=False) != essence("a.py", b"x = 2", asked=False)


def test_an_archive_that_unpacks_to_more_than_there_is_room_for_is_compared_in_part() -> None:
    bomb = tar("w:gz", {"zeros": bytes(40_000_000)}, 1)
    assert len(bomb) < 100_000
    assert essence("a.tgz", bomb, asked=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.csv:1\nsays 4 13574", "a.csv:1\nsays 4", True),
        ("says 4 13574", "says 13574 4", True),
        ("says 4 13574", "says 4 13575", False),
        ("a.csv:1\nsays 4", "a.csv:2\nsays 4", False),
        ("a.csv:1\nsays 4", "a.csv:1", False),
        ("ana", "ana rui", False),
        ("ana rui", "ana rui", True),
    ],
)
def test_one_may_say_more_than_the_other_but_nothing_else(one: str, other: str, same: bool) -> None:
    assert alike(one, other) == alike(other, one) == same


def test_numbers_are_equal_to_the_cent_and_whole_ones_exactly() -> None:
    assert numbers("1,234,567 and 1234568") == ["1234567", "1234568"]
    assert numbers("3.14159265") == numbers("3.1415927")
    assert numbers("1234567.89") != numbers("1234567.91")
    assert numbers("12.50 2.0") == ["12.5", "2"] == numbers("12.5 2")
