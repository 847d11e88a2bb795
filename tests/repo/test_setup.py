"""The Modelfiles and the scripts that a user starts: they agree with the code, and hold nothing that belongs there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.ollama import fit, library, models

ROOT = Path(__file__).parents[2]
RECIPES = library.modelfiles()
SETUPS = {
    "setup_qwen32b_moe_rtx": "qwen2.5-32b-instruct-moe-rtx",
    "setup_deepseek_lite_executor_rtx": "deepseek-coder-v2-lite:instruct",
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="scripts of a POSIX shell")


def test_the_local_names_are_those_that_the_documents_use() -> None:
    assert set(RECIPES) == {
        "qwen2.5-32b-instruct-moe-rtx",
        "qwen2.5-14b-instruct-rtx",
        "qwen3-30b-a3b-rtx",
        "deepseek-coder-v2-lite:instruct",
        "deepseek-coder-v2-16b-q4_k_m-rtx",
    }
    assert {*fit.BRAINS, fit.EXECUTOR} <= RECIPES.keys()
    assert {RECIPES[name].base for name in (*fit.BRAINS, fit.EXECUTOR)} == fit.SHAPES.keys()


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_a_modelfile_works_by_hand_and_sets_the_window(recipe: library.Modelfile) -> None:
    place = recipe.path.relative_to(ROOT).as_posix()
    text = recipe.path.read_text(encoding="utf-8")
    assert text.startswith(f"# ollama create {recipe.name} -f {place}\n")
    assert text.isascii()
    assert recipe.window >= 8192
    assert 0 < recipe.parameters["temperature"] <= 0.7
    assert not re.search(r"^SYSTEM|{{ \.Function", text, re.MULTILINE)


def test_names_over_the_same_weights_share_one_runner() -> None:
    """Ollama evicts the one for the other where their parameters differ."""
    parameters: dict[str, dict[str, object]] = {}
    for recipe in RECIPES.values():
        assert parameters.setdefault(recipe.base, recipe.parameters) == recipe.parameters


def test_a_16_gb_card_holds_the_recommended_models_one_at_a_time() -> None:
    card = fit.Memory(16376 * 2**20 / 1e9, gpu=True)
    brain, executor = fit.recommended(RECIPES, card)
    assert brain.name == "qwen2.5-14b-instruct-rtx"
    assert not fit.happens(brain, card)
    assert not fit.happens(executor, card)
    assert "one leaves" in fit.together([brain, executor], card)
    assert fit.need(brain).total == pytest.approx(9.0 + 48 * 8 * 128 * 2 * 2 * 16384 / 1e9 + 1, abs=0.01)


def test_what_is_made_is_chosen_before_what_it_is_made_from() -> None:
    for recipe in RECIPES.values():
        if recipe.name in models.KNOWN and recipe.base in models.KNOWN:
            assert models.KNOWN.index(recipe.name) < models.KNOWN.index(recipe.base)


@pytest.mark.parametrize(("script", "name"), SETUPS.items())
def test_a_batch_file_is_one_for_windows_and_thin(script: str, name: str) -> None:
    data = (ROOT / "scripts" / f"{script}.bat").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 0
    lines = data.decode("ascii").splitlines()
    assert lines[0] == "@echo off"
    assert 'cd /d "%~dp0.." || goto end' in lines
    assert f"%TOOL% run python -m commander models setup {name} %*" in lines
    assert lines[-2:] == ['if not "%CODE%"=="0" pause', "exit /b %CODE%"]
    first = {line.split()[0].lower() for line in lines if line}
    assert first <= {"@echo", "rem", "setlocal", "set", "cd", "where", "py", "python", "echo", "goto", "if", "exit"} | {
        ":run",
        ":end",
        "%tool%",
    }
    assert len(lines) <= 30


@pytest.mark.parametrize("script", SETUPS)
def test_a_shell_script_is_thin_and_can_be_started(script: str) -> None:
    path = ROOT / "scripts" / f"{script}.sh"
    text = path.read_bytes()
    assert text.startswith(b"#!/bin/sh\n")
    assert b"\r" not in text
    assert text.isascii()
    assert len(text.splitlines()) <= 20
    if os.name == "posix":
        assert os.access(path, os.X_OK)


def start(folder: Path, script: str, *arguments: str, **programs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Start the script where only these programs are on the path; what they were called with, a line a call."""
    bin_, log = folder / "bin", folder / "log"
    bin_.mkdir()
    for name in ("sh", "dirname"):
        (bin_ / name).symlink_to(shutil.which(name) or "")
    for name, body in programs.items():
        (bin_ / name).write_text(f'#!/bin/sh\necho "{name} $* in $PWD" >> {log}\n{body}\n', encoding="utf-8")
        (bin_ / name).chmod(0o755)
    (folder / "scripts").mkdir()  # where CDPATH would lead a careless `cd`
    done = subprocess.run(
        [f"scripts/{script}.sh", *arguments],
        cwd=ROOT,
        env={"PATH": str(bin_), "CDPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
    )
    return done, log.read_text(encoding="utf-8") if log.exists() else ""


@posix
@pytest.mark.parametrize(("script", "name"), SETUPS.items())
def test_a_shell_script_calls_the_program_with_uv_in_the_repository(script: str, name: str, tmp_path: Path) -> None:
    done, log = start(tmp_path, script, "--yes", uv="exit 3")
    assert log == f"uv run python -m commander models setup {name} --yes in {ROOT}\n"
    assert (done.returncode, done.stdout) == (3, ""), "the exit code is handed on"


@posix
@pytest.mark.parametrize("there", [True, False])
def test_without_uv_on_the_path_python_has_it_or_gets_it(there: bool, tmp_path: Path) -> None:
    absent = '[ "$3" = --version ] && exit 1'
    done, log = start(tmp_path, "setup_qwen32b_moe_rtx", python3="exit 0" if there else f"{absent}\nexit 0")
    calls = [line.removeprefix("python3 ").removesuffix(f" in {ROOT}") for line in log.splitlines()]
    install = [] if there else ["-m pip install uv"]
    run = "-m uv run python -m commander models setup qwen2.5-32b-instruct-moe-rtx"
    assert calls == ["-m uv --version", *install, run]
    assert done.returncode == 0


@posix
def test_where_uv_cannot_be_had_the_next_step_is_said(tmp_path: Path) -> None:
    done, _ = start(tmp_path, "setup_qwen32b_moe_rtx", python3="exit 1")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("setup: uv is not there, and pip cannot install it; next: ")
    assert "where `pip install` is refused" in (ROOT / "README.md").read_text(encoding="utf-8")
