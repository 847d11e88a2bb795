"""Browser-Use drives a real Chromium over pages on loopback, in the jail where one is, and reaches nothing else."""

import asyncio
import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from config.errors import MissingError
from tests.conftest import USER_CACHE
from tests.tools.browser.ready import ready
from tests.tools.mcp.boxes import opened
from tools.browser.chromium import find_chromium
from tools.browser.profile import Profile
from tools.embedded.scripted import scripted
from tools.interpreter.jail import probe
from tools.mcp.catalog import SHIPPED, raw

SHOP = """<html><head><title>Fruit shop</title></head><body><h1>Fruit</h1>
<table id=prices><tr><th>name<th>price</tr><tr><td>apple<td>3</tr><tr><td>pear<td>4</tr></table>
<form action=/order method=get><input name=who placeholder="Your name"><input name=count placeholder="How many">
<button>Send order</button></form><a href=/about>About us</a>
<img src="http://127.0.0.2:PORT/spy.png"></body></html>"""


class Shop(http.server.ThreadingHTTPServer):
    """A small shop on loopback that remembers what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Pages)
        self.seen: list[tuple[str, str]] = []


class Pages(http.server.BaseHTTPRequestHandler):
    """Its pages."""

    server: Shop

    def do_GET(self) -> None:
        """A page, by its path."""
        place = urlsplit(self.path)
        self.server.seen.append((self.headers["Host"].partition(":")[0], self.path))
        answer = parse_qs(place.query)
        pages = {
            "/": SHOP.replace("PORT", str(self.server.server_port)),
            "/order": f"<h1>Thank you, {answer.get('who', ['?'])[0]}: {answer.get('count', ['?'])[0]}</h1>",
            "/about": "<h1>About</h1>",
        }
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(pages.get(place.path, "").encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The shipped entry, with the environment in the real cache; skipped by name where it cannot run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(USER_CACHE))
    ready()
    return {**raw(SHIPPED)["browser"], "env": {"XDG_CACHE_HOME": str(USER_CACHE)}}


def number(page: str, words: str) -> int:
    """The number that the page's element has."""
    (found,) = re.findall(rf"^\[(\d+)\] .*{words}", page, re.MULTILINE)
    return int(found)


def test_a_page_is_read_filled_in_clicked_and_seen(tmp_path: Path, shop: Shop, entry: dict[str, Any]) -> None:
    address = f"http://127.0.0.1:{shop.server_port}/"

    async def act() -> None:
        async with opened(tmp_path, browser=entry) as box:
            names = await box.names(f"Open {address} and order two pears", 2500)
            assert {"browser_navigate", "browser_type", "browser_click"} <= set(names)
            offered = {offer.tool.name for offer in box.box.servers.offers}
            assert not {"browser_extract_content", "retry_with_browser_use_agent"} & offered
            page = await box.text("browser_navigate", url=address)
            assert not box.questions
            assert "| name | price |\n| --- | --- |\n| apple | 3 |\n| pear | 4 |\n" in page
            assert re.search(r"\[\d+\] a About us -> /about", page)
            await box.text("browser_type", index=number(page, "Your name"), text="Ana")
            await box.text("browser_type", index=number(page, "How many"), text="2")
            wrong, said = await box.call("browser_type", index=99_999, text="2")
            assert wrong and "not found" in said
            assert "saved as tool-results/" in await box.text("browser_screenshot")
            assert remote(os.getpid()) == set()
            assert probe() or any(process.name() == "bwrap" for process in psutil.Process().children(recursive=True))
            clicked = await box.text("browser_click", index=number(page, "Send order"))
            assert [question.tool for question in box.questions] == [*["browser_type"] * 3, "browser_click"]
            assert "# Thank you, Ana: 2" in clicked
            await box.call("browser_navigate", url=f"http://127.0.0.2:{shop.server_port}/secret")
            assert "root:" not in str(await box.call("browser_navigate", url="file:///etc/passwd"))

    asyncio.run(act())
    picture = next((tmp_path / "tool-results").glob("*.png")).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5000
    assert ("127.0.0.1", "/order?who=Ana&count=2") in shop.seen
    assert {host for host, _ in shop.seen} == {"127.0.0.1"}
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("commander-browser-*"))


def test_its_own_agent_asks_the_same_server_and_that_is_told(
    tmp_path: Path, shop: Shop, entry: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = {"done": {"text": "pears cost 4", "success": True, "files_to_display": []}}
    thought = {"thinking": "", "evaluation_previous_goal": "", "memory": "", "next_goal": "", "action": [done]}
    agent = raw(SHIPPED)["browser-agent"]
    assert agent["disabled"]

    async def act() -> str:
        shipped = {**agent, "disabled": False, "env": entry["env"]}
        async with opened(tmp_path, browser=shipped) as box:
            await box.names("find a price on a website", 2500)
            task = f"What do pears cost at http://127.0.0.1:{shop.server_port}/ ?"
            name = "browser_retry_with_browser_use_agent"
            text = await box.text(name, task=task, max_steps=2, use_vision=False)
            assert box.questions
            assert f"{name} calls a model by itself: those calls are not counted" in box.notices
            return text

    with scripted(lambda messages: json.dumps(thought)) as (url, engine):
        monkeypatch.setenv("OLLAMA_BASE_URL", url)
        monkeypatch.setenv("DEFAULT_MODEL", "scripted:latest")
        assert "pears cost 4" in asyncio.run(act())
    assert "What do pears cost" in json.dumps(engine.asks[0].messages)


def remote(root: int) -> set[str]:
    """Addresses beyond this machine that a process and its descendants are connected to."""
    found = set()
    for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
        try:
            found |= {line.raddr.ip for line in process.net_connections("inet") if len(line.raddr)}
        except psutil.Error:
            continue
    return {address for address in found if not address.startswith(("127.", "::1", "::ffff:127."))}


def test_without_a_browser_there_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if not any(place.is_file() for place in (Path("/Applications"), Path("C:/Program Files"))):
        with pytest.raises(MissingError, match=r"^no Chromium or Chrome is installed; next: .+$"):
            find_chromium()


def test_the_server_says_so_in_one_line_too(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, browser={**raw(SHIPPED)["browser"], "env": {"PATH": str(tmp_path)}}) as box:
            assert await box.names("open a website") == list(box.box.own.schemas)
            (line,) = box.notices
            assert "the server browser does not start: " in line
            assert "(no Chromium or Chrome is installed; next: " in line

    if not any(place.is_dir() for place in (Path("/Applications"), Path("C:/Program Files"))):
        asyncio.run(act())


def test_only_the_named_sites_have_addresses(tmp_path: Path) -> None:
    profile = Profile(tmp_path, tmp_path / "chromium", sites=["example.org"])
    profile.write()
    settings = json.loads((tmp_path / "config" / "config.json").read_text(encoding="utf-8"))
    browser = settings["browser_profile"]["commander"]
    assert "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE example.org" in browser["args"]
    assert browser["allowed_domains"] == ["example.org"]
    assert "api_key" not in json.dumps(settings)
    assert profile.environment["ANONYMIZED_TELEMETRY"] == "false"
