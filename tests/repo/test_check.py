"""The rules of `scripts/check` that are our own code can fail."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check"


@pytest.fixture(name="check")
def loaded() -> ModuleType:
    """`scripts/check`, which has no ending, as a module."""
    loader = SourceFileLoader("check", str(SCRIPT))
    spec = spec_from_loader("check", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def write(root: Path, place: str, text: str) -> None:
    """A file and the folders above it."""
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).write_text(text, encoding="utf-8")


def test_names_that_say_nothing(check: Any, tmp_path: Path) -> None:
    write(tmp_path, "tools/ollama/utils.py", "A = 1\n")
    write(tmp_path, "tools/manager/__init__.py", "A = 1\n")
    write(tmp_path, "tools/ollama/client.py", "A = 1\n")
    assert len(check.names(tmp_path).problems) == 2


def test_long_files(check: Any, tmp_path: Path) -> None:
    write(tmp_path, "tools/long.py", "A = 1\n" * 301)
    assert len(check.file_sizes(tmp_path).problems) == 2
    for number in range(3):
        write(tmp_path, f"tools/short{number}.py", "A = 1\n" * 120)
    assert len(check.file_sizes(tmp_path).problems) == 1


def test_long_functions(check: Any, tmp_path: Path) -> None:
    write(tmp_path, "tools/a.py", "def f():\n" + "    a = 1\n" * 50)
    assert len(check.function_sizes(tmp_path).problems) == 3
    write(tmp_path, "tools/b.py", "async def f():\n    return 1\n" * 20)
    assert len(check.function_sizes(tmp_path).problems) == 1


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("from tools import a", "", "tools/a.py"),
        ("from tools.a import f", "", "tools/a.py"),
        ("def f():\n    import tools.a", "", "tools/a.py"),
        ("W = Path(__file__).with_name('a.py')", "", "tools/a.py"),
        ("W = ['-m', 'tools.a']", "", "tools/a.py"),
        ("from tools import b", "from tools import a", "tools/a.py"),
    ],
)
def test_road_is_a_chain(check: Any, tmp_path: Path, first: str, second: str, place: str) -> None:
    write(tmp_path, "commander/__main__.py", first)
    write(tmp_path, "tools/b.py", second or "B = 1")
    write(tmp_path, place, "A = 1")
    places = ["commander/__main__.py", *(["tools/b.py"] if second else []), place]
    assert check.road(tmp_path, {"tool": {"commander": {"road": places}}}).problems == []
    write(tmp_path, "commander/__main__.py", "C = 1")
    assert check.road(tmp_path, {"tool": {"commander": {"road": places}}}).problems


def test_road_is_short_and_begins_at_the_command_line(check: Any, tmp_path: Path) -> None:
    write(tmp_path, "commander/__main__.py", "A = 1\n" * 1001)
    write(tmp_path, "tools/a.py", "A = 1")
    assert len(check.road(tmp_path, {"tool": {"commander": {"road": ["commander/__main__.py"]}}}).problems) == 1
    assert len(check.road(tmp_path, {"tool": {"commander": {"road": ["tools/a.py"]}}}).problems) == 1
    assert len(check.road(tmp_path, {"tool": {"commander": {"road": []}}}).problems) == 1
