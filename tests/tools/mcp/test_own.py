"""The program's own tools read the workspace and nothing else."""

import asyncio
from pathlib import Path

import pytest

from tools.mcp.own import SCHEMAS, OwnTools
from tools.mcp.relevance import cost
from tools.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("import os\nTOTAL = 3\n", encoding="utf-8")
    (tmp_path / "sales.csv").write_text("day,price\n1,2.5\n2,\n", encoding="utf-8")
    (tmp_path / "picture.bin").write_bytes(bytes(range(256)))
    (tmp_path / "long.txt").write_text("0123456789" * 1000, encoding="utf-8")
    return tmp_path


def call(root: Path, name: str, **arguments: object) -> str:
    return asyncio.run(OwnTools(Workspace(root)).call(name, arguments))


def test_files_are_listed(root: Path) -> None:
    assert call(root, "list_files").splitlines() == [
        "long.txt (10,000 bytes)",
        "picture.bin (256 bytes)",
        "sales.csv (19 bytes)",
        "src/app.py (20 bytes)",
    ]
    assert call(root, "list_files", pattern="*.py") == "src/app.py (20 bytes)"
    assert call(root, "list_files", pattern="*.rs") == "no file matches *.rs"


def test_files_are_read_piece_by_piece(root: Path) -> None:
    first = call(root, "read_file", path="./long.txt")
    assert first.endswith('[goes on: {"path": "./long.txt", "offset": 3000}, 10,000 characters in all]')
    assert call(root, "read_file", path="long.txt", offset=9990) == "0123456789"
    assert call(root, "read_file", path="long.txt", offset=99_999) == "(nothing)"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "link.txt", "up/secret.txt", "src", "picture.bin", ""]
)
def test_nothing_outside_and_no_binary_is_read(root: Path, path: str) -> None:
    (root.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "link.txt").symlink_to(root.parent / "secret.txt")
    (root / "up").symlink_to(root.parent, target_is_directory=True)
    for tool in ("read_file", "view_table"):
        text = call(root, tool, path=path)
        assert text.startswith("Error: ")
        assert "secret" not in text.replace(path, "")
    assert call(root, "search_files", text="secret") == "no line holds 'secret' in 4 files"


def test_a_name_that_is_almost_right_is_mended(root: Path) -> None:
    assert (
        call(root, "read_file", path="app.py") == "Error: app.py is no text file of the workspace; there is src/app.py"
    )


def test_lines_are_found(root: Path) -> None:
    assert call(root, "search_files", text="total") == "src/app.py:2: TOTAL = 3"
    assert call(root, "search_files", text="total", pattern="*.csv") == "no line holds 'total' in 1 files"
    (root / "many.txt").write_text("hit\n" * 100, encoding="utf-8")
    assert call(root, "search_files", text="hit").count("\n") == 40


def test_a_table_s_head(root: Path) -> None:
    assert call(root, "view_table", path="sales.csv").splitlines() == [
        "2 rows; columns:",
        "day: integer, 0 missing",
        "price: number, 1 missing",
        "begins:",
        "day,price",
        "1,2.5",
        "2,",
    ]
    assert call(root, "view_table", path="src/app.py") == "Error: src/app.py is no table; use read_file"


def test_the_user_is_asked_where_there_is_one(root: Path) -> None:
    async def ask(question: str) -> str:
        return "" if question == "silent?" else f"{question} yes"

    own = OwnTools(Workspace(root), ask)
    assert asyncio.run(own.call("ask_user", {"question": "blue?"})) == "blue? yes"
    assert asyncio.run(own.call("ask_user", {"question": "silent?"})).startswith("Error: the user did not answer")
    assert "ask_user" not in OwnTools(Workspace(root)).schemas


def test_they_cost_little() -> None:
    assert sum(map(cost, SCHEMAS)) < 520
