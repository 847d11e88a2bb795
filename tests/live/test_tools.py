"""Tasks that need tools, done by the real program with the real 1.5B model and real servers, judged from outside.

TOOL_TASKS=all runs all of them, of which three quarters are to be done; else three, of which two are.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import USER_CACHE
from tests.live.site import site
from tests.live.tool_tasks import TOOL_TASKS, ToolTask, shop
from tests.tools.browser.ready import ready
from tests.tools.mcp.installed import from_npm, from_pypi

ALL = os.environ.get("TOOL_TASKS") == "all"
FEW = ("dearest", "find", "hours")


def served(server: str) -> dict[str, Any]:
    """The entry of a task's server; the task is skipped by name where it cannot run."""
    match server:
        case "time":
            return from_pypi("mcp-server-time", "2026.10.19", "--local-timezone", "UTC")
        case "sqlite":
            database = ("--db-path", "${WORKSPACE}/shop.db")
            return from_pypi("mcp-server-sqlite", "2025.4.25", *database, beside="mcp<2", about="SQL database query")
        case "files":
            package = "@modelcontextprotocol/server-filesystem"
            return from_npm(package, "2026.8.31", "${WORKSPACE}", about="files folder write move")
    ready()
    return {"env": {"XDG_CACHE_HOME": str(USER_CACHE)}}  # where its packages are; the shipped entry has the rest


def run(task: ToolTask, folder: Path) -> tuple[bool, str]:
    """Whether the task is done and said to be, and how it went."""
    shop(folder)
    listed = folder.parent / f"{task.name}.json"
    listed.write_text(json.dumps({"mcpServers": {task.server: served(task.server)}}), encoding="utf-8")
    with site() as pages:
        text = task.text.replace("SITE", pages.url)
        command = [sys.executable, "-m", "commander", "--json", "--yes", "--mcp", str(listed)]
        ran = subprocess.run(
            [*command, "--workspace", str(folder), text], capture_output=True, encoding="utf-8", timeout=300
        )
        events = [json.loads(line) for line in ran.stdout.splitlines()]
        last = events[-1] if events else {}
        done = task.done(folder, last.get("answer", ""), pages)
    calls = [f"{event['name']} {event['arguments']}" for event in events if event["kind"] == "tool"]
    told = f"{task.name:8} done {done}, exit {ran.returncode}, {last.get('calls')} model calls, {calls}: "
    return done and ran.returncode == 0, f"{told}{last.get('answer')} {last.get('missing')} {ran.stderr[-300:]}"


@pytest.mark.live
@pytest.mark.timeout(3600 if ALL else 900)
def test_tasks_are_done_with_tools(tmp_path: Path) -> None:
    chosen = [task for task in TOOL_TASKS if ALL or task.name in FEW]
    outcomes, skipped = [], []
    try:
        for task in chosen:
            folder = tmp_path / task.name
            folder.mkdir()
            try:
                outcomes.append(run(task, folder))
            except pytest.skip.Exception as why:
                skipped.append(f"{task.name}: {why}")
            else:
                print(outcomes[-1][1])  # noqa: T201, shown with -s and in a failure
    finally:
        subprocess.run([sys.executable, "-m", "commander", "models", "stop"], check=True)
    solved = sum(done for done, _ in outcomes)
    enough = len(outcomes) * 3 // 4 if ALL else len(outcomes) - 1
    assert solved >= enough, "\n".join(told for _, told in outcomes)
    if skipped:
        pytest.skip("; ".join(skipped))
