"""The embedded server with the real 0.5B weights, against what the real Ollama gave for the same requests."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tools.embedded.address import Address
from tools.embedded.server import ensure, stop

pytestmark = pytest.mark.live
MODEL = "qwen2.5-coder:0.5b-instruct-q4_K_M"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WIRE = Path(__file__).parents[1] / "tools" / "embedded" / "ollama-wire.json"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A server of this module's own; the weights are fetched when this machine has none."""
    folder = tmp_path_factory.mktemp("state")
    yield ensure(MODEL, folder=folder)
    stop(folder)


def post(address: Address, path: str, **body: Any) -> dict[str, Any]:
    body = {"model": address.model, "stream": False} | body
    answer = httpx.post(address.base_url + path, json=body, headers=address.headers, timeout=120)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def chat(address: Address, content: str, **more: Any) -> dict[str, Any]:
    options = {"temperature": 0, "seed": 1, "num_predict": 40} | more.pop("options", {})
    return post(address, "/api/chat", messages=[{"role": "user", "content": content}], options=options, **more)


@pytest.mark.parametrize("name", ["chat, no stream", "chat, format schema", "v1 chat after it", "v1 chat, json_schema"])
def test_prompts_cost_as_many_tokens_as_in_ollama(address: Address, name: str) -> None:
    exchanges = json.loads(WIRE.read_text("utf-8"))["exchanges"]
    exchange = next(exchange for exchange in exchanges if exchange["name"] == name)
    theirs = json.loads(exchange["response"]["lines"][0])
    body = exchange["request"]["body"] | {"model": address.model}
    ours = post(address, exchange["request"]["path"], **body)
    if "usage" in theirs:
        assert ours["usage"]["prompt_tokens"] == theirs["usage"]["prompt_tokens"]
    else:
        assert ours["prompt_eval_count"] == theirs["prompt_eval_count"]


def test_greedy_words_are_ollamas(address: Address) -> None:
    answer = chat(address, "Hi", options={"num_predict": 8})
    assert answer["message"]["content"] == "# Hello! How can I assist you"
    assert (answer["prompt_eval_count"], answer["eval_count"], answer["done_reason"]) == (9, 8, "length")


def test_a_schema_is_obeyed_on_both_surfaces(address: Address) -> None:
    answer = chat(address, "Give a city as JSON.", format=CITY)
    assert list(json.loads(answer["message"]["content"])) == ["city"]
    form = {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY}}
    messages = [{"role": "user", "content": "Tell me a long story."}]
    other = post(address, "/v1/chat/completions", messages=messages, max_tokens=40, response_format=form)
    assert other["choices"][0]["message"]["content"].lstrip().startswith("{")


def test_a_shared_head_is_read_once(address: Address) -> None:
    head = "Remember: " + ", ".join(f"item {n}" for n in range(300))
    first = chat(address, f"{head}. Say yes.", options={"num_predict": 1})
    second = chat(address, f"{head}. Say no.", options={"num_predict": 1})
    assert first["prompt_eval_count"] == second["prompt_eval_count"] > 500
    assert second["prompt_eval_duration"] < first["prompt_eval_duration"] / 5


def test_a_seed_repeats_a_hot_answer(address: Address) -> None:
    hot = {"temperature": 1.2, "seed": 7}
    texts = [chat(address, "Write a haiku.", options=hot)["message"]["content"] for _ in range(3)]
    assert texts[1] == texts[2], "with the same state of the cache"
    assert chat(address, "Write a haiku.", options=hot | {"seed": 8})["message"]["content"] != texts[1]


def test_another_window_is_a_real_load_and_cuts(address: Address) -> None:
    chat(address, "Hi")
    warm = chat(address, "Hi")["load_duration"]
    cut = chat(address, "word " * 1500, options={"num_ctx": 512, "num_predict": 4})
    assert (cut["prompt_eval_count"], cut["eval_count"]) == (512, 4)
    assert cut["load_duration"] > 2 * warm
    refused = httpx.post(
        f"{address.base_url}/api/chat",
        json={
            "model": address.model,
            "messages": [{"role": "user", "content": "word " * 1500}],
            "options": {"num_ctx": 512},
            "truncate": False,
        },
        headers=address.headers,
        timeout=60,
    )
    assert (refused.status_code, refused.json()) == (400, {"error": "the input length exceeds the context length"})


def test_a_reader_who_leaves_frees_the_model(address: Address) -> None:
    chat(address, "Hi", options={"num_predict": 1})
    body = {"model": address.model, "messages": [{"role": "user", "content": "Count to a thousand, in words."}]}
    url = f"{address.base_url}/api/chat"
    with httpx.stream("POST", url, json=body, headers=address.headers, timeout=60) as answer:
        lines = answer.iter_lines()
        for _ in range(5):
            next(lines)
    started = time.monotonic()
    chat(address, "Hi", options={"num_predict": 1})
    assert time.monotonic() - started < 3
