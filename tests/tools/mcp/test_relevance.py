"""The tools that a step needs come first, and all of them fit the budget."""

import asyncio
from pathlib import Path
from typing import Any

from tests.tools.mcp.boxes import opened
from tests.tools.mcp.installed import from_npm, from_pypi
from tools.mcp.relevance import Index, cost, fitting, words
from tools.mcp.toolbox import TOKENS

STEPS = [
    ("What time is it in Tokyo now?", "time_get_current_time"),
    ("Que horas são em Lisboa?", "time_get_current_time"),
    ("Convert 3 pm from UTC to Berlin time", "time_convert_time"),
    ("Which tables has the database?", "sqlite_list_tables"),
    ("Run a SELECT query over the orders", "sqlite_read_query"),
    ("Quais são as tabelas do banco de dados?", "sqlite_list_tables"),
    ("Rename the file a.txt to b.txt", "files_move_file"),
    ("How large is the file data.bin, when was it changed?", "files_get_file_info"),
    ("Make a new directory called reports", "files_create_directory"),
    ("Create a composition of 1920x1080 in After Effects", "ae_new_comp"),
    ("Add a text layer and animate its letters", "ae_text_animate"),
    ("Render the composition with the queue to a video file", "ae_render_queue"),
    ("Remember that Ana works at Acme", "memory_create_entities"),
]


def servers() -> dict[str, dict[str, Any]]:
    """Servers of five makers, with about a hundred tools."""
    return {
        "time": from_pypi("mcp-server-time", "2026.10.19", "--local-timezone", "UTC"),
        "sqlite": from_pypi("mcp-server-sqlite", "2025.4.25", "--db-path", "${WORKSPACE}/a.db", beside="mcp<2"),
        "files": from_npm("@modelcontextprotocol/server-filesystem", "2026.8.31", "${WORKSPACE}"),
        "memory": from_npm("@modelcontextprotocol/server-memory", "2026.8.31"),
        "ae": from_pypi("mograph-mcp", "0.12.0", env={"MOGRAPH_TOOLS": "ae"}),
    }


def test_the_tool_of_a_step_is_offered_within_the_budget(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, **servers()) as box:
            everything = await box.names()
            assert len(everything) > 90
            assert not box.notices
            missed = {}
            for step, wanted in STEPS:
                names = await box.names(step, TOKENS)
                assert sum(cost(dict(schema)) for schema in await box.box.list_tools()) <= TOKENS
                if wanted not in names:
                    missed[step] = wanted, names
            assert not missed, missed

    asyncio.run(act())


def test_no_word_in_common_is_zero() -> None:
    assert Index(["read a file", "list files"]).scores("xyzzy plugh") == [0, 0]
    assert Index([]).scores("anything") == []


def test_words_are_the_same_in_every_spelling() -> None:
    assert words("listFiles list_files list-files Listing the files") == ["list", "fil"] * 4
    assert words("See http://127.0.0.1/x") == ["see", "url", "pag", "web"]


def test_what_does_not_fit_is_left_out_whole() -> None:
    tools = [{"name": f"t{n}", "description": "x" * (400 if n == 1 else 40), "parameters": {}} for n in range(5)]
    kept = fitting(tools, sum(map(cost, tools)) - 20)
    assert [tool["name"] for tool in kept] == ["t0", "t1", "t2", "t3"]
    assert [tool["name"] for tool in fitting(tools, 100)] == ["t0", "t2", "t3"]
