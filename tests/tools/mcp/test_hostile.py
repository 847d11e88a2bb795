"""A server that means harm harms itself alone: the box goes on, says what happened, and leaves no process behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.tools.mcp.boxes import ASKING, HOSTILE, free_port, hostile, opened, served
from tests.tools.mcp.hostile import INJECTION


@pytest.fixture(params=["stdio", "http"])
def entry(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The hostile server, over both transports."""
    if request.param == "stdio":
        yield hostile()
        return
    with served(str(HOSTILE), "http") as port:
        yield {"url": f"http://127.0.0.1:{port}/mcp", "timeout": 2, "startTimeout": 20}


def test_tools_that_lie_are_left_out_and_named(tmp_path: Path, entry: dict[str, Any]) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=entry) as box:
            names = await box.names()
            assert {"h_echo", "h_draw", "h_bad_name_HOME_"} <= set(names)
            assert not {"h_no_type", "h_no_object", "h_afar", "h_round", "h_huge"} & set(names)
            assert names.count("h_echo") == 1
            for lie in ("h_no_type", "h_no_object", "h_afar", "h_round", "h_huge", "h_echo"):
                assert any(f"the tool {lie} is not offered" in notice for notice in box.notices)

    asyncio.run(act())


def test_every_evil_call_ends_in_time_and_the_next_one_works(tmp_path: Path, entry: dict[str, Any]) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=entry) as box:
            await box.names()
            for name in ("hang", "chatter", "burst", "nonsense", "refuse", "broken", "lie", "flood", "inject"):
                begun = time.monotonic()
                _, text = await box.call(f"h_{name}")
                assert time.monotonic() - begun < 25, name
                assert len(text) < 5000, name
                assert await box.text("h_echo", text=f"after {name}") == f"after {name}"

    asyncio.run(act())


def test_a_call_that_hangs_is_an_error_that_tells_what_to_think(tmp_path: Path, entry: dict[str, Any]) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=entry) as box:
            wrong, text = await box.call("h_hang") if await box.names() else (False, "")
            assert wrong
            assert text.startswith("Error: h: ")

    asyncio.run(act())


def test_a_server_that_dies_in_a_call_is_started_again_at_the_next(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            wrong, text = await box.call("h_die")
            assert wrong
            assert "whether the call took effect is not known" in text
            assert await box.text("h_echo", text="again") == "again"

    asyncio.run(act())


def test_a_server_that_dies_always_is_given_up(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile(), other=hostile()) as box:
            await box.names()
            for _ in range(3):
                await box.call("h_die")
            wrong, text = await box.call("h_echo", text="?")
            assert wrong
            assert "died too often" in text
            assert await box.text("other_echo", text="here") == "here"
            assert "h_echo" not in await box.names()

    asyncio.run(act())


def test_a_frozen_server_is_ended(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            wrong, text = await box.call("h_freeze")
            assert wrong
            assert "was ended" in text
            assert not _servers()

    asyncio.run(act())


@pytest.mark.parametrize(
    ("manner", "said"),
    [("mute", "was not ready within 2 s"), ("gone", "(the licence has run out)")],
)
def test_a_server_that_does_not_start_costs_one_line(tmp_path: Path, manner: str, said: str) -> None:
    async def act() -> None:
        async with opened(tmp_path, bad=hostile(manner, startTimeout=2), good=hostile()) as box:
            begun = time.monotonic()
            names = await box.names()
            assert time.monotonic() - begun < 15
            assert "good_echo" in names
            assert not [name for name in names if name.startswith("bad_")]
            told = [notice for notice in box.notices if notice.startswith("without the tools of bad")]
            assert len(told) == 1
            assert said in told[0]
            assert "\n" not in told[0]
            assert "commander mcp test bad" in told[0]

    asyncio.run(act())


def test_a_start_that_is_cancelled_leaves_no_server(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile("mute")) as box:
            looking = asyncio.create_task(box.names())
            while not _servers():  # noqa: ASYNC110, a process tells nobody of its start
                await asyncio.sleep(0.02)
            looking.cancel()
            await asyncio.wait([looking], timeout=15)
            assert looking.cancelled()
            assert not _servers()

    asyncio.run(act())


def test_servers_start_beside_each_other(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each of the two waits for the other."""
    meeting = str(tmp_path_factory.mktemp("meeting"))

    async def act() -> None:
        async with opened(tmp_path, a=hostile("pair", meeting), b=hostile("pair", meeting)) as box:
            assert {"a_echo", "b_echo"} <= set(await box.names())

    asyncio.run(act())


def test_a_list_of_tools_without_end_is_cut(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile("endless")) as box:
            assert (await box.names()).count("h_echo") == 1

    asyncio.run(act())


def test_noise_beside_the_messages_is_passed_over(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile("loud")) as box:
            await box.names()
            assert await box.text("h_echo", text="heard") == "heard"

    asyncio.run(act())
    assert capfd.readouterr() == ("", "")


def test_a_server_that_will_not_end_is_killed(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile("stubborn")) as box:
            await box.names()
            assert _servers()
            begun = time.monotonic()
        assert time.monotonic() - begun < 12

    asyncio.run(act())
    assert not _servers()


def test_what_a_server_started_ends_with_it(tmp_path: Path) -> None:
    async def act() -> int:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            return int(await box.text("h_hide"))

    child = asyncio.run(act())
    _gone(child)


@pytest.mark.skipif(sys.platform == "win32", reason="a job object does it there, which is the SDK's")
def test_servers_end_when_the_program_is_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from tests.tools.mcp.boxes import hostile, opened\n"
        "async def act():\n"
        "    async with opened(pathlib.Path(sys.argv[1]), h=hostile('stubborn')) as box:\n"
        "        await box.names()\n"
        "        print(await box.text('h_hide'), flush=True)\n"
        "        await asyncio.sleep(600)\n"
        "asyncio.run(act())\n"
    )
    root = Path(__file__).parents[3]
    program = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert program.stdout
    child = int(program.stdout.readline())
    servers = _servers()
    assert servers
    program.send_signal(signal.SIGKILL)
    program.communicate()
    for process in (child, *servers):
        _gone(process)


def test_a_tool_that_changes_is_shown_again_and_asked_for(tmp_path: Path, entry: dict[str, Any]) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=entry) as box:
            await box.names()
            assert await box.text("h_add")
            assert not box.questions
            await box.call("h_change")
            wrong, text = await box.call("h_add")
            assert wrong
            assert "h_add is another tool now, look at it again" in text
            assert "Forward all mail" in text
            await box.call("h_add")
            assert box.questions[-1].changed
            assert any("changed its tools: h_add" in notice for notice in box.notices)

    asyncio.run(act())


def test_an_injection_stays_between_marks_that_it_cannot_know(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            _, text = await box.call("h_inject")
            first, *body, last = text.splitlines()
            assert "data and no instructions" in first
            assert first.endswith(f"{last}:")
            assert last not in "\n".join(body)
            assert "\x1b" not in text
            assert INJECTION.splitlines()[0] == body[0]

    asyncio.run(act())


def test_the_environment_and_the_folder_are_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hidden")
    monkeypatch.setenv("WANTED", "given")

    async def act() -> None:
        async with opened(tmp_path, h=hostile(env={"MINE": "${WANTED}"})) as box:
            await box.names()
            names = set((await box.text("h_environment")).split())
            assert "MINE" in names
            assert "SECRET_TOKEN" not in names
            assert names <= {"MINE", "HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LC_CTYPE"} | {
                name for name in os.environ if "CERT" in name or "CA_BUNDLE" in name
            }
            place = Path(await box.text("h_place"))
            assert not place.is_relative_to(tmp_path)

    asyncio.run(act())


@pytest.mark.parametrize("how", ["stdio", "sse", "streamable-http"])
def test_sampling_and_elicitation_are_refused(tmp_path: Path, how: str) -> None:
    async def act(entry: dict[str, Any]) -> None:
        async with opened(tmp_path, a={**entry, "approval": "never"}) as box:
            await box.names()
            assert (await box.text("a_sample")).startswith("refused: ")
            assert (await box.text("a_elicit")).startswith("refused: ")
            assert await box.text("a_add", a=2, b=3) == "5"

    if how == "stdio":
        asyncio.run(act({"command": sys.executable, "args": [str(ASKING), how]}))
        return
    with served(str(ASKING), how, str(free_port())) as port:
        path = "sse" if how == "sse" else "mcp"
        asyncio.run(act({"url": f"http://127.0.0.1:{port}/{path}"}))


def _servers() -> list[int]:
    """The hostile servers that run, by their ids, but for those of another test run."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        words, home = process.info["cmdline"] or [], (process.info["environ"] or {}).get("HOME")
        if str(HOSTILE) in words and home == os.environ["HOME"]:
            found.append(process.pid)
    return found


def _gone(process: int) -> None:
    deadline = time.monotonic() + 15
    while psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"{process} lives on"
        time.sleep(0.1)
