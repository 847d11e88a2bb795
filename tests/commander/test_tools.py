"""Tasks that need tools, by the command line: a real MCP server, a scripted model."""

import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.commander.program import Ran, run
from tests.commander.test_end import started
from tests.tools.interpreter.bench import wait_until
from tests.tools.mcp.boxes import HOSTILE
from tools.embedded.engine import Ask
from tools.embedded.scripted import Messages, Reply, ScriptedEngine, model, scripted, twice

CALM = HOSTILE.with_name("calm.py")
TASK = "Use the house tools: how warm is it in the kitchen?"
ASKS = {"name": "house_temperature", "arguments": {"room": "kitchen"}}
SETS = {"name": "house_set_temperature", "arguments": {"room": "kitchen", "degrees": 19}}
ANSWER = "It is 21.5 degrees in the kitchen."


class House:
    """A workspace, a house beside it, and the program with that house's server."""

    def __init__(self, folder: Path) -> None:
        self.place, self.rooms, self.list = folder / "place", folder / "rooms", folder / "mcp.json"
        self.place.mkdir()
        self.rooms.mkdir()
        self.engine: ScriptedEngine | None = None
        self.serve(command=sys.executable, args=[str(CALM), str(self.rooms)])

    def serve(self, **entry: Any) -> None:
        """Have this server."""
        self.list.write_text(json.dumps({"mcpServers": {"house": entry}}), encoding="utf-8")

    def ask(
        self, script: list[Any] | Callable[[Messages], str | Reply], *typed: str, task: str = TASK, **able: Any
    ) -> Ran:
        """What the program does where the model says this, one reply a call; what is no text is JSON."""
        said = script if callable(script) else [each if isinstance(each, str) else json.dumps(each) for each in script]
        with scripted(said, *([model(**able)] if able else [])) as (url, self.engine):
            return run("--json", "--mcp", self.list, *typed, task, cwd=self.place, OLLAMA_BASE_URL=url)

    @property
    def asks(self) -> list[Ask]:
        """What the model was asked."""
        assert self.engine
        return self.engine.asks

    @property
    def asked(self) -> list[str]:
        """The rooms whose warmth was asked for."""
        file = self.rooms / "asked.txt"
        return file.read_text(encoding="utf-8").split() if file.exists() else []


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def end(ran: Ran) -> dict[str, Any]:
    """How it ended."""
    assert ran.events and ran.events[-1]["kind"] == "finished", ran
    return ran.events[-1]


@pytest.mark.parametrize("native", [True, False])
def test_a_tool_is_called_and_its_value_is_the_answer(house: House, native: bool) -> None:
    able = ("completion", "tools") if native else ("completion",)
    ran = house.ask([ASKS, ANSWER if native else {"answer": ANSWER}], capabilities=able)
    assert (ran.code, end(ran)["answer"], end(ran)["verified"], house.asked) == (0, ANSWER, True, ["kitchen"])
    (route,), (used,), (gave,) = (
        [event for event in ran.events if event["kind"] == kind] for kind in ("route", "tool", "tool_result")
    )
    assert route["route"] == "tools" and "house" in route["reason"]
    assert (used["name"], used["arguments"]) == (ASKS["name"], ASKS["arguments"])
    assert gave["good"] and "21.5 degrees" in gave["text"]
    first, second = house.asks
    assert bool(first.tools) is native
    assert ("house_temperature(room: string)" in str(first.messages)) is not native
    assert "21.5 degrees" in str(second.messages)


def test_the_reply_of_a_model_without_tools_is_held_to_a_form(house: House) -> None:
    house.ask([ASKS, {"answer": ANSWER}], capabilities=("completion",))
    first, second = (json.dumps(ask.schema) for ask in house.asks)
    assert "house_temperature" in first and '"answer"' not in first
    assert "house_temperature" in second and '"answer"' in second


def test_an_answer_before_any_call_does_not_stand(house: House) -> None:
    ran = house.ask(["It is 23 degrees."] * 5)
    assert (ran.code, house.asked) == (1, [])
    assert end(ran)["missing"] == ["No tool has given anything yet. So make the call that the task needs."]
    ran = house.ask(["It is 23 degrees.", ASKS, ANSWER])
    assert (ran.code, end(ran)["answer"]) == (0, ANSWER)


def test_a_value_that_no_tool_gave_is_sent_back(house: House) -> None:
    ran = house.ask([ASKS, "It is 23 degrees.", ANSWER])
    assert (ran.code, end(ran)["answer"], end(ran)["verified"]) == (0, ANSWER, True)
    assert "23 stands in nothing that a tool gave" in str(house.asks[-1].messages)
    ran = house.ask([ASKS, "It is 23 degrees.", "It is 23 degrees."])
    assert (ran.code, end(ran)["verified"]) == (0, False)


def test_the_same_call_again_is_not_made_and_the_next_turn_must_answer(house: House) -> None:
    ran = house.ask([ASKS, ASKS, ANSWER])
    assert (ran.code, house.asked, end(ran)["calls"]) == (0, ["kitchen"], 3)
    assert [bool(ask.tools) for ask in house.asks] == [True, True, False]


def test_a_call_that_is_wrong_is_repaired(house: House) -> None:
    wrong = {"name": "house_temperature", "arguments": {"chamber": "kitchen"}}
    ran = house.ask([wrong, ASKS, ANSWER])
    assert (ran.code, house.asked) == (0, ["kitchen"])
    assert "room (string, required)" in str(house.asks[1].messages)
    ran = house.ask([{"name": "warmth", "arguments": {}}, ASKS, ANSWER])
    assert (ran.code, house.asked) == (0, ["kitchen"] * 2)
    assert "There is no tool warmth" in str(house.asks[1].messages)


def test_what_must_be_asked_is_refused_without_a_terminal_and_named(house: House) -> None:
    task = "Use the house tools to set the kitchen to 19 degrees."
    ran = house.ask([SETS, *["The kitchen has 19 degrees now."] * 3], task=task)
    assert (ran.code, list(house.rooms.iterdir())) == (1, [])
    assert "no terminal" in " ".join(end(ran)["refused"])
    ran = house.ask([SETS, "The kitchen will have 19 degrees."], "--yes", task=task)
    assert (ran.code, (house.rooms / "kitchen.txt").read_text(encoding="utf-8")) == (0, "19.0")


@pytest.mark.parametrize(
    "code", ["```python\nopen('warm.txt', 'w').write('21.5\\n')\nprint(21.5)\n```", "```\n21.5\n```"]
)
def test_what_the_tools_gave_goes_to_the_executor(house: House, code: str) -> None:
    hands = {"name": "run_code", "arguments": {"task": "Write 21.5 to warm.txt"}}
    task = "Use the house tools, and write how warm the kitchen is to warm.txt"
    ran = house.ask([ASKS, hands, code, "Written: 21.5."], task=task)
    assert (ran.code, (house.place / "warm.txt").read_text(encoding="utf-8")) == (0, "21.5\n"), ran
    assert end(ran)["added"] == ["warm.txt"]
    assert ran.kinds().count("code") == 1
    assert "21.5 degrees" in str(house.asks[2].messages), "what the tools gave is in the Executor's prompt"
    assert "run_code" in str(house.asks[3].messages) and "The Executor does it" not in str(house.asks[3].messages)


def test_a_file_that_is_asked_for_must_be_there(house: House) -> None:
    ran = house.ask([ASKS, *["Saved 21.5 to warm.txt."] * 3], task=f"{TASK} Write it to warm.txt")
    assert ran.code == 1
    assert "warm.txt" in " ".join(end(ran)["missing"])


def test_a_server_that_does_not_start_ends_the_task_that_asks_for_it_with_one_line(house: House) -> None:
    house.serve(command=sys.executable, args=["-c", "import sys; sys.exit('no browser; next: apt install chromium')"])
    ran = house.ask([ASKS, ANSWER])
    assert (ran.code, house.asks) == (1, [])
    assert ran.err.count("\n") == 1 and "next: apt install chromium" in ran.err


def test_a_program_behind_a_server_that_is_missing_is_one_line(house: House) -> None:
    house.serve(command=sys.executable, args=[str(CALM), str(house.rooms / "gone")])
    ran = house.ask([ASKS, {**ASKS, "arguments": {"room": "hall"}}, ANSWER])
    assert (ran.code, end(ran)["calls"]) == (1, 2)
    (line,) = end(ran)["missing"]
    assert "No such file or directory" in line and "Error executing tool" not in line


def test_calls_have_an_end(house: House) -> None:
    rooms = iter(range(100))

    def says(messages: Messages) -> str:
        return json.dumps({"name": "house_temperature", "arguments": {"room": f"room{next(rooms)}"}})

    ran = house.ask(says, "--max-turns", "30")
    assert (ran.code, len(house.asked)) == (1, 10)


def test_other_tasks_start_no_server(house: House) -> None:
    ran = house.ask(["?", *twice("```python\nprint(2 + 2)\n```")], task="Compute 2 + 2 with a program")
    assert (ran.code, house.asked) == (0, [])
    assert "tool" not in ran.kinds()


def test_the_road_of_tools_can_be_asked_for(house: House) -> None:
    ran = house.ask([ASKS, ANSWER], "--route", "tools", task="How warm is the kitchen?")
    assert (ran.code, house.asked) == (0, ["kitchen"])


def test_a_list_that_makes_no_sense_is_one_line(house: House) -> None:
    house.list.write_text("{", encoding="utf-8")
    ran = house.ask([ANSWER])
    assert ran.code == 2 and "mcp.json cannot be read" in ran.err and "next:" in ran.err


def test_a_run_that_was_killed_goes_on_without_calling_again(house: House) -> None:
    def halting(messages: Messages) -> str | Reply:
        return Reply("", fault="hang") if "21.5 degrees" in str(messages) else json.dumps(ASKS)

    with scripted(halting) as (url, _):
        process = started(url, house.place, '"kind": "tool_result"', "--mcp", str(house.list), task=TASK)
        process.kill()
        process.communicate(timeout=20)
    with scripted([ANSWER]) as (url, engine):
        ran = run("--json", "--mcp", house.list, "resume", cwd=house.place, OLLAMA_BASE_URL=url)
    assert (ran.code, end(ran)["answer"], house.asked) == (0, ANSWER, ["kitchen"]), ran
    assert len(engine.asks) == 1


def test_an_interrupt_ends_the_servers_too(house: House) -> None:
    slow = "import sys, time\ntime.sleep(60)"
    house.serve(command=sys.executable, args=["-c", slow, str(house.rooms)], startTimeout=60)
    with scripted([json.dumps(ASKS)]) as (url, _):
        process = started(url, house.place, '"name": "starting the tools of"', "--mcp", str(house.list), task=TASK)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130 and time.monotonic() - begin < 2 * 3
    assert wait_until(
        lambda: not [p for p in psutil.process_iter(["cmdline"]) if str(house.rooms) in (p.info["cmdline"] or [])]
    )
