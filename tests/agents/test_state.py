"""The ledger survives a round through JSON, whole."""

import dataclasses
import json
from pathlib import Path

from agents.expectation import expectation
from agents.ledger import MAX_TRIES, Ledger, Road, Try, Used
from agents.state import dumped, reopen, restored
from config.errors import CommanderError
from tools.interpreter.box import BlockResult
from tools.snapshot import Changes, Snapshot, Snapshots


def nowhere(identity: str) -> Snapshot:
    """A store that has nothing."""
    raise KeyError(identity)


def full(snapshots: Snapshots) -> Ledger:
    """A ledger in the middle of a plan, with every field set."""
    done = Try(
        "python",
        "print(1)",
        BlockResult(0, "1\n", 0.5),
        Changes(("a",), (), ("b",), (("b", "a"),)),
        (),
        "1",
        snapshots.take(),
    )
    failed = Try("shell", "false", BlockResult(None, "", 2.0, "time limit"), Changes(), ("It was ended.",))
    ledger = Ledger(
        task="Write ten lines to ten.txt and tell me their sum",
        road=Road("hybrid", "3 numbered steps", ("one", "two", "three"), sure=False),
        expects=expectation("Write ten lines to ten.txt and tell me their sum", ["a.txt"]),
        accepted=[done],
        tries=[failed],
        calls=[Used("read_file", '{"path": "a.txt"}', "a", wrong=False)],
        drafts={2: "```python\nprint(3)\n```"},
    )
    for field in dataclasses.fields(Ledger):
        match getattr(ledger, field.name):
            case bool(value):
                setattr(ledger, field.name, not value)
            case int(value):
                setattr(ledger, field.name, value + 7)
            case "" | []:
                setattr(ledger, field.name, "text" if field.type == "str" or field.type is str else ["one", "two"])
    return ledger


def test_every_field_comes_back(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "a.txt").write_text("a", encoding="utf-8")
    ledger = full(snapshots := Snapshots(tmp_path / "place", tmp_path / "store"))
    fresh, errorless = Ledger(), {field.name for field in dataclasses.fields(Ledger)} - {"error"}
    assert [name for name in errorless if getattr(ledger, name) == getattr(fresh, name)] == []
    data = json.loads(json.dumps(dumped(ledger)))
    assert restored(data, Snapshots(tmp_path / "place", tmp_path / "store").load) == ledger
    assert snapshots.load(data["accepted"][0]["state"]) == ledger.accepted[0].state


def test_what_another_version_wrote_or_left_out_is_no_matter() -> None:
    data = dumped(Ledger(task="x")) | {"unknown": 1}
    del data["terse"]
    assert restored(data, nowhere) == Ledger(task="x")


def test_what_ended_by_an_error_is_neither_over_nor_in_error() -> None:
    ledger = Ledger(task="x")
    ledger.fail(CommanderError("the server is gone"))
    assert restored(dumped(ledger), nowhere) == Ledger(task="x")


def test_what_gave_up_is_opened_again_and_what_is_done_is_not() -> None:
    attempt = Try("python", "x", BlockResult(1, "", 0), Changes(), ("It failed.",))
    spent = Ledger(over=True, missing=["nothing did it"], tries=[attempt] * MAX_TRIES, advice="Mind.")
    reopen(spent)
    assert (spent.over, spent.missing, spent.tries, spent.advice) == (False, [], [], "")
    late = Ledger(over=True, missing=["the time limit"], tries=[attempt])
    reopen(late)
    assert (late.over, late.tries) == (False, [attempt])
    done = Ledger(over=True, answer="42")
    reopen(done)
    assert (done.over, done.answer) == (True, "42")
