"""`scripts/verify_same_model_instance.py` as a user runs it, against the real server app with a scripted engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.embedded.scripted import model, scripted
from tools.ollama.instance.check import LIMITS

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_same_model_instance.py"


def verify(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script from another folder."""
    command, settings = [sys.executable, str(SCRIPT), *arguments], {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=120, env=settings)


def test_all_holds_in_plain_lines(tmp_path: Path) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit('imported from the workspace')", encoding="utf-8")
    with scripted(lambda messages: "Yes.", load=0.2) as (url, _):
        done = verify("--base-url", url, "--model", "scripted", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    lines = done.stdout.splitlines()
    names = [line[4:19].strip() for line in lines if line.startswith("ok")]
    assert names == ["server", "models", "loaded", "same server", "same model", "same instance", "contexts"]
    assert "all 7 checks hold" in lines
    assert all(limit in done.stdout for limit in LIMITS)
    assert (done.stdout + done.stderr).replace("\n", "").isprintable()


def test_two_windows_over_one_file_are_one_json_object(tmp_path: Path) -> None:
    models = [
        model(f"{name}:latest", digest=name * 64, weights="w", window=window, show={"modelfile": "FROM /blobs/w"})
        for name, window in (("a", 8192), ("b", 4096))
    ]
    with scripted(lambda messages: "Yes.", *models) as (url, _):
        done = verify("--json", cwd=tmp_path, OLLAMA_BASE_URL=f"{url}/v1/", DEFAULT_MODEL="a", EXECUTOR_MODEL="b")
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr, said["holds"]) == (1, "", False)
    assert said["limits"] == list(LIMITS)
    (check,) = [check for check in said["checks"] if not check["holds"]]
    assert list(check) == ["name", "holds", "evidence", "remedy"]
    assert (check["name"], "window 4096 after /api/chat" in check["evidence"]) == ("same instance", True)


def test_what_does_not_hold_comes_with_what_to_type(tmp_path: Path) -> None:
    with scripted([]) as (url, _):
        done = verify("--base-url", url, "--model", "qwen\x1b[31m", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:3] == [
        f"NO  models         DEFAULT_MODEL=qwen\\x1b[31m is not on the server at {url}",
        "    next           ollama pull qwen\\x1b[31m",
        "does not hold: models",
    ]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_server_is_one_line(tmp_path: Path, form: tuple[str, ...]) -> None:
    done = verify(*form, "--base-url", "http://127.0.0.1:9", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(
        "commander: no Ollama answers at OLLAMA_BASE_URL=http://127.0.0.1:9; next: ollama serve"
    )
    assert len(done.stderr.splitlines()) == 1
