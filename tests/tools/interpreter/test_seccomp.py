"""The filter of system calls: made once, small, and its absence is told."""

import ctypes.util
import sys

import pytest

from tools.interpreter.seccomp import NoFilter, find_filter


def test_it_is_made_once_and_small() -> None:
    made = find_filter()
    if isinstance(made, NoFilter):
        pytest.skip(made.what)
    assert made is find_filter()
    assert 0 < len(made) < 4096 and len(made) % 8 == 0  # one write into a pipe


def test_without_the_package_the_next_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    made = find_filter.__wrapped__()
    assert isinstance(made, NoFilter) and made.remedy == ("uv sync" if sys.platform == "linux" else made.remedy)


@pytest.mark.skipif(sys.platform != "linux", reason="a library of Linux")
def test_without_the_library_the_next_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    find = ctypes.util.find_library
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name == "seccomp" else find(name))
    monkeypatch.delitem(sys.modules, "pyseccomp", raising=False)
    made = find_filter.__wrapped__()
    assert made == NoFilter("libseccomp, for the filter of system calls, is not here", "sudo apt install libseccomp2")
