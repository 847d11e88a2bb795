"""What the shared head saves: `uv run python benchmarks/prompt_cache.py`.

One model serves both roles, one slot, no prompt cache in the host's memory (as Ollama's own runner). The roles take
turns over one task: once with the prompts that the product sends (what both know first, the role's instruction last),
once with the same texts in the usual order (the role's instruction as system prompt). Prompt work is what the server
reports as `prompt_eval_duration`; every call of both series counts, the first ones included.
"""

import argparse
import tempfile
from pathlib import Path

import httpx

from agents.commander import instruction
from agents.expectation import expectation
from agents.ledger import Ledger, Road, Try
from agents.program import program_tail
from tools.embedded import catalog, weights
from tools.embedded.app import create
from tools.embedded.llama import LlamaEngine
from tools.embedded.scripted import serving
from tools.events import ignore
from tools.interpreter.box import BlockResult
from tools.snapshot import NOTHING
from tools.survey import survey
from tools.workspace import Workspace

TASK = "Which city has the highest average temperature in the csv files here? Write its name to warmest.txt."
Prompt = list[dict[str, str]]


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", default="qwen2.5-coder:0.5b-instruct-q4_K_M", help="a known embedded model")
    arguments.add_argument("--turns", type=int, default=4, help="turns of each role (default 4)")
    given = arguments.parse_args()
    found = weights.locate(given.model, ignore)
    engine = LlamaEngine(cache_mib=0)
    engine.add(catalog.describe(found.name, found.path, found.digest))
    prompts = conversation(given.turns)
    with serving(create(engine)) as url:
        ask(url, found.name, [{"role": "user", "content": "Hi"}])
        usual = [ask(url, found.name, own_head(prompt)) for prompt in prompts]
        shared = [ask(url, found.name, prompt) for prompt in prompts]
    tokens = sum(count for count, _ in shared), sum(count for count, _ in usual)
    print(f"{len(prompts)} prompts by turns, {tokens[0]} tokens (in the usual order {tokens[1]})")
    print("usual order, s each: ", " ".join(f"{seconds:.2f}" for _, seconds in usual))
    print("shared head, s each: ", " ".join(f"{seconds:.2f}" for _, seconds in shared))
    whole = sum(seconds for _, seconds in shared) / sum(seconds for _, seconds in usual)
    later = sum(seconds for _, seconds in shared[1:]) / sum(seconds for _, seconds in usual[1:])
    print(f"prompt work with the shared head: {whole:.2f} times the usual (after the first call {later:.2f})")
    return 0


def conversation(turns: int) -> list[Prompt]:
    """The prompts of both roles, by turns, as a task goes on."""
    with tempfile.TemporaryDirectory() as folder:
        for city in ("lisbon", "porto", "faro", "braga", "evora", "coimbra"):
            rows = "\n".join(f"2026-{month:02d}-01,{month * 2 + len(city)}.5,{month * 7}" for month in range(1, 13))
            Path(folder, f"{city}.csv").write_text(f"date,temperature,rain\n{rows}\n", encoding="utf-8")
        workspace = Workspace(Path(folder))
        ledger = Ledger(TASK, Road("code", ""), survey(workspace, 6000, TASK), expectation(TASK, workspace.files()))
    prompts: list[Prompt] = []
    for turn in range(turns):
        tail = program_tail(ledger.expects, ledger.tries)
        prompts.append([*ledger.head(), {"role": "user", "content": ledger.opening() + tail}])
        code = f"import pandas as pd\nprint(pd.read_csv('lisbon.csv').temperatur.mean() + {turn})"
        failed = BlockResult(1, "AttributeError: 'DataFrame' object has no attribute 'temperatur'", 0.1)
        ledger.tries += [Try("python", f"{code}  # {n}", failed, NOTHING, ("It failed.",)) for n in range(3)]
        ledger.advice = ""
        prompts.append([*ledger.head(), {"role": "user", "content": ledger.opening() + instruction(ledger)}])
    return prompts


def own_head(prompt: Prompt) -> Prompt:
    """The same texts with the role's instruction first, as a system prompt of its own."""
    head, user = prompt
    known, mark, role = user["content"].rpartition("\n# Now, as the ")
    return [{"role": "system", "content": f"{mark}{role}\n{head['content']}"}, {"role": "user", "content": known}]


def ask(url: str, model: str, messages: Prompt) -> tuple[int, float]:
    """Tokens of the prompt, and seconds that the server read it; one token is written."""
    body = {"model": model, "messages": messages, "stream": False, "options": {"num_predict": 1, "temperature": 0}}
    answer = httpx.post(f"{url}/api/chat", json=body, timeout=600).raise_for_status().json()
    return answer["prompt_eval_count"], answer["prompt_eval_duration"] / 1e9


if __name__ == "__main__":
    raise SystemExit(main())
