"""The recorded exchanges with a real Ollama, replayed: the app's answers field by field."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tools.embedded.app import create
from tools.embedded.scripted import Messages, Reply, ScriptedEngine, model, serving

LOAD = 0.1
"""Seconds that a load takes here."""
VARYING = {"created_at", "modified_at", "expires_at", "id", "created", "size", "version", "system_fingerprint"}
VARYING |= {f"{what}_duration" for what in ("total", "load", "prompt_eval", "eval")}
REFUSED = {"pull, no such registry", "create from another", "delete", "delete, unknown"}
"""What the embedded server does not do, and says so."""
COUNTED_BY_THE_REAL_TOKENIZER = {"chat, tools", "v1 chat, tools"}
Exchange = dict[str, Any]


def objects(lines: list[str]) -> list[Any]:
    """The JSON of each line that has some, whatever the framing."""
    texts = [line.removeprefix("data: ") for line in lines]
    return [json.loads(text) for text in texts if text.startswith("{")]


def words(exchange: Exchange) -> Reply:
    """What the recorded model said, in as many pieces."""
    found = objects(exchange["response"]["lines"])
    if "choices" in found[0]:
        choices = [o["choices"][0] for o in found if o["choices"]]
        pieces = [c.get("delta", c.get("message"))["content"] for c in choices]
        reason, count = (
            choices[-1]["finish_reason"],
            found[-1].get("usage", {}).get("completion_tokens", len(pieces) - 1),
        )
    else:
        pieces = [o["message"]["content"] for o in found]
        reason, count = found[-1].get("done_reason", "stop"), found[-1].get("eval_count", 1)
    pieces = pieces[:-1] if len(pieces) > 1 else pieces
    return Reply(pieces + [""] * (count - len(pieces)), reason=reason)


class Replay:
    """The recording against a server whose model says what was recorded."""

    def __init__(self, wire: dict[str, Exchange]) -> None:
        rows = objects(wire["tags"]["response"]["lines"])[0]["models"]
        windows = {"exec-alias-4096:latest": 4096, "tiny-ctx:latest": 512}
        self.said = Reply("")
        self.engine = ScriptedEngine(
            self._say,
            *(
                model(
                    row["name"],
                    weights=row["details"]["parameter_size"],
                    digest=row["digest"],
                    modified_at=row["modified_at"][:26] + "Z",
                    window=windows.get(row["name"], 8192),
                    capabilities=("completion",) if row["name"].startswith("plain") else ("completion", "tools"),
                    details=row["details"],
                    show={"modelfile": "", "template": "", "details": {}, "model_info": {}, "tensors": []},
                )
                for row in rows
            ),
            load=LOAD,
        )

    def _say(self, messages: Messages) -> Reply:
        return self.said

    def send(self, client: httpx.Client, exchange: Exchange) -> httpx.Response:
        """The recorded request; the model will say what was recorded."""
        request, body = exchange["request"], exchange["request"]["body"]
        if exchange["response"]["status"] == 200 and request["path"].endswith(("chat", "completions")):
            self.said = words(exchange)
        content = body if isinstance(body, str) or body is None else json.dumps(body)
        return client.request(request["method"], request["path"], content=content)


@pytest.fixture(scope="module")
def answers(wire: dict[str, Exchange]) -> Iterator[tuple[Replay, dict[str, httpx.Response]]]:
    """Our answer to each recorded request, in the recorded order."""
    replay = Replay(wire)
    with serving(create(replay.engine)) as base_url, httpx.Client(base_url=base_url) as client:
        yield replay, {name: replay.send(client, exchange) for name, exchange in wire.items()}


def differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Places where keys, types or values differ."""
    key = place.rpartition(".")[2]
    if type(ours) is not type(theirs):
        yield f"{place}: {ours!r} is not of the type of {theirs!r}"
    elif isinstance(ours, dict):
        if list(ours) != list(theirs):
            yield f"{place}: keys {list(ours)}, recorded {list(theirs)}"
        for name in ours.keys() & theirs.keys():
            yield from differences(ours[name], theirs[name], f"{place}.{name}")
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            yield f"{place}: {len(ours)} items, recorded {len(theirs)}"
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(mine, other, f"{place}[{number}]")
    elif key not in VARYING and ours != theirs:
        yield f"{place}: {ours!r}, recorded {theirs!r}"


def test_every_answer_is_as_recorded(
    answers: tuple[Replay, dict[str, httpx.Response]], wire: dict[str, Exchange]
) -> None:
    wrong = []
    for name, exchange in wire.items():
        if name in REFUSED or exchange["request"]["path"] == "/api/show":
            continue
        ours, theirs = answers[1][name], exchange["response"]
        found = differences(objects(ours.text.split("\n")), objects(theirs["lines"]))
        counts = ("prompt_eval_count", "prompt_tokens", "total_tokens")
        if name in COUNTED_BY_THE_REAL_TOKENIZER:
            found = (difference for difference in found if not any(count in difference for count in counts))
        wrong += [f"{name}{difference}" for difference in found]
        wrong += [f"{name}: status {ours.status_code}"] * (ours.status_code != theirs["status"])
        kind = ours.headers["content-type"]
        wrong += [f"{name}: {kind}"] * (kind != theirs["headers"]["content-type"])
        lines = len(ours.text.split("\n"))
        wrong += [f"{name}: {lines} lines, recorded {len(theirs['lines'])}"] * (lines != len(theirs["lines"]))
        if not theirs["lines"][0].startswith(("{", "data")):
            wrong += [f"{name}: {ours.text}"] * (ours.text != theirs["lines"][0])
    assert not wrong


@pytest.mark.parametrize("name", ["show", "tools on a model without them: see capabilities in show"])
def test_show_has_the_recorded_keys_in_their_order(
    answers: tuple[Replay, dict[str, httpx.Response]], wire: dict[str, Exchange], name: str
) -> None:
    ours, theirs = answers[1][name], wire[name]["response"]["lines"][0]  # cut in the middle by who recorded it
    places = [place for key in ours.json() if (place := theirs.rfind(f'"{key}":')) >= 0]
    assert places == sorted(places)
    assert len(places) >= 4
    assert f'"capabilities":{json.dumps(ours.json()["capabilities"], separators=(",", ":"))}' in theirs


def test_the_model_is_loaded_again_exactly_where_ollama_did(
    answers: tuple[Replay, dict[str, httpx.Response]],
) -> None:
    replay, got = answers
    assert [window for _, window in replay.engine.loads] == [8192, 4096, 8192, 512, 8192, 4096, 8192]
    loading = {
        name: answer.json()["load_duration"] >= LOAD * 1e9
        for name, answer in got.items()
        if "load_duration" in answer.text and "stream" not in name.replace("no stream", "")
    }
    again = {name for name, slow in loading.items() if slow}
    assert again == {
        "chat, other num_ctx",
        "chat, prompt over num_ctx",
        "chat, keep_alive 30m",
        "alias with another num_ctx",
        "first name again",
    }


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_it_does_not_do_is_said(answers: tuple[Replay, dict[str, httpx.Response]], name: str) -> None:
    answer = answers[1][name]
    assert answer.status_code == 501
    assert list(answer.json()) == ["error"]
