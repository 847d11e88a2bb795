"""`commander doctor` as a user runs it: mistakes planted for real, told with what to type; plain, JSON, terminal."""

import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tools.embedded.scripted import Reply, model, scripted
from tools.interpreter.jail import find_bwrap
from tools.ollama.server import find

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv.pop(1))
from config import folders
folders.ROOT = Path(sys.argv.pop(1))
from commander.cli import parser
from commander.doctor import doctor
sys.exit(doctor(parser().parse_args(["doctor", *sys.argv[1:]])))
"""
TEMPLATE = "{{ range .Messages }}"
SHOW = {"parameters": "num_ctx 8192", "template": TEMPLATE, "model_info": {}}

alone = pytest.mark.skipif(find("") is not None, reason="an Ollama runs at its default address")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own proxies are none of the tests'."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def command(folder: Path, *arguments: str) -> list[str]:
    """The doctor of a program that lies in `folder` / program, so that no .env of this checkout counts."""
    (folder / "program").mkdir(exist_ok=True)
    return [sys.executable, "-c", CODE, str(ROOT), str(folder / "program"), *arguments]


def doctor(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run from a folder of the user's."""
    here = folder / "here"
    here.mkdir(exist_ok=True)
    env = {**os.environ, **environment}
    return subprocess.run(
        command(folder, *arguments), cwd=here, capture_output=True, encoding="utf-8", timeout=120, env=env
    )


def checks(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """What `--json` told; nothing else may stand there."""
    said = json.loads(done.stdout)
    assert list(said) == ["checks"]
    assert all(list(check) == ["name", "state", "seen", "next"] for check in said["checks"])
    assert all(bool(check["next"]) == (check["state"] != "ok") for check in said["checks"])
    found: list[dict[str, Any]] = said["checks"]
    return found


def states(found: list[dict[str, Any]], *names: str) -> list[tuple[str, str]]:
    """Name and state of these."""
    return [(check["name"], check["state"]) for check in found if check["name"] in names]


def test_a_machine_with_a_good_server_is_well(tmp_path: Path) -> None:
    with scripted(lambda messages: Reply("one " * 40), model("good:7b", show=SHOW)) as (url, engine):
        done = doctor(tmp_path, "--json", "--base-url", url, "--model", "good:7b")
    found = checks(done)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    names = ["server", "variables", "model", "window", "memory", "speed", "loaded"]
    assert states(found, *names) == [(name, "ok") for name in names]
    assert [check for check in found if check["state"] == "broken"] == []
    assert len(engine.asks) == 1, "one short request, no more"
    assert not list((tmp_path / "here").iterdir())


def test_many_mistakes_at_once_are_all_told(tmp_path: Path, user: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / ".env").write_text("EXECUTOR_MODEL=mine\n", encoding="utf-8")
    (tmp_path / "program").mkdir()
    lines = (
        "DEFAULT_MODEL=ollama/bare\napi_base=http://x\nDEFAULT_MODLE=y\nEXECUTOR_MODEL=small:7b\nCOMMANDER_TIMEOUT=x\n"
    )
    (tmp_path / "program" / ".env").write_text(lines, encoding="utf-8")
    bare = model("bare:latest", weights="a", show=SHOW | {"template": "{{ .Prompt }}"})
    small = model("small:7b", weights="b", window=2048, show=SHOW | {"parameters": "num_ctx 2048"})
    with scripted(lambda messages: Reply("no"), bare, small) as (url, _):
        done = doctor(tmp_path, OLLAMA_BASE_URL=f"{url}/v1", OLLAMA_HOST="0.0.0.0:11500", OLLAMA_MULTIUSER_CACHE="1")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    text = done.stdout
    assert (done.stdout + done.stderr).replace("\n", "").isprintable()
    for line in (
        r"broken   settings        COMMANDER_TIMEOUT='x': .*",
        r"warning  \.env            .*api_base is no setting of the program and is not read",
        r"         next            name it OLLAMA_BASE_URL in .*",
        r"         next            name it DEFAULT_MODEL in .*",
        r"warning  \.env            .*here.\.env sets EXECUTOR_MODEL, and is not read: .*",
        r"warning  settings        DEFAULT_MODEL=ollama/bare: .*",
        r"warning  address         .*/v1 works: .*",
        r"warning  OLLAMA_HOST     .*",
        r"broken   variables       OLLAMA_MULTIUSER_CACHE crashes .*",
        r"broken   default model   bare has no chat template: .*",
        r"ok       executor model  small:7b: .*",
        r"warning  window          small:7b: 2048 tokens, a task needs 8192",
    ):
        assert re.search(f"^{line}$", text, re.MULTILINE), (line, text)
    assert re.fullmatch(r"broken: settings, variables, default model; \d+ warnings", text.splitlines()[-1])


def test_a_silent_address_is_broken_and_nothing_is_started(tmp_path: Path, user: Path) -> None:
    done = doctor(tmp_path, "--json", OLLAMA_BASE_URL="http://127.0.0.1:9")
    found = checks(done)
    assert (done.returncode, states(found, "server", "model", "weights", "speed")) == (1, [("server", "broken")])
    assert "no Ollama answers at OLLAMA_BASE_URL=http://127.0.0.1:9" in done.stdout
    assert [path for path in user.rglob("*") if path.is_file()] == []


@alone
def test_without_any_server_nothing_is_started_or_fetched(tmp_path: Path, user: Path) -> None:
    done = doctor(tmp_path, "--json")
    found = checks(done)
    assert states(found, "server", "weights", "engine") == [("server", "ok"), ("engine", "ok"), ("weights", "ok")]
    assert "fetched once by the first task" in done.stdout
    assert [path for path in user.rglob("*") if path.is_file()] == []
    done = doctor(tmp_path, "--json", OLLAMA_MULTIUSER_CACHE="1")
    assert states(checks(done), "variables") == [("variables", "ok"), ("variables", "warning")]
    done = doctor(tmp_path, "--json", "--model", "qwen2.5:32b")
    assert (done.returncode, states(checks(done), "default model")) == (1, [("default model", "broken")])


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for nvidia-smi")
@alone
def test_a_card_without_an_ollama_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "nvidia-smi").write_text("#!/bin/sh\necho 16376\n", encoding="utf-8")
    (tmp_path / "bin" / "nvidia-smi").chmod(0o755)
    done = doctor(tmp_path, "--json", PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    (card,) = [check for check in checks(done) if check["name"] == "card"]
    assert (card["state"], "the graphics card has 17.2 GB" in card["seen"]) == ("warning", True)
    assert card["next"] == "ollama serve" or "ollama" in card["next"].lower()


def test_a_server_that_breaks_off_is_one_line(tmp_path: Path) -> None:
    with scripted(lambda messages: Reply("no", fault="die"), model("good:7b", show=SHOW)) as (url, _):
        done = doctor(tmp_path, "--json", "--base-url", url, "--model", "good:7b")
    (speed,) = [check for check in checks(done) if check["name"] == "speed"]
    assert (done.returncode, speed["state"]) == (1, "broken")
    assert "unexpected EOF" in speed["seen"]


@pytest.mark.parametrize(
    ("inside", "broken"), [(("--disable-userns", "--bind"), "jail"), (("--ro-bind",), "disk"), (("--ro-bind",), "jail")]
)
def test_a_system_that_forbids_jails_or_writing_is_told(inside: tuple[str, ...], broken: str, tmp_path: Path) -> None:
    bwrap = find_bwrap()
    if not isinstance(bwrap, Path):
        pytest.skip("there is no jail here to try it in")
    outer = [str(bwrap), "--die-with-parent", "--unshare-user", *inside, "/", "/", "--dev-bind", "/dev", "/dev"]
    words = [*outer, "--proc", "/proc", "--", *command(tmp_path, "--json")]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (1, ""), done.stderr
    assert (broken, "broken") in states(checks(done), broken)


def test_what_comes_from_outside_does_not_steer_the_terminal(tmp_path: Path) -> None:
    with scripted([]) as (url, _):
        done = doctor(tmp_path, "--base-url", url, "--model", "x\x1b[31m\ny")
    assert "DEFAULT_MODEL=x\\x1b[31m y is not on the server" in done.stdout
    assert done.stdout.replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_in_a_terminal_the_lines_are_aligned_and_coloured(tmp_path: Path) -> None:
    import pty

    pid, out = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", COLUMNS="60", OLLAMA_BASE_URL="http://127.0.0.1:9")
        words = command(tmp_path)
        os.execv(words[0], words)
    shown, deadline = "", time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([out], [], [], 0.1)[0]:
            try:
                shown += os.read(out, 65536).decode("utf-8", "replace")
            except OSError:
                break
    _, status = os.waitpid(pid, 0)
    os.close(out)
    assert os.waitstatus_to_exitcode(status) == 1, shown
    assert "\x1b[32mok" in shown
    assert "\x1b[1;31mbroken" in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", shown)
    lines = plain[plain.index("broken   server") :].splitlines()
    assert lines[0].startswith("broken   server          no Ollama answers at")
    assert lines[1].startswith(" " * 25), "what is long goes on below itself"
    assert "…" not in plain, "nothing is cut"
    assert re.search(rf"{'':9}next{'':12}.*; or unset OLLAMA_BASE_URL to use the embedded model\n", plain)
    assert "broken: server" in plain
