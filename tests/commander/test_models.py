"""`commander models ...`, as its user reads it, against a server that answers as the recorded Ollama does."""

import json
import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import commander.models
from config import folders, settings
from config.errors import CommanderError, MissingError, ServerError, UsageError
from tests.commander.program import run
from tests.tools.ollama.test_library import BLOB, NO_HOST, Ollama
from tools.embedded.address import NONCE, PROTOCOL, Record, proof
from tools.embedded.app import create
from tools.embedded.scripted import ScriptedEngine, model, serving
from tools.ollama.server import find

BRAIN, SMALLER, EXPERTS = "qwen2.5-32b-instruct-moe-rtx", "qwen2.5-14b-instruct-rtx", "qwen3-30b-a3b-rtx"
HAND = "deepseek-coder-v2-lite:instruct"
LITE = "deepseek-coder-v2:16b-lite-instruct-q4_K_M"
EMBEDDED = "qwen2.5-coder:1.5b-instruct-q4_K_M"

alone = pytest.mark.skipif(find("") is not None, reason="an Ollama runs at its default address")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a script stands for nvidia-smi")


def models(words: list[str], *, yes: bool = False) -> int:
    """`commander models` with these words, and the settings of this test's environment."""
    return commander.models.models(words, settings.load(), yes=yes)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the checkout's .env nor this machine's card."""
    monkeypatch.setattr(folders, "ROOT", checkout(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def checkout(folder: Path) -> Path:
    """A folder that holds our Modelfiles and no .env."""
    root = folder / "checkout"
    (root / "Modelfiles").mkdir(parents=True)
    for file in (folders.ROOT / "Modelfiles").iterdir():
        (root / "Modelfiles" / file.name).write_bytes(file.read_bytes())
    return root


@pytest.fixture
def card(tmp_path: Path) -> None:
    """A graphics card of 16 GB, as nvidia-smi tells of it."""
    cards(tmp_path, "16376")


def cards(folder: Path, *sizes: str) -> None:
    """An nvidia-smi that tells these sizes, if it is asked as it should be."""
    (folder / "bin").mkdir(exist_ok=True)
    script = folder / "bin" / "nvidia-smi"
    asked = "--query-gpu=memory.total --format=csv,noheader,nounits"
    lines = "\n".join(f"echo '{size}'" for size in sizes)
    script.write_text(f'#!/bin/sh\n[ "$*" = "{asked}" ] || exit 9\n{lines}\n', encoding="utf-8")
    script.chmod(0o755)


@contextmanager
def running(ollama: Ollama, monkeypatch: pytest.MonkeyPatch, **env: str) -> Iterator[str]:
    """The server, named by the environment."""
    with serving(ollama.app()) as url:
        for name, value in {"OLLAMA_BASE_URL": url, **env}.items():
            monkeypatch.setenv(name, value)
        yield url


def table(capsys: pytest.CaptureFixture[str]) -> tuple[list[list[str]], str]:
    """The cells below the head, and what was said beside the table."""
    shown = capsys.readouterr()
    head, *lines = shown.out.splitlines()
    starts = [head.index(word) for word in ("ROLE", "MODEL", "ON THE", "SIZE", "IN MEMORY", "CONTEXT", "UNTIL")]
    ends = [*starts[1:], None]
    return [[line[start:end].strip() for start, end in zip(starts, ends, strict=True)] for line in lines], shown.err


def test_the_table_tells_roles_memory_window_and_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama = Ollama(models={"qwen2.5:14b": 9_000_000_000, "other:latest": 4_000_000, f"{BRAIN}:latest": 19_900_000_000})
    ollama.load(f"{BRAIN}:latest", graphics=0.75)
    ollama.load("qwen2.5:14b", graphics=0, keep=1e9)
    ollama.parameters["qwen2.5:14b"] = "num_ctx   16384"
    with running(ollama, monkeypatch, DEFAULT_MODEL=BRAIN, EXECUTOR_MODEL=HAND) as url:
        assert models([]) == 0
    rows, said = table(capsys)
    assert rows[0][:6] == ["Commander", BRAIN, "yes", "19.9 GB", "19.9 GB, 75% GPU", "8192"]
    assert len(rows[0][6]) in {len("12:34:56"), len("2026-01-01 00:04")}  # five minutes on it may be tomorrow
    assert rows[1] == ["Executor", HAND, "missing", "-", "-", "-", "-"]
    assert rows[2] == ["-", "qwen2.5:14b", "yes", "9.0 GB", "9.0 GB, CPU", "8192", "for ever"]
    assert rows[3] == ["-", "other", "yes", "4.0 MB", "-", "-", "-"]
    assert f"Ollama at {url}" in said
    assert f"{HAND} is not on the server; next: commander models setup {HAND}" in said


def test_what_is_not_set_is_what_a_task_would_choose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama = Ollama(models={"other:latest": 1, "qwen2.5:14b": 1}, parameters={"qwen2.5:14b": "num_ctx   16384"})
    with running(ollama, monkeypatch):
        models([])
        assert table(capsys)[0][0] == ["Commander, Executor", "qwen2.5:14b", "yes", "0.0 MB", "-", "16384", "-"]
        monkeypatch.setenv("EXECUTOR_MODEL", "ollama/other")
        models([])
        assert [row[:2] for row in table(capsys)[0]] == [["Commander", "qwen2.5:14b"], ["Executor", "other"]]
    with running(Ollama(), monkeypatch, EXECUTOR_MODEL=""):
        models([])
        rows, said = table(capsys)
        assert rows == []
        assert "next: ollama pull" in said
    assert {path for path, _ in ollama.asked} == {"/api/show"}, "a look changes nothing"


@alone
def test_without_a_server_it_says_what_would_be_used_and_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: Path
) -> None:
    monkeypatch.setenv("DEFAULT_MODEL", "qwen2.5:32b")
    assert models([]) == 0
    rows, said = table(capsys)
    assert rows == [["Commander, Executor", EMBEDDED, "to be fetched", "1.1 GB", "-", "-", "-"]]
    assert "no Ollama at 127.0.0.1:11434, no embedded server" in said
    assert "DEFAULT_MODEL=qwen2.5:32b needs an Ollama" in said
    assert [place for place in user.rglob("*") if place.is_file()] == []
    gguf = user / "My own.gguf"
    gguf.write_bytes(bytes(1_000_000))
    monkeypatch.setenv("EMBEDDED_MODEL", str(gguf))
    models([])
    assert table(capsys)[0][0][1:4] == ["my-own", "on disk", "1.0 MB"]


@alone
def test_the_embedded_server_is_listed_and_unloaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def known(request: Request) -> Response:
        return JSONResponse({"protocol": PROTOCOL, "proof": proof("token", request.headers[NONCE])})

    app = create(ScriptedEngine([], model(EMBEDDED, size=1_100_000_000)), more=[Route("/commander", known)])
    with serving(app) as url:
        Record(int(url.rpartition(":")[2]), os.getpid(), "token").write(folders.state())
        models([])
        rows, said = table(capsys)
        assert rows == [["Commander, Executor", EMBEDDED, "yes", "1.1 GB", "-", "default", "-"]]
        assert f"embedded server at {url}" in said
        models(["unload"])
        assert "no model is loaded" in capsys.readouterr().err
        with pytest.raises(MissingError):
            models(["pull", "qwen2.5:14b"])


@alone
@pytest.mark.parametrize("words", [["pull", "qwen2.5:14b"], ["setup"], ["setup", BRAIN]])
def test_without_an_ollama_nothing_is_fetched_and_the_way_to_one_is_said(words: list[str]) -> None:
    with pytest.raises(ServerError) as told:
        models(words)
    assert told.value.exit_code == 3
    assert f"commander models {words[0]} needs an Ollama" in str(told.value)
    assert "; next: " in str(told.value)
    assert "https://ollama.com/download" in str(told.value)
    assert "\n" not in str(told.value)


@alone
def test_unload_without_a_server_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert models(["unload"]) == 0
    assert "no model server runs" in capsys.readouterr().err


def test_a_pull_shows_its_progress_and_its_breaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama = Ollama(ends=[("break", 8)])
    with running(ollama, monkeypatch):
        assert models(["pull", "qwen2.5:14b"]) == 0
    said = capsys.readouterr().err
    assert "  qwen2.5:14b: 20 of 40 MB\n" in said
    assert "  qwen2.5:14b: 40 of 40 MB\n" in said
    assert "the connection broke, trying again: " in said
    assert said.rstrip().endswith("qwen2.5:14b is on the server")


def test_a_pull_that_fails_is_one_line_with_the_next_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(Ollama(error=NO_HOST), monkeypatch), pytest.raises(MissingError) as told:
        models(["pull", "nope"])
    assert str(told.value) == f"nope: {NO_HOST}; next: commander models pull nope"
    with pytest.raises(UsageError, match=f"next: commander models setup {BRAIN}"):
        models(["pull", BRAIN])


@posix
@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("yes", [False, True])
def test_what_does_not_fit_is_said_with_numbers_and_other_ways(
    yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama = Ollama()
    with running(ollama, monkeypatch):
        assert models(["setup", BRAIN], yes=yes) == 0
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert lines[:4] == [
        f"{BRAIN} takes 23.0 GB (weights 19.9, 8192 tokens of context 2.1, about 1 more); "
        "the graphics card has 17.2 GB (16 GiB): 5.9 GB of it run on the CPU, which is slow",
        f"1) instead: commander models setup {SMALLER}   (13.2 GB: fits wholly)",
        f"2) instead: commander models setup {EXPERTS}   (21.2 GB: 4.0 GB of it run on the CPU, bearable, "
        "since only 3.3 of its 30.5 billion parameters work on a token)",
        f"going on with {BRAIN}, as asked",
    ]
    assert lines[-2] == f"made {BRAIN}, with a window of 8192 tokens"
    assert lines[-1] == f"next: put DEFAULT_MODEL={BRAIN} into {folders.ROOT / '.env'}"
    assert [path for path, _ in ollama.asked] == ["/api/pull", "/api/create"]
    assert ollama.bodies("/api/pull") == [{"model": "qwen2.5:32b"}]
    (made,) = ollama.bodies("/api/create")
    assert made == {"model": BRAIN, "from": "qwen2.5:32b", "parameters": {"num_ctx": 8192, "temperature": 0.3}}


@posix
@pytest.mark.usefixtures("card")
def test_setup_without_a_name_makes_what_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama = Ollama(models={LITE: BLOB})
    with running(ollama, monkeypatch, DEFAULT_MODEL="qwen2.5:32b", EXECUTOR_MODEL=HAND):
        models(["setup"])
    said = capsys.readouterr().err
    assert ollama.bodies("/api/pull") == [], "its base is there, nothing is fetched"
    assert [body["model"] for body in ollama.bodies("/api/create")] == [HAND]
    assert f"{LITE} is on the server" in said
    assert ".env" not in said


@posix
@pytest.mark.parametrize(
    ("sizes", "brain"), [(["16376"], SMALLER), (["24564"], BRAIN), (["12288", "12288"], BRAIN), (["8192"], SMALLER)]
)
def test_setup_without_a_name_recommends_what_fits(
    sizes: list[str],
    brain: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cards(tmp_path, *sizes)
    ollama = Ollama()
    with running(ollama, monkeypatch):
        models(["setup"])
    said = capsys.readouterr().err
    assert [body["model"] for body in ollama.bodies("/api/create")] == [brain, HAND]
    assert f"recommended here: {brain} for the Commander, {HAND} for the Executor" in said
    assert "on this card one leaves when the other is asked" in said
    assert f"next: put DEFAULT_MODEL={brain} and EXECUTOR_MODEL={HAND} into" in said
    assert ("takes" in said) == (sizes == ["8192"])


@posix
@pytest.mark.parametrize("sizes", [None, [], ["[N/A]"]])
def test_without_a_card_the_systems_memory_counts(
    sizes: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if sizes is not None:
        cards(tmp_path, *sizes)
    fits = psutil.virtual_memory().total > 23.0e9
    with running(Ollama(), monkeypatch):
        models(["setup", BRAIN])
    said = capsys.readouterr().err
    assert ("no NVIDIA card found, the system's memory has" in said) == (not fits)
    assert "graphics card" not in said


def test_what_is_no_name_or_verb_of_ours_is_said() -> None:
    with pytest.raises(UsageError, match=rf"makes qwen2\.5:32b \(there are: .*{BRAIN}.*; next: commander models pull"):
        models(["setup", "qwen2.5:32b"])
    for words in (["explode"], ["pull"], ["pull", "a", "b"], ["stop", "now"]):
        with pytest.raises(UsageError, match=rf"commander models {' '.join(words)} is not known; next: .*setup"):
            models(words)


def test_a_checkout_without_modelfiles_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "ROOT", tmp_path)
    with pytest.raises(CommanderError, match="no Modelfile makes NAME"):
        models(["setup"])


def test_unload_says_what_it_did(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ollama = Ollama(models={"a:latest": 1, "b:7b": 1})
    ollama.load("a:latest")
    ollama.load("b:7b")
    with running(ollama, monkeypatch):
        assert models(["unload", "b:7b"]) == 0
        assert capsys.readouterr().err.splitlines()[-1] == "  unloaded b:7b"
        assert models(["unload"]) == 0
        assert capsys.readouterr().err.splitlines()[-1] == "  unloaded a"
    assert ollama.memory == {}


@alone
def test_stop(capsys: pytest.CaptureFixture[str]) -> None:
    assert models(["stop"]) == 0
    assert "no embedded server runs" in capsys.readouterr().err


def test_the_command_takes_what_was_typed(tmp_path: Path) -> None:
    with serving(Ollama(models={"mine:latest": 1}).app()) as url:
        ran = run("models", "--base-url", url, "--model", "mine", cwd=tmp_path)
    assert (ran.code, "Traceback" in ran.err) == (0, False)
    assert ran.out.splitlines()[1].startswith("Commander, Executor  mine ")


def terminal(words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run in a pseudo-terminal; each answer is typed when the program asks. Exit code and all that was shown."""
    import pty

    code = (
        "import json, sys; from pathlib import Path; from config import folders, settings; "
        "from commander.models import models; "
        f"folders.ROOT = Path({str(folders.ROOT)!r}); sys.exit(models(json.loads(sys.argv[1]), settings.load()))"
    )
    pid, out = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", COLUMNS="160", PYTHONPATH=str(Path(__file__).parents[2]))
        os.execv(sys.executable, [sys.executable, "-c", code, json.dumps(words)])
    shown, deadline = "", time.monotonic() + 60
    while time.monotonic() < deadline:
        if answers and "] " in shown.rpartition("go on with")[2]:
            shown = shown.replace("go on with", "(asked)")
            os.write(out, f"{answers.pop(0)}\n".encode())
        if select.select([out], [], [], 0.1)[0]:
            try:
                data = os.read(out, 65536)
            except OSError:
                break
            shown += data.decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    os.close(out)
    return os.waitstatus_to_exitcode(status), shown


@posix
@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("answers", "made"), [([""], BRAIN), (["what?", "1"], SMALLER), (["2"], EXPERTS), (["n"], None)]
)
def test_in_a_terminal_it_asks(answers: list[str], made: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    ollama = Ollama()
    with running(ollama, monkeypatch):
        code, shown = terminal(["setup", BRAIN], answers)
    assert code == (0 if made else 1), shown
    assert [body["model"] for body in ollama.bodies("/api/create")] == ([made] if made else [])
    assert ("nothing was fetched" in shown) == (made is None)
    assert f"{BRAIN}? [Y/n/1/2]" in shown


@posix
def test_in_a_terminal_the_table_has_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(Ollama(models={"qwen2.5:14b": 9_000_000_000}), monkeypatch):
        code, shown = terminal([], [])
    assert code == 0, shown
    assert "ON THE SERVER" in shown
    assert "9.0 GB" in shown
