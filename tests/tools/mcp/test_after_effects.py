"""The shipped entry for After Effects: the server starts, lists its tools, and says that the program is missing."""

import asyncio
from pathlib import Path

from tests.tools.mcp.boxes import free_port, opened
from tests.tools.mcp.installed import from_pypi
from tools.mcp.catalog import SHIPPED, raw


def test_its_tools_are_listed_and_called_without_the_program(tmp_path: Path) -> None:
    shipped = raw(SHIPPED)["ae"]
    package, version = shipped["args"][1].split("==")
    installed = from_pypi(package, version, env={**shipped["env"], "MOGRAPH_WS_PORT": str(free_port())})
    assert [shipped["command"], *shipped["args"]] == [installed["command"], *installed["args"]]

    async def act() -> None:
        async with opened(tmp_path, ae={**shipped, **installed}) as box:
            step = "Create a composition of 1920x1080 in After Effects"
            assert "ae_new_comp" in await box.names(step, 1500)
            assert len(box.box.servers.offers) == 65
            assert '"connected": false' in await box.text("ae_status")
            wrong, text = await box.call("ae_get_project_info")
            assert wrong
            assert "No After Effects panel is connected" in text
            assert len(box.notices) == 1
            assert "Open After Effects and the 'mograph bridge' panel" in box.notices[0]
            wrong, text = await box.call("ae_new_comp", name="Main", width="wide")
            assert wrong
            assert "width: 'wide' is not" in text

    asyncio.run(act())


def test_a_step_about_something_else_does_not_start_it(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, ae=raw(SHIPPED)["ae"]) as box:
            names = await box.names("Write the first 20 primes to primes.csv")
            assert names == list(box.box.own.schemas)
            assert not box.notices

    asyncio.run(act())
