"""The models of both roles, on servers that have them wrong: missing, no chat, no template, too small a window."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from config.settings import Settings
from tests.tools.ollama.test_library import Ollama
from tools.doctor.check import Check
from tools.doctor.checkup import through
from tools.doctor.inventory import Inventory, take
from tools.doctor.models import models, remake, windows, without_server
from tools.doctor.serving import Serving
from tools.doctor.speed import measurable, speed
from tools.doctor.variables import Variables, variables
from tools.embedded.engine import Model
from tools.embedded.scripted import Reply, model, scripted, serving
from tools.events import ignore
from tools.ollama.fit import Memory
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server

NONE = variables(Server("http://127.0.0.1:1"), Serving(1, {}, frozenset()))
TEMPLATE = "{{ .System }}{{ range .Messages }}"
LARGE = Memory(51.5, gpu=True)


def made(name: str, parameters: str = "num_ctx 8192", template: str = TEMPLATE, **fields: Any) -> Model:
    """A model whose server says this of it."""
    return model(name, weights=name, show={"parameters": parameters, "template": template, "model_info": {}}, **fields)


def inventory(*offered: Model, brain: str = "", hand: str = "") -> tuple[Inventory, Server]:
    """What a server with these says."""
    given = Settings(_env_file=None, default_model=brain, executor_model=hand)
    with scripted([], *offered) as (url, engine):
        server = Server(url)
        found = through(server, ignore, lambda gateway: take(gateway, given))
    assert engine.loads == [], "a look loads nothing"
    return found, server


def states(checks: Sequence[Check]) -> list[tuple[str, str]]:
    return [(check.name, check.state) for check in checks]


def test_one_model_for_both_roles() -> None:
    found, server = inventory(made("good:latest", size=9_000_000_000), brain="good")
    assert found.roles == {"DEFAULT_MODEL": "good", "EXECUTOR_MODEL": "good"}
    seen = "good: 9.0 GB, chat template, completion+tools, not in memory"
    assert [*models(found, server)] == [Check("model", "ok", seen)]
    assert [*windows(found, server, NONE, None)] == [Check("window", "ok", "good: 8192 tokens")]


def test_each_role_has_its_line() -> None:
    found, server = inventory(
        made("a:7b"), made("b:7b", capabilities=("completion",)), brain="ollama/a:7b", hand="b:7b"
    )
    assert states([*models(found, server)]) == [("default model", "ok"), ("executor model", "ok")]
    assert "no tools: none are needed" in [*models(found, server)][1].seen


def test_what_is_not_set_is_chosen_as_a_task_would() -> None:
    found, server = inventory(made("qwen2.5:14b"), made("other"))
    assert found.roles["EXECUTOR_MODEL"] == "qwen2.5:14b"
    found, server = inventory(made("nomic-embed-text", details={"family": "nomic-bert"}))
    (check,) = models(found, server)
    assert (check.state, check.seen) == ("broken", "no installed model fits in this machine's memory")
    assert check.next.startswith("ollama pull ")
    assert measurable(found) == ""


def test_a_missing_model_is_broken_with_its_command() -> None:
    found, server = inventory(made("qwen2.5:14b"), brain="qwen2.5:14", hand="deepseek-coder-v2-lite:instruct")
    first, second = models(found, server)
    assert first == Check(
        "default model",
        "broken",
        "DEFAULT_MODEL=qwen2.5:14 is not on the server; it has qwen2.5:14b",
        "commander models pull qwen2.5:14",
    )
    assert second.next == "commander models setup deepseek-coder-v2-lite:instruct"
    assert [*windows(found, server, NONE, None)] == []


def test_no_chat_model_and_no_template_are_broken() -> None:
    found, server = inventory(
        made("embed", capabilities=("embedding",)), made("bare", template="{{ .Prompt }}"), brain="embed", hand="bare"
    )
    no_chat, bare = models(found, server)
    assert (no_chat.state, no_chat.next) == ("broken", "ollama list")
    assert "embed is no chat model (embedding)" in no_chat.seen
    assert (bare.state, "no chat template" in bare.seen) == ("broken", True)
    assert "ollama create bare -f Modelfile.bare" in bare.next
    assert measurable(found) == "bare"


@pytest.mark.parametrize(
    ("parameters", "variables_", "there", "state", "said"),
    [
        ('num_ctx    2048\nstop "x"', {}, LARGE, "warning", "2048 tokens, a task needs 8192"),
        ("", {}, None, "warning", "4096 below 24 GiB of graphics memory"),
        ("", {}, Memory(17.2, gpu=True), "warning", "names no num_ctx"),
        ("", {}, LARGE, "ok", "enough from 24 GiB"),
        ("", {"OLLAMA_CONTEXT_LENGTH": "16384"}, None, "ok", "16384 tokens, by the server's OLLAMA_CONTEXT_LENGTH"),
        ("", {"OLLAMA_CONTEXT_LENGTH": "2048"}, LARGE, "warning", "2048, by OLLAMA_CONTEXT_LENGTH"),
        ("num_ctx 16384", {"OLLAMA_CONTEXT_LENGTH": "2048"}, None, "ok", "16384 tokens"),
    ],
)
def test_windows(parameters: str, variables_: dict[str, str], there: Memory | None, state: str, said: str) -> None:
    found, server = inventory(made("mine:7b", parameters), brain="mine:7b")
    (check,) = windows(found, server, Variables(variables_, certain=True, seen=""), there)
    assert (check.state, said in check.seen) == (state, True), check
    assert bool(check.next) == (state == "warning")


def test_a_variable_of_this_shell_is_no_word_of_the_servers() -> None:
    found, server = inventory(made("mine:7b", ""), brain="mine:7b")
    shell = Variables({"OLLAMA_CONTEXT_LENGTH": "16384"}, certain=False, seen="")
    assert [check.state for check in windows(found, server, shell, None)] == ["warning"]
    assert [check.state for check in windows(found, Server("http://gpu:1"), NONE, LARGE)] == ["warning"]


def test_the_command_for_a_larger_window() -> None:
    assert (
        remake("qwen2.5:14b") == remake("qwen2.5-14b-instruct-rtx") == "commander models setup qwen2.5-14b-instruct-rtx"
    )
    assert "ollama create mine-7b-8k -f Modelfile.mine-7b-8k" in remake("mine:7b")
    assert "PARAMETER num_ctx 8192" in remake("mine:7b")
    assert "ollama create hf.co-a-b-Q4-8k " in remake("hf.co/a/b:Q4")


def test_the_window_that_it_was_loaded_with_counts() -> None:
    ollama = Ollama(models={"mine:latest": 4_000_000_000}, parameters={"mine:latest": ""})
    ollama.load("mine:latest")
    with serving(ollama.app()) as url:
        found = through(
            Server(url), ignore, lambda gateway: take(gateway, Settings(_env_file=None, default_model="mine"))
        )
    assert [check.seen for check in windows(found, Server(url), NONE, None)] == ["mine: 8192 tokens"]
    assert "needed), in memory" in str([*models(found, Server(url))])


def test_without_an_ollama_a_name_that_needs_one_is_broken() -> None:
    given = Settings(
        _env_file=None, default_model="ollama/qwen2.5:32b", executor_model="qwen2.5-coder:0.5b-instruct-q4_K_M"
    )
    (check,) = without_server(given, "sh install")
    assert (check.name, check.state) == ("default model", "broken")
    assert check.seen == "DEFAULT_MODEL=qwen2.5:32b needs an Ollama, and none answers"
    assert "sh install" in check.next


def test_the_embedded_server_lacks_what_needs_an_ollama() -> None:
    small = "qwen2.5-coder:0.5b-instruct-q4_K_M"
    found, server = inventory(made("good"), brain="qwen2.5:32b", hand=small)
    ours = Server(server.base_url, "token", "good")
    brain, hand = models(found, ours)
    assert (brain.state, hand.state) == ("broken", "ok")
    assert "needs an Ollama" in brain.seen


def measured(reply: Reply, patience: float = 60, load: float = 0.0) -> Check:
    """The speed of a model that says this."""
    with scripted(lambda messages: reply, load=load) as (url, engine):

        async def act() -> Check:
            gateway = Gateway(Server(url), ignore)
            try:
                return await speed(gateway, "scripted", patience)
            finally:
                await gateway.close()

        found = asyncio.run(act())
    assert all(ask.options.get("num_predict") == 32 for ask in engine.asks)
    assert {window for _, window in engine.loads} == {8192}, "no option that would load it again"
    return found


def test_speed() -> None:
    found = measured(Reply("one " * 40, delay=0.01))
    assert (found.name, found.state) == ("speed", "ok")
    assert "tokens a second (32 tokens, loaded in " in found.seen


def test_a_slow_model_is_told_with_its_cause() -> None:
    found = measured(Reply(["one "] * 8, delay=0.22))
    assert found.state == "warning"
    assert "it runs on the CPU" in found.seen
    assert found.next == "a model that fits: commander models setup"


def test_too_few_tokens_are_no_measure() -> None:
    assert measured(Reply("no")).state == "ok"
    assert "too few tokens" in measured(Reply("no")).seen


def test_a_model_that_does_not_come_is_no_error() -> None:
    found = measured(Reply("no"), patience=0.5, load=30)
    assert (found.state, found.next.startswith("ollama ps")) == ("warning", True)
