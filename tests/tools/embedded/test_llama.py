"""The llama.cpp engine with a real, tiny model: children, tokens, deaths."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.tools.embedded.conftest import TRAINED, gguf
from tools.embedded import catalog
from tools.embedded.app import create
from tools.embedded.engine import Ask, End, EngineError, Piece
from tools.embedded.llama import LlamaEngine, LlamaRunner
from tools.embedded.schemas import closed
from tools.embedded.scripted import serving

MESSAGES = [{"role": "user", "content": "Hi"}]


def with_runner(path: Path, use: Callable[[LlamaRunner], Coroutine[Any, Any, None]]) -> None:
    """Load the model, hand its runner over, and have its child end."""

    async def run() -> None:
        runner = await LlamaEngine().load(catalog.describe("tiny", path, "0"), {"num_ctx": TRAINED})
        try:
            await use(runner)
        finally:
            await runner.close()
        assert not psutil.pid_exists(runner.pid)

    asyncio.run(run())


async def generated(runner: LlamaRunner, **options: Any) -> tuple[str, End]:
    prompt = await runner.tokenize(await runner.render(MESSAGES, []))
    items = [item async for item in runner.generate(Ask(prompt, MESSAGES, options=options))]
    end = items[-1]
    assert isinstance(end, End)
    return "".join(item.text for item in items if isinstance(item, Piece)), end


def test_a_file_is_described_by_its_head(tiny: Path, tmp_path: Path) -> None:
    model = catalog.describe("tiny", tiny, "0", window=10**6)
    assert (model.window, model.capabilities) == (TRAINED, ("completion", "tools"))
    assert model.details["parameter_size"] == "0.03M"
    assert model.show["model_info"]["tokenizer.ggml.tokens"] is None
    assert model.show["tensors"][0] == {"name": "token_embd.weight", "type": "F32", "shape": [32, 260]}
    bare = tmp_path / "bare.gguf"
    bare.write_bytes(gguf(template=""))
    assert catalog.describe("bare", bare, "0").capabilities == ("completion",)
    for content in (b"no model", gguf()[:1000], b"GGUF" + bytes(40)):
        bare.write_bytes(content)
        with pytest.raises(ValueError, match="GGUF"):
            catalog.describe("bad", bare, "0")


def test_the_models_own_template_is_used(tiny: Path) -> None:
    async def use(runner: LlamaRunner) -> None:
        assert await runner.render(MESSAGES, []) == "[user] Hi\n"
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        assert await runner.render(MESSAGES, [tool]) == "tools [user] Hi\n"
        assert len(await runner.tokenize("Hi")) == 4  # the beginning, a space, two bytes

    with_runner(tiny, use)


def test_letters_that_end_a_line_elsewhere_do_not_end_one_of_the_stream(tiny: Path) -> None:
    async def use(runner: LlamaRunner) -> None:  # llama.cpp writes them as they are, here where it repeats the options
        _, end = await generated(runner, stop=["a\u2028b\u0085c\u2029"], temperature=0, num_predict=5)
        assert end.count == 5

    with_runner(tiny, use)


def test_a_seed_repeats_and_the_counts_are_told(tiny: Path) -> None:
    async def use(runner: LlamaRunner) -> None:
        texts = [await generated(runner, seed=seed, num_predict=40) for seed in (7, 7, 8)]
        assert texts[0][0] == texts[1][0] != texts[2][0]
        text, end = await generated(runner, temperature=0, num_predict=5)
        assert (end.reason, end.prompt_count, end.count) == ("length", 12, 5)
        assert text
        assert end.prompt_seconds > 0

    with_runner(tiny, use)


def test_closing_the_generator_stops_llama_cpp(tiny: Path) -> None:
    async def busy(runner: LlamaRunner) -> bool:
        return bool((await runner._client.get("/slots")).json()[0]["is_processing"])

    async def use(runner: LlamaRunner) -> None:
        prompt = await runner.tokenize("Hi")
        async with aclosing(runner.generate(Ask(prompt, MESSAGES, options={"temperature": 0}))) as items:
            await anext(items)
            assert await busy(runner)
        for _ in range(60):  # three seconds; all of it would take minutes
            if not await busy(runner):
                return
            await asyncio.sleep(0.05)
        pytest.fail("llama.cpp goes on")

    with_runner(tiny, use)


def test_a_death_is_an_error_and_no_more(tiny: Path) -> None:
    async def use(runner: LlamaRunner) -> None:
        items = runner.generate(Ask(await runner.tokenize("Hi"), MESSAGES, options={"temperature": 0}))
        await anext(items)
        psutil.Process(runner.pid).kill()
        with pytest.raises(EngineError, match="an error was encountered while running the model"):
            _ = [item async for item in items]
        with pytest.raises(EngineError, match="an error was encountered"):
            await runner.tokenize("Hi")
        assert not runner.alive()

    with_runner(tiny, use)


def test_the_app_loads_a_dead_model_again_and_unloads_by_ending_its_child(tiny: Path) -> None:
    engine = LlamaEngine()
    engine.add(catalog.describe("tiny", tiny, "0"))
    before = set(psutil.Process().children())
    body = {"model": "tiny", "messages": MESSAGES, "stream": False, "options": {"num_predict": 2, "temperature": 0}}
    with serving(create(engine)) as base_url, httpx.Client(base_url=base_url) as client:
        assert client.post("/api/chat", json=body).json()["eval_count"] == 2
        (first,) = set(psutil.Process().children()) - before
        first.kill()
        first.wait()
        assert client.get("/api/ps").json() == {"models": []}
        assert client.post("/api/chat", json=body).json()["eval_count"] == 2
        (second,) = set(psutil.Process().children()) - before
        assert client.post("/api/generate", json={"model": "tiny", "keep_alive": 0}).json()["done_reason"] == "unload"
        assert not second.is_running()


def test_weights_that_llama_cpp_refuses_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(gguf()[:-5000])
    engine = LlamaEngine()
    engine.add(catalog.describe("cut", path, "0"))
    with serving(create(engine)) as base_url:
        started = time.monotonic()
        answer = httpx.post(f"{base_url}/api/chat", json={"model": "cut", "messages": MESSAGES})
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("llama runner process has terminated: ")
    assert time.monotonic() - started < 15


def test_objects_of_a_schema_are_closed_as_in_ollama() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "object", "properties": {}}}, "required": ["a"]}
    opened = {"type": "object", "properties": {"b": {}}, "additionalProperties": True}
    assert closed(schema)["additionalProperties"] is False
    assert closed(schema)["properties"]["a"]["additionalProperties"] is False
    assert closed({"anyOf": [opened]})["anyOf"][0]["additionalProperties"] is True
    assert closed({"type": "object"}) == {"type": "object"}
