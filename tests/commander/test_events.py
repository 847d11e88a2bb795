"""What `--json` prints is what docs/events.md and its schema say, no more and no less."""

import importlib.util
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.commander.program import Ran, run
from tests.commander.test_task import TASK, WRITES
from tests.tools.embedded.test_weights import Hub
from tests.tools.mcp.boxes import HOSTILE
from tools import events
from tools.embedded.scripted import Messages, Reply, model, scripted, serving

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/events.schema.json").read_text(encoding="utf-8"))
TEXT = (ROOT / "docs/events.md").read_text(encoding="utf-8")
KINDS: dict[str, dict[str, Any]] = SCHEMA["$defs"]
OLLAMA = ("localhost", 11434)


def closed() -> Draft202012Validator:
    """A validator that also refuses fields that nobody has written down."""
    kinds = {kind: {**one, "additionalProperties": False} for kind, one in KINDS.items()}
    return Draft202012Validator({**SCHEMA, "$defs": kinds})


CLOSED = closed()


def kinds_of(ran: Ran) -> set[str]:
    """The kinds that the run printed, each line as the schema has it."""
    for event in ran.events:
        found = [error.message for error in CLOSED.iter_errors(event)]
        assert not found, (event, found)
    return set(ran.kinds())


def planned(messages: Messages) -> str:
    """A plan with one step, its program, the report."""
    last = messages[-1]["content"]
    if "Reply as JSON" in last:
        return '{"steps": ["Write the numbers 1 to 5 to five.txt"]}'
    return "five.txt holds 1 to 5." if "# What was done" in last else WRITES


def plan(place: Path) -> Ran:
    """A run with a plan, and a model for each role."""
    with scripted(planned, model("brain"), model("hand")) as (url, _):
        roles = ("--model", "brain", "--executor-model", "hand")
        return run("--json", "--route", "hybrid", *roles, TASK, cwd=place, OLLAMA_BASE_URL=url)


def refused(place: Path) -> Ran:
    """A run whose program would have to be asked for."""
    with scripted([WRITES] * 9) as (url, _):
        return run("--json", "--ask", TASK, cwd=place, OLLAMA_BASE_URL=url)


def tools(place: Path) -> Ran:
    """A run with a server of tools."""
    listed, rooms = place.with_name("mcp.json"), place.with_name("rooms")
    rooms.mkdir()
    house = {"command": sys.executable, "args": [str(HOSTILE.with_name("calm.py")), str(rooms)]}
    listed.write_text(json.dumps({"mcpServers": {"house": house}}), encoding="utf-8")
    asks = json.dumps({"name": "house_temperature", "arguments": {"room": "kitchen"}})
    task = "Use the house tools: how warm is it in the kitchen?"
    with scripted([asks, "It is 21.5 degrees in the kitchen."]) as (url, _):
        return run("--json", "--mcp", listed, task, cwd=place, OLLAMA_BASE_URL=url)


def fetch(place: Path) -> Ran:
    """A run that fetches the embedded model from a hub that has something else; the road after that leads nowhere."""
    with serving(Hub(bytes(300_000)).app) as hub:
        return run("--json", TASK, cwd=place, HF_ENDPOINT=hub, UV=str(place / "no-uv"))


def answered() -> bool:
    """Whether the machine has an Ollama, which the embedded model would not stand in for."""
    with socket.socket() as tried:
        return tried.connect_ex(OLLAMA) == 0


RUNS: dict[Callable[[Path], Ran], tuple[int, set[str]]] = {
    plan: (
        0,
        {
            "route",
            "models",
            "notice",
            "phase",
            "load",
            "plan",
            "step",
            "delta",
            "call",
            "code",
            "output",
            "result",
            "review",
        }
        | {"finished"},
    ),
    refused: (1, {"refused", "finished"}),
    tools: (0, {"tool", "tool_result", "finished"}),
    fetch: (3, {"progress"}),
}
"""Runs that together print every kind, with their exit codes and kinds that each is there for."""


@pytest.mark.parametrize("runs", RUNS, ids=lambda runs: runs.__name__)
def test_what_a_run_prints_is_as_the_schema_says(runs: Callable[[Path], Ran], tmp_path: Path) -> None:
    if runs is fetch and answered():
        pytest.skip("an Ollama answers at its default address")
    place = tmp_path / "place"
    place.mkdir()
    code, kinds = RUNS[runs]
    ran = runs(place)
    assert ran.code == code, ran
    assert kinds <= kinds_of(ran)
    assert ("finished" in ran.kinds()) == (ran.kinds()[-1] == "finished") == (code < 2)
    assert bool(ran.err) == (code > 1)


def test_the_runs_print_every_kind() -> None:
    assert set().union(*(kinds for _, kinds in RUNS.values())) == KINDS.keys()


def test_a_run_that_an_error_ends_has_no_finished_and_one_line_on_standard_error(tmp_path: Path) -> None:
    with scripted([Reply(WRITES, fault="die", after=3)] * 3) as (url, _):
        ran = run("--json", TASK, cwd=tmp_path, OLLAMA_BASE_URL=url, COMMANDER_RETRY_PAUSE="0")
    assert ran.code == 3
    assert "finished" not in kinds_of(ran)
    assert ran.err.startswith("commander: ") and ran.err.count("\n") == 1


def test_the_schema_is_the_one_of_the_classes() -> None:
    spec = importlib.util.spec_from_file_location("events_schema", ROOT / "scripts/events_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs/events.schema.json").read_text(encoding="utf-8")
    assert written == module.text(), "next: uv run python scripts/events_schema.py"


def test_the_schema_is_right_and_refuses_what_is_wrong() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    good = events.Load("brain", "swap", 1.5).to_json()
    assert CLOSED.is_valid(good)
    later = {**good, "speed": 3}
    assert Draft202012Validator(SCHEMA).is_valid(later), "readers ignore what they do not know"
    wrong = [later, {**good, "why": "whim"}, {**good, "seconds": "1"}, {"kind": "load"}, {**good, "kind": "state"}]
    assert [event for event in wrong if CLOSED.is_valid(event)] == []


def in_words(field: dict[str, Any]) -> str:
    """A type of the schema as the document has it."""
    match field:
        case {"enum": values}:
            *first, last = (f'`"{each}"`' for each in values)
            return f"{', '.join(first)} or {last}"
        case {"anyOf": parts}:
            return " or ".join(map(in_words, parts))
        case {"type": "array", "items": items}:
            return f"list of {in_words(items)}s"
    return str(field["type"])


def test_the_document_has_every_kind_with_its_fields_and_types() -> None:
    _, *parts = re.split(r"^### `(\w+)`$", TEXT, flags=re.MULTILINE)
    rows = [re.findall(r"^\| `(\w+)` \| (.*?) \| ", part, re.MULTILINE) for part in parts[1::2]]
    told = dict(zip(parts[::2], rows, strict=True))
    fields = {kind: list(one["properties"].items())[1:] for kind, one in KINDS.items()}
    assert told == {kind: [(name, in_words(field)) for name, field in named] for kind, named in fields.items()}


def test_the_lines_in_the_document_are_of_the_schema() -> None:
    lines = [json.loads(line) for line in TEXT.splitlines() if line.startswith("{")]
    assert len(lines) > 10
    assert [line for line in lines if not CLOSED.is_valid(line)] == []


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_line_for_jq_finds_the_answer() -> None:
    (words,) = re.findall(r"\| jq -r '(.*)'", TEXT)
    lines = "\n".join(line for line in TEXT.splitlines() if line.startswith("{"))
    done = subprocess.run(["jq", "-r", words], input=lines, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    assert done.stdout == "The sum is 15.\n"
