"""Real servers of others, from PyPI and npm, do what their tools say."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from tests.tools.mcp.boxes import opened
from tests.tools.mcp.installed import from_npm, from_pypi


def test_time(tmp_path: Path) -> None:
    entry = from_pypi("mcp-server-time", "2026.10.19", "--local-timezone", "UTC")

    async def act() -> None:
        async with opened(tmp_path, time=entry) as box:
            assert {"time_get_current_time", "time_convert_time"} <= set(
                await box.names("What time is it in Tokyo?", 900)
            )
            asked = {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}
            assert "21:00" in await box.text("time_convert_time", **asked)
            wrong, text = await box.call("time_convert_time", source_timezone="UTC")
            assert wrong
            assert "target_timezone (string, required)" in text
            wrong, text = await box.call("time_get_current_time", timezone="Mars/Olympus")
            assert wrong

    asyncio.run(act())


def test_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as database:
        database.execute("create table fruit (name text, price real)")
        database.execute("insert into fruit values ('apple', 1.5), ('pear', 2)")
    database.close()
    entry = from_pypi("mcp-server-sqlite", "2025.4.25", "--db-path", "${WORKSPACE}/shop.db", beside="mcp<2")

    async def act() -> None:
        async with opened(tmp_path, sqlite=entry) as box:
            assert "sqlite_read_query" in await box.names("query the fruit table of the database", 900)
            assert "pear" in await box.text("sqlite_read_query", query="select name from fruit where price > 1.6")
            assert [question.tool for question in box.questions] == ["read_query"]
            box.answer = "not today"
            wrong, text = await box.call("sqlite_write_query", query="delete from fruit")
            assert wrong
            assert "not called: not today" in text

    asyncio.run(act())
    with sqlite3.connect(file) as database:
        assert database.execute("select count(*) from fruit").fetchone() == (2,)
    database.close()


def test_filesystem(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "long.txt").write_text("\n".join(f"line {n}" for n in range(5000)), encoding="utf-8")
    (tmp_path / "out.txt").write_text("outside", encoding="utf-8")
    entry = from_npm("@modelcontextprotocol/server-filesystem", "2026.8.31", "${WORKSPACE}/in")

    async def act() -> None:
        async with opened(tmp_path, files=entry) as box:
            names = await box.names()
            assert len(names) >= 14
            text = await box.text("files_read_text_file", path=str(tmp_path / "in" / "long.txt"))
            assert text.startswith("line 0\n")
            assert text.rstrip().endswith("line 4999")
            assert "characters are left out here; all" in text
            assert "line 2500" in await box.text("search_files", text="line 2500", pattern="tool-results/*")
            assert not box.questions
            wrong, text = await box.call("files_read_text_file", path=str(tmp_path / "out.txt"))
            assert wrong
            box.answer = "no"
            await box.call("files_write_file", path=str(tmp_path / "in" / "new.txt"), content="x")
            assert box.questions[-1].kind == "destructive"
            assert not (tmp_path / "in" / "new.txt").exists()
            box.answer = None
            await box.text("files_write_file", path=str(tmp_path / "in" / "new.txt"), content="x")
            assert (tmp_path / "in" / "new.txt").read_text(encoding="utf-8") == "x"

    asyncio.run(act())


def test_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = from_npm("@modelcontextprotocol/server-everything", "2026.8.31", "stdio", approval="never")
    monkeypatch.setenv("SECRET_TOKEN", "hidden")

    async def act() -> None:
        async with opened(tmp_path, every=entry) as box:
            assert len(await box.names()) > 10
            assert "Echo: hello" in await box.text("every_echo", message="hello")
            assert "hidden" not in await box.text("every_get-env")
            assert "saved as tool-results/" in await box.text("every_get-tiny-image")
            shape = next(each for each in await box.box.list_tools() if each["name"] == "every_get-structured-content")
            assert "enum" in json.dumps(shape["parameters"])

    asyncio.run(act())
    saved = [file for file in (tmp_path / "tool-results").iterdir() if file.suffix == ".png"]
    assert saved[0].read_bytes().startswith(b"\x89PNG")


def test_servers_start_beside_each_other_and_once(tmp_path: Path) -> None:
    """The second box knows the tools from the first, and starts nothing until a tool is called."""
    entry = from_pypi("mcp-server-time", "2026.10.19", "--local-timezone", "UTC")

    async def act() -> tuple[list[str], bool]:
        async with opened(tmp_path, time=entry) as box:
            names = await box.names("time")
            return names, bool(box.box.servers._running)

    first, started = asyncio.run(act())
    assert started
    again, started = asyncio.run(act())
    assert not started
    assert first == again
