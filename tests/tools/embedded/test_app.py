"""The app over the scripted engine: what the recording does not show, over real HTTP."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import ollama
import openai
import pytest
from starlette.middleware import Middleware

from tools.embedded import chatml
from tools.embedded.app import create
from tools.embedded.gates import Owner
from tools.embedded.scripted import Messages, Reply, ScriptedEngine, model, scripted, serving

NATIVE, COMPATIBLE = "/api/chat", "/v1/chat/completions"
LONG = Reply(["word "] * 1000, delay=0.005)
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}


def ask(base_url: str, path: str = NATIVE, content: str = "Hi", **more: Any) -> httpx.Response:
    body = {"model": "scripted", "messages": [{"role": "user", "content": content}], "stream": False} | more
    return httpx.post(base_url + path, json=body, timeout=10)


def text(answer: httpx.Response) -> str:
    body = answer.json()
    return str((body.get("message") or body["choices"][0]["message"])["content"])


def ps(base_url: str) -> list[dict[str, Any]]:
    return list(httpx.get(f"{base_url}/api/ps").json()["models"])


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize("path", [NATIVE, COMPATIBLE])
def test_the_model_stops_when_the_reader_of_a_stream_is_gone(path: str) -> None:
    with scripted([LONG, "next"]) as (base_url, engine):
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
        with httpx.stream("POST", base_url + path, json=body) as answer:
            next(answer.iter_lines())
        made = engine.made
        assert text(ask(base_url, path)) == "next"
        assert engine.made - made <= 20, "pieces made after the client had gone"


@pytest.mark.parametrize("path", [NATIVE, COMPATIBLE])
@pytest.mark.parametrize("first", [LONG, Reply("never", fault="hang")], ids=["writing", "hanging"])
def test_the_model_stops_when_who_waits_for_the_whole_is_gone(path: str, first: Reply) -> None:
    with scripted([first, "next"]) as (base_url, engine):
        body = {"model": "scripted", "messages": [{"role": "user"}], "stream": False}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(base_url + path, json=body, timeout=0.3)
        assert text(ask(base_url, path)) == "next"
        assert engine.made < 200


def test_a_load_ends_when_its_client_is_gone() -> None:
    with scripted(["ready"], load=0.4) as (base_url, engine):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{base_url}/api/generate", json={"model": "scripted"}, timeout=0.1)
        time.sleep(0.5)
        assert ps(base_url) == []
        assert text(ask(base_url)) == "ready"
        assert len(engine.loads) == 2


@pytest.mark.parametrize("path", [NATIVE, COMPATIBLE])
def test_a_death_is_told_and_the_next_request_loads_again(path: str) -> None:
    with scripted([Reply("one two three", fault="die", after=2), Reply("", fault="die"), "back"]) as (base_url, engine):
        streamed = ask(base_url, path, stream=True)
        assert streamed.status_code == 200
        last = streamed.text.strip().split("\n")[-1].removeprefix("data: ")
        assert "an error was encountered while running the model" in str(json.loads(last)["error"])
        assert ps(base_url) == []
        at_once = ask(base_url, path)
        assert (at_once.status_code, list(at_once.json())) == (500, ["error"])
        assert text(ask(base_url, path)) == "back"
        assert len(engine.loads) == 3


def test_keep_alive_ends_in_time_and_is_checked() -> None:
    with scripted(lambda messages: "yes") as (base_url, engine):
        ask(base_url, keep_alive=0)
        assert wait_for(lambda: ps(base_url) == [])
        ask(base_url, keep_alive="2s")
        ask(base_url, COMPATIBLE)
        assert len(ps(base_url)) == 1
        assert wait_for(lambda: ps(base_url) == [])
        ask(base_url, keep_alive=-1)
        assert ps(base_url)[0]["expires_at"] > "2100"
        assert ask(base_url, keep_alive="soon").json() == {"error": 'time: invalid duration "soon"'}
        assert len(engine.loads) == 3


def long_if_asked(messages: Messages) -> str | Reply:
    return LONG if messages[-1]["content"] == "long" else "short"


def test_weights_are_shared_swapped_and_never_taken_from_under_a_reader() -> None:
    models = [model("a", weights="1"), model("b", weights="1"), model("c", weights="2"), model("d", weights="3")]
    with scripted(long_if_asked, *models) as (base_url, engine):
        ask(base_url, model="a")
        ask(base_url, model="b:latest")
        assert engine.loads == [("a", 8192)]
        whole: list[str] = []
        options = {"num_predict": 60}
        reader = threading.Thread(
            target=lambda: whole.append(text(ask(base_url, content="long", model="a", options=options)))
        )
        reader.start()
        assert wait_for(lambda: engine.made > 10)
        ask(base_url, model="A", options={"num_ctx": 100})
        reader.join()
        assert whole == ["word " * 60]
        ask(base_url, model="c")
        ask(base_url, model="d")
        assert {row["name"] for row in ps(base_url)} == {"c:latest", "d:latest"}
        assert engine.loads == [("a", 8192), ("a", 100), ("c", 8192), ("d", 8192)]


@pytest.mark.parametrize("path", [NATIVE, COMPATIBLE])
@pytest.mark.parametrize("stream", [False, True])
def test_only_a_tagged_call_becomes_a_tool_call(path: str, stream: bool) -> None:
    call = '{"name": "get_weather", "arguments": {"city": "Lisbon"}}'
    with scripted([f"Well.<tool_call>\n{call}\n</tool_call>", call]) as (base_url, _):
        first, second = (ask(base_url, path, tools=[WEATHER], stream=stream) for _ in range(2))
    lines = [line.removeprefix("data: ") for line in first.text.split("\n") if line.startswith(("{", "data: {"))]
    parts = [json.loads(line) for line in lines]
    heads = [part.get("message") or part["choices"][0].get("delta") or part["choices"][0]["message"] for part in parts]
    functions = [one["function"] for head in heads for one in head.get("tool_calls", [])]
    assert "".join(head["content"] for head in heads) == "Well."
    assert [one["name"] for one in functions] == ["get_weather"]
    assert functions[0]["arguments"] == ({"city": "Lisbon"} if path == NATIVE else '{"city":"Lisbon"}')
    if path == COMPATIBLE:
        assert parts[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert "tool_calls" not in second.text


def test_the_oldest_messages_are_cut_and_the_system_stays() -> None:
    system, old, new = ({"role": r, "content": w * 30} for r, w in (("system", "s "), ("user", "o "), ("user", "n ")))
    answer = {"role": "assistant", "content": "a " * 30}
    with scripted(["yes"]) as (base_url, engine):
        messages = [system, old, answer, new]
        assert ask(base_url, messages=messages, options={"num_ctx": 100}).status_code == 200
    assert engine.asks[0].prompt == engine.tokens(chatml.render([system, new], []))


def test_sampling_reaches_the_engine_in_one_language() -> None:
    with scripted(["1", "2", "3"]) as (base_url, engine):
        parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
        messages = [{"role": "developer", "content": "d"}, {"role": "user", "content": parts}]
        form = {"type": "json_object"}
        ask(base_url, COMPATIBLE, messages=messages, max_completion_tokens=5, stop="x", response_format=form)
        ask(base_url, options={"seed": 3, "nonsense": 1}, format="json")
        assert ask(base_url, options={"temperature": "hot"}).status_code == 400
    first, second = engine.asks
    assert first.options == {"temperature": 1.0, "top_p": 1.0, "num_predict": 5, "stop": ["x"]}
    assert first.messages == [{"role": "system", "content": "d"}, {"role": "user", "content": "a\nb"}]
    assert first.schema == second.schema == {"type": "object"}
    assert second.options["seed"] == 3


def test_no_answer_waits_for_an_acknowledgement() -> None:
    with scripted([]) as (base_url, _), httpx.Client(base_url=base_url) as client:
        times = [client.get("/api/version").elapsed.total_seconds() for _ in range(9)]
    assert sorted(times)[4] < 0.03


def test_generate_answers_a_prompt() -> None:
    with scripted(["one two", "one two"]) as (base_url, engine):
        body = {"model": "scripted", "system": "s", "prompt": "p"}
        whole = httpx.post(f"{base_url}/api/generate", json=body | {"stream": False}).json()
        lines = httpx.post(f"{base_url}/api/generate", json=body).text.splitlines()
    assert (whole["response"], whole["done_reason"]) == ("one two", "stop")
    assert "".join(json.loads(line)["response"] for line in lines) == "one two"
    assert engine.asks[0].messages == [{"role": "system", "content": "s"}, {"role": "user", "content": "p"}]


def test_only_its_owner_is_served_and_only_under_a_loopback_name() -> None:
    app = create(ScriptedEngine(["yes"]), gates=[Middleware(Owner, token="secret")])
    bearer = {"Authorization": "Bearer secret"}
    with serving(app) as base_url:
        port = base_url.rpartition(":")[2]
        assert httpx.get(base_url).status_code == 401
        assert httpx.get(base_url, headers={"Authorization": "Bearer secres"}).status_code == 401
        assert httpx.get(base_url, headers=bearer | {"Host": f"evil.example:{port}"}).status_code == 403
        assert httpx.get(base_url, headers=bearer | {"Host": "127.0.0.1.evil.example"}).status_code == 403
        assert httpx.get(base_url, headers=bearer | {"Host": f"localhost:{port}"}).text == "Ollama is running"


def test_the_makers_own_clients_understand_it() -> None:
    with scripted(["one two", "one two"]) as (base_url, _):
        native = ollama.Client(base_url)
        messages = [{"role": "user", "content": "Hi"}]
        assert (
            "".join(part.message.content or "" for part in native.chat("scripted", messages, stream=True)) == "one two"
        )
        assert native.ps().models[0].context_length == 8192
        assert native.show("scripted").capabilities == ["completion", "tools"]
        with pytest.raises(ollama.ResponseError, match="does not pull"):
            native.pull("other")
        native._client.close()
        with openai.OpenAI(base_url=f"{base_url}/v1", api_key="any") as compatible:
            done = compatible.chat.completions.create(model="scripted", messages=[{"role": "user", "content": "Hi"}])
            assert done.choices[0].message.content == "one two"
            with pytest.raises(openai.NotFoundError, match="'other' not found"):
                compatible.chat.completions.create(model="other", messages=[{"role": "user", "content": "Hi"}])


def test_the_scripted_engine_pays_only_for_a_new_head() -> None:
    with scripted(lambda messages: "yes", prompt_token=0.002) as (base_url, _):
        head = {"role": "system", "content": "word " * 100}
        cold, warm = (
            ask(base_url, messages=[head, {"role": "user", "content": tail}]).json()["prompt_eval_duration"]
            for tail in ("one", "two")
        )
    assert cold > 10 * warm


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("", 400, "missing request body"),
        ("[]", 400, "json: cannot unmarshal array into Go value"),
        ("{x}", 400, "invalid character 'x' looking for beginning of value"),
        ('{"model": "scripted", "messages": [{"role": "user", "content": 1}]}', 400, "json: cannot unmarshal number"),
        ('{"model": "scripted", "messages": [{"role": "user", "images": ["x"]}]}', 400, "do not see images"),
        ('{"model": "scripted", "messages": [], "format": "xml"}', 400, "invalid format"),
    ],
)
def test_bad_requests_are_told_as_ollama_tells_them(body: str, status: int, error: str) -> None:
    with scripted([]) as (base_url, _):
        answer = httpx.post(base_url + NATIVE, content=body)
    assert answer.status_code == status
    assert error in answer.json()["error"]
