"""Which servers a task speaks of."""

import pytest

from tools.mcp import listing
from tools.mcp.catalog import catalog
from tools.mcp.entry import Entry
from tools.mcp.meant import meant

SERVERS = {
    **catalog(),
    "time": Entry(command="uvx"),
    "my-notes": Entry(command="uvx"),
    "off": Entry(command="x", disabled=True),
}


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("Open http://localhost:8000/menu and tell me the prices", ["browser"]),
        ("Abre http://127.0.0.1:5000 e diz-me o título da página", ["browser"]),
        ("Look at localhost:3000 and click the red button", ["browser"]),
        ("What time is it in Tokyo? Use the time server.", ["time"]),
        ("With the my-notes tools, find what I wrote on Monday", ["my-notes"]),
        ("Use the my notes server to add a line", ["my-notes"]),
        ("In After Effects, make a composition of ten seconds", ["ae"]),
        ("Faz uma composição no After  Effects", ["ae"]),
        ("Use the off server", []),
        ("Write a function that checks whether a url is valid", []),
        ("Extract the domains of all urls in links.txt to domains.txt", []),
        ("Explain what function composition is", []),
        ("Time how long sorting a million numbers takes", []),
        ("Rename the screenshot files by date", []),
        ("Write the link https://example.org into links.md", []),
        ("Parse the web server's access.log and count the errors", []),
    ],
)
def test_the_words_of_a_task(task: str, names: list[str]) -> None:
    assert meant(SERVERS, task, sure=True) == names


def test_where_no_rule_speaks_a_word_of_a_tool_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp.types import Tool

    tools = [Tool(name="get_current_time", inputSchema={"type": "object"})]
    listing.remember("time", SERVERS["time"], tools)
    assert meant(SERVERS, "What time is it in Tokyo?", sure=False) == ["time"]
    assert meant(SERVERS, "What time is it in Tokyo?", sure=True) == []
    assert meant(SERVERS, "Get the current president's name", sure=False) == []


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("Plan the release of our web shop", []),
        ("Which of these click counts is odd?", []),
        ("Who won the match? Use the browser.", ["browser"]),
        ("Find the opening hours on the internet", []),  # its words say nothing of what this server is about
    ],
)
def test_a_browser_is_for_what_is_online(task: str, names: list[str]) -> None:
    assert meant(SERVERS, task, sure=False) == names
