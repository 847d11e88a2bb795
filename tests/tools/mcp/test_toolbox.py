"""The tool box as an agent of AutoGen's uses it."""

import asyncio
import json
import sys
from pathlib import Path

from autogen_agentchat.agents import AssistantAgent
from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import CreateResult, ModelInfo, RequestUsage
from autogen_ext.models.replay import ReplayChatCompletionClient
from autogen_ext.tools.mcp import McpWorkbench, StdioServerParams
from mcp.types import Tool

from tests.tools.mcp.boxes import ASKING, HOSTILE, hostile, opened
from tools.mcp.entry import Entry
from tools.mcp.listing import offers
from tools.mcp.question import Question

INFO = ModelInfo(vision=False, function_calling=True, json_output=True, family="unknown", structured_output=True)


def calling(name: str, arguments: str) -> CreateResult:
    """A reply of a model that calls a tool."""
    call = FunctionCall(id="1", name=name, arguments=arguments)
    usage = RequestUsage(prompt_tokens=1, completion_tokens=1)
    return CreateResult(finish_reason="function_calls", content=[call], usage=usage, cached=False)


def test_an_assistant_agent_calls_tools_through_it(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("the code is 4711", encoding="utf-8")

    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            client = ReplayChatCompletionClient(
                [calling("read_file", '{"path": "note.txt"}'), calling("h_echo", '{"text": "hi"}'), "4711"],
                model_info=INFO,
            )
            agent = AssistantAgent("a", client, workbench=box.box, max_tool_iterations=5)
            result = await agent.run(task="Which code is in note.txt?")
            told = "\n".join(str(message) for message in result.messages)
            assert "the code is 4711" in told
            assert "hi" in told
            assert result.messages[-1].to_model_text() == "4711"  # type: ignore[union-attr]  # the last is a chat message

    asyncio.run(act())


def test_schemas_are_whole(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            (draw,) = (each for each in await box.box.list_tools() if each["name"] == "h_draw")
            text = json.dumps(draw)
            for part in ('"enum": ["red", "blue"]', '"$ref": "#/$defs/point"', '"$defs"', '"minimum": 1', '"required"'):
                assert part in text
            wrong, said = await box.call("h_draw", color="red", points=[{"y": 1}])
            assert wrong
            assert "points.0: 'x' is a required property" in said

    asyncio.run(act())


def test_reading_is_free_and_the_rest_is_asked(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            for name, arguments in (("echo", {"text": "a"}), ("draw", {"color": "red"}), ("wipe", {}), ("unknown", {})):
                await box.call(f"h_{name}", **arguments)
            kinds = [(question.tool, question.kind) for question in box.questions]
            assert kinds == [("draw", "write"), ("wipe", "destructive"), ("unknown", "unknown")]
            assert box.questions[0] == Question("h", "draw", "write", {"color": "red"})
            box.answer = "never"
            wrong, text = await box.call("h_wipe")
            assert (wrong, text) == (True, "Error: not called: never")

    asyncio.run(act())


def test_lists_and_settings_of_an_entry_hold(tmp_path: Path) -> None:
    async def act() -> None:
        entry = hostile(
            includeTools=["echo", "wipe", "draw"], excludeTools=["draw"], autoApprove=["wipe"], callsModel=["w*"]
        )
        async with opened(tmp_path, h=entry, off=hostile(disabled=True)) as box:
            names = await box.names()
            assert [name for name in names if name.startswith(("h_", "off_"))] == ["h_echo", "h_wipe"]
            assert (await box.call("h_draw", color="red"))[0]
            await box.text("h_wipe")
            assert box.questions == []
            assert box.notices[-1] == "h_wipe calls a model by itself: those calls are not counted"

    asyncio.run(act())


def test_a_name_that_is_almost_right_is_told(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            await box.names()
            wrong, text = await box.call("echo", text="a")
            assert wrong
            assert "h_echo" in text

    asyncio.run(act())


def test_a_workspace_that_is_gone_is_an_error_result(tmp_path: Path) -> None:
    async def act() -> None:
        (tmp_path / "gone").mkdir()
        async with opened(tmp_path / "gone") as box:
            (tmp_path / "gone").rmdir()
            wrong, text = await box.call("list_files")
            assert wrong
            assert text.startswith("Error: ")

    asyncio.run(act())


def test_a_call_can_be_cancelled(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile(timeout=60)) as box:
            await box.names()
            token = CancellationToken()
            running = asyncio.create_task(box.box.call_tool("h_hang", {}, token))
            await asyncio.sleep(0.5)
            token.cancel()
            done, _ = await asyncio.wait([running], timeout=5)
            assert done
            assert await box.text("h_echo", text="on") == "on"

    asyncio.run(act())


def test_what_was_used_stays_on_top_also_in_a_later_run(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile()) as box:
            assert "h_echo" not in await box.names("wipe all records", 600)
            await box.text("h_wipe")
            assert "h_add" in await box.names("and now", 2000)
            state = await box.box.save_state()
        async with opened(tmp_path, h=hostile()) as later:
            await later.box.load_state(json.loads(json.dumps(state)))
            assert "h_add" in await later.names("and now", 2000)

    asyncio.run(act())


def test_a_server_that_says_what_it_is_about_is_started_only_for_that(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(tmp_path, h=hostile(about="weather forecasts")) as box:
            assert "h_echo" not in await box.names("sum up the numbers")
            assert "h_echo" in await box.names("Which weather tomorrow?")

    asyncio.run(act())


def test_autogen_s_own_workbench_finds_the_same_tools(tmp_path: Path) -> None:
    """The extra of autogen-ext is there for scripts; ours offers what it offers."""
    parameters = StdioServerParams(command=sys.executable, args=[str(ASKING), "stdio"], read_timeout_seconds=20)

    async def act() -> None:
        async with McpWorkbench(parameters) as theirs:
            names = {f"a_{tool['name']}" for tool in await theirs.list_tools()}
        async with opened(tmp_path, a={"command": sys.executable, "args": [str(ASKING), "stdio"]}) as box:
            assert names < set(await box.names())

    asyncio.run(act())


def test_a_server_in_the_workspace_is_never_started(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_bytes(HOSTILE.read_bytes())
    planted = {"command": sys.executable, "args": [str(tmp_path / "server.py")]}

    async def act() -> None:
        async with opened(tmp_path, h=planted) as box:
            assert "h_echo" not in await box.names()
            assert "lies in the workspace, where generated code can write" in box.notices[0]

    asyncio.run(act())


def test_parameters_can_be_hidden_but_for_those_that_are_needed() -> None:
    schema = {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "required": ["a"]}
    entry = Entry.model_validate({"command": "x", "hideParameters": {"click": ["a", "b"]}})
    (offer,), _ = offers("s", entry, [Tool(name="click", inputSchema=schema)])
    assert list(offer.schema["parameters"]["properties"]) == ["a", "c"]
