"""Two real models by turns: the 1.5B plans and reports, the 0.5B writes code, and there is room for one of them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import folders

BRAIN, HAND = "qwen2.5-coder:1.5b-instruct-q4_K_M", "qwen2.5-coder:0.5b-instruct-q4_K_M"
TASK = (
    "What is the sum of the numbers from 1 to 100, then what is 17 times 23, and finally what is 2 to the power of 16?"
)


@pytest.mark.live
@pytest.mark.timeout(600)
def test_a_hybrid_task_changes_models_twice_by_the_servers_own_log(tmp_path: Path) -> None:
    environment = os.environ | {"DEFAULT_MODEL": BRAIN, "EXECUTOR_MODEL": HAND, "EMBEDDED_MAX_LOADED_MODELS": "1"}
    command = [sys.executable, "-m", "commander", "--json", "--route", "hybrid", "--workspace", str(tmp_path), TASK]
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=500, env=environment)
        log = (folders.state() / "embedded.log").read_text(encoding="utf-8")
    finally:
        subprocess.run([sys.executable, "-m", "commander", "models", "stop"], check=True)
    assert ran.stdout, ran.stderr
    *events, last = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [event["route"] for event in events if event["kind"] == "route"] == ["hybrid"]
    assert all(number in last["answer"].replace(",", "") for number in ("5050", "391", "65536")), last
    assert re.findall(r"loaded (\S+),", log) == [BRAIN, HAND, BRAIN], ran.stdout[-3000:]
    assert (last["loads"], last["swaps"], last["reloads"]) == (1, 2, 0)
