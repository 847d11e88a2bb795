"""The machine: disks, workspace, jail, node, graphics card, memory."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from config.settings import Settings
from tests.tools.ollama.test_library import Ollama
from tools.doctor import jail, machine, memory
from tools.doctor.check import Check
from tools.doctor.checkup import through
from tools.doctor.inventory import Inventory, loaded, take
from tools.embedded.scripted import serving
from tools.events import ignore
from tools.interpreter.jail import NoJail, explain, find_bwrap
from tools.ollama import fit
from tools.ollama.fit import Memory
from tools.ollama.server import Server

posix = pytest.mark.skipif(sys.platform == "win32", reason="scripts stand for programs")
LINUX = sys.platform == "linux"
CARD = Memory(17.2, gpu=True)
GB = 1_000_000_000


def program(folder: Path, name: str, text: str) -> Path:
    """An executable script."""
    folder.mkdir(exist_ok=True)
    place = folder / name
    place.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    place.chmod(0o755)
    return place


def test_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (machine.uv().state, machine.uv().next) == ("warning", "pip install uv")
    monkeypatch.setenv("UV", "here")
    assert machine.uv() == Check("uv", "ok", "here")


def test_folders_on_one_disk_are_one_line(tmp_path: Path) -> None:
    places = {"cache": tmp_path / "a" / "b", "state": tmp_path, "workspace": tmp_path}
    (found,) = machine.disk(places, 0)
    assert found.name == "disk"
    assert found.seen.startswith(f"cache, state, workspace ({tmp_path / 'a' / 'b'}): ")
    (found,) = machine.disk(places, 10**18)
    assert (found.state, "GB are needed for the weights" in found.seen) == ("broken", True)
    assert found.next.startswith(f"df -h {tmp_path} ")
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_place_of_a_folder_is_broken(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    found = [*machine.disk({"cache": tmp_path / "cache" / "models", "state": tmp_path}, 0)]
    assert found[0].state == "broken"
    assert f"{tmp_path / 'cache'} is no folder" in found[0].seen
    assert len(found) == 2


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_another_user_is_broken(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    (found,) = machine.disk({"cache": tmp_path / "models"}, 0)
    tmp_path.chmod(0o700)
    assert (found.state, "you may not write" in found.seen) == ("broken", True)


def test_workspaces(tmp_path: Path) -> None:
    home, root = Path.home(), tmp_path / "checkout"
    (root / "inside").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (tmp_path / "good").mkdir()
    assert machine.workspace(None, tmp_path / "good", root)[1] == Check("workspace", "ok", str(tmp_path / "good"))
    assert machine.workspace(None, root, root)[0] == root / "work"
    assert machine.workspace(None, home, root)[1].state == "warning"
    for named, said in (
        (home, "home folder"),
        (root / "inside", "belongs to the program"),
        (tmp_path / "no", "no folder"),
    ):
        _, found = machine.workspace(named, tmp_path, root)
        assert (found.state, said in found.seen) == ("broken", True), found
    assert not (root / "work").exists()


def test_the_jail() -> None:
    assert jail.jail(Path("bwrap")).state == "ok"
    for found in (
        explain(""),
        explain("setting up uid map: Permission denied"),
        NoJail("no jail here", "wsl --install"),
    ):
        told = jail.jail(found)
        assert (told.name, told.state, told.next) == ("jail", "broken" if LINUX else "warning", found.remedy)
        assert told.seen.startswith(found.what)


def test_limits() -> None:
    found = jail.limits(Settings(_env_file=None))
    assert (found.name, found.state) == ("limits", "ok")
    assert "4096 MB of memory, 256 processes: held by " in found.seen
    large = jail.limits(Settings(_env_file=None, commander_memory_mb=10**9))
    assert (large.state, large.next.startswith("COMMANDER_MEMORY_MB=")) == ("warning", True)
    assert not [*Path("/sys/fs/cgroup").glob(f"**/commander-{os.getpid()}-*")] if LINUX else True


def test_the_python_for_code(tmp_path: Path) -> None:
    assert jail.python(Settings(_env_file=None), tmp_path) == Check("code's Python", "ok", sys.executable)
    wrong = jail.python(Settings(_env_file=None, commander_python=str(tmp_path / "none")), tmp_path)
    assert (wrong.state, "COMMANDER_PYTHON: " in wrong.seen, bool(wrong.next)) == ("broken", True, True)
    local = tmp_path / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    local.parent.mkdir(parents=True)
    local.touch()
    assert jail.python(Settings(_env_file=None), tmp_path).state == "warning"


@posix
def test_node_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bwrap = find_bwrap()
    good = program(tmp_path / "good", "node", "echo v20.1.0")
    assert jail.node(bwrap, str(good)).seen.endswith(": v20.1.0")
    bad = program(tmp_path / "bad", "node", "echo 'cannot connect to snapd' >&2; exit 1")
    found = jail.node(bwrap, str(bad))
    assert (found.state, "cannot connect to snapd" in found.seen) == ("warning", True)
    shim = program(tmp_path / "shim", "node", f'exec "{tmp_path}/elsewhere/node" "$@"')
    program(tmp_path / "elsewhere", "node", "echo v20.1.0")
    assert jail.node(NoJail("", ""), str(shim)).state == "ok"
    if isinstance(bwrap, Path):
        assert jail.node(bwrap, str(shim)).state == "warning", "what it starts is not in the jail"
    program(tmp_path / "bin", "dnf", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    found = jail.node(bwrap)
    assert found.state == "warning"
    assert found.next == ("sudo dnf install nodejs" if LINUX else "brew install node")


@posix
def test_a_card_that_nothing_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "nvidia-smi", "echo 16376")
    monkeypatch.setenv("PATH", str(tmp_path))
    there = fit.memory()
    ours, theirs = Server("http://127.0.0.1:1", "token", "qwen"), Server("http://127.0.0.1:1")
    for server in (None, ours):
        found = memory.card(server, there, "sh install", tmp_path)
        assert (found.name, found.state, found.next) == ("card", "warning", "sh install")
    assert "the graphics card has 17.2 GB (16 GiB)" in found.seen
    assert memory.card(theirs, there, "sh install", tmp_path).state == "ok"
    program(tmp_path, "ollama", "")
    assert memory.card(None, there, "sh install", tmp_path).next == "ollama serve"


def test_a_driver_that_does_not_answer(tmp_path: Path) -> None:
    none = Memory(8.0, gpu=False)
    assert memory.card(None, none, "sh install", tmp_path).state == "ok"
    (tmp_path / "driver" / "nvidia").mkdir(parents=True)
    (tmp_path / "driver" / "nvidia" / "version").touch()
    found = memory.card(None, none, "sh install", tmp_path)
    assert (found.state, found.next) == ("warning", "nvidia-smi")


def inventory(ollama: Ollama, brain: str, hand: str = "") -> tuple[Inventory, Server, list[Check]]:
    """What the server says, and where what is loaded runs on a machine with a card."""
    given = Settings(_env_file=None, default_model=brain, executor_model=hand)
    with serving(ollama.app()) as url:
        server = Server(url)
        found = through(server, ignore, lambda gateway: take(gateway, given))
        rows = through(server, ignore, loaded)
    return found, server, [*memory.residence(server, found, rows, CARD)]


def test_models_that_do_not_fit() -> None:
    small, large = "small:7b", "qwen2.5-32b-instruct-moe-rtx"
    ollama = Ollama(models={f"{large}:latest": 19_900_000_000, small: 4 * GB})
    found, server, _ = inventory(ollama, large, small)
    big, fits, both = memory.memory(server, found, CARD)
    assert [big.state, fits.state, both.state] == ["warning", "ok", "warning"]
    assert "takes 22.0 GB (weights 19.9, 4096 tokens of context 1.1" in big.seen
    assert "4.8 GB of it run on the CPU, which is slow" in big.seen
    assert "one leaves when the other is asked" in both.seen
    assert [check.seen for check in memory.memory(Server("http://gpu:1"), found, CARD)] == [
        "of another machine: not seen from here"
    ]
    experts = "qwen3-30b-a3b-rtx"
    found, server, _ = inventory(Ollama(models={f"{experts}:latest": 18_600_000_000}), experts)
    assert "bearable, since only 3.3 of its 30.5 billion" in str([*memory.memory(server, found, CARD)])
    huge = Memory(psutil.virtual_memory().total / 1e9, gpu=False)
    found, server, _ = inventory(Ollama(models={"huge:latest": 10**14}), "huge")
    assert [check.state for check in memory.memory(server, found, huge)] == ["broken"]


def test_layers_are_counted_as_the_server_tells_them() -> None:
    told = {"block_count": 27, "attention.head_count": 16, "attention.head_count_kv": 16, "embedding_length": 2048}
    told |= {"attention.key_length": 192, "attention.value_length": 128}
    info = {"general.architecture": "deepseek2"} | {f"deepseek2.{key}": value for key, value in told.items()}
    known = fit.SHAPES["deepseek-coder-v2:16b-lite-instruct-q4_K_M"]
    assert memory.shape_of(10.4, info) == replace(known, active="")
    qwen = {"block_count": 48, "attention.head_count": 40, "attention.head_count_kv": 8, "embedding_length": 5120}
    info = {"general.architecture": "qwen2"} | {f"qwen2.{key}": value for key, value in qwen.items()}
    assert memory.shape_of(9.0, info) == fit.SHAPES["qwen2.5:14b"]
    assert memory.shape_of(9.0, {}) is None
    assert memory.shape_of(9.0, info | {"qwen2.attention.head_count_kv": [8, 8]}) is not None


@pytest.mark.parametrize(
    ("share", "state", "said"),
    [
        (1.0, "ok", "wholly on the graphics card"),
        (0.75, "warning", "25% of its 10.0 GB run on the CPU"),
        (0.0, "warning", "although there is a graphics card"),
    ],
)
def test_where_a_loaded_model_runs(share: float, state: str, said: str) -> None:
    ollama = Ollama(models={"mine:latest": 10 * GB, "other:latest": GB})
    ollama.load("mine:latest", graphics=share)
    ollama.load("other:latest", graphics=share)
    _, _, (found,) = inventory(ollama, "mine")
    assert (found.name, found.state, said in found.seen) == ("loaded", state, True), found
    assert bool(found.next) == (state == "warning")


def test_without_a_card_the_cpu_is_fine() -> None:
    ollama = Ollama(models={"mine:latest": GB})
    ollama.load("mine:latest", graphics=0)
    found, server, _ = inventory(ollama, "mine")
    rows = found.residents
    assert [check.state for check in memory.residence(server, found, rows, Memory(8, gpu=False))] == ["ok"]
    ours = Server(server.base_url, "token", "mine")
    assert [check.state for check in memory.residence(ours, found, rows, CARD)] == ["ok"]
