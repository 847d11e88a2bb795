"""The program itself, seen before anything is imported."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.doctor.program import ROOT, environment, fits, packages, program, python

FRONT = """
import sys
sys.path[:0] = sys.argv[1:3]
from commander.cli import parser
from commander.doctor import doctor
sys.exit(doctor(parser().parse_args(["doctor", *sys.argv[3:]])))
"""
SITE = Path(sys.prefix, *(["Lib"] if sys.platform == "win32" else ["lib", f"python3.{sys.version_info[1]}"]))


def without(folder: Path, *left_out: str) -> Path:
    """The packages of this environment but those, as links."""
    folder.mkdir()
    for entry in (SITE / "site-packages").iterdir():
        if not entry.name.startswith(left_out):
            (folder / entry.name).symlink_to(entry)
    return folder


def front(site: Path, *arguments: str) -> tuple[int, list[str], str]:
    """The doctor with those packages alone: exit code, lines, errors."""
    command = [sys.executable, "-I", "-S", "-c", FRONT, str(ROOT), str(site), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, cwd=site.parent)
    return done.returncode, done.stdout.splitlines(), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="links")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_package_that_the_doctor_itself_needs_may_be_missing(form: tuple[str, ...], tmp_path: Path) -> None:
    code, lines, errors = front(without(tmp_path / "site", "rich", "pydantic_settings"), *form)
    assert (code, errors) == (1, "")
    text = "\n".join(lines)
    assert "missing: pydantic-settings, rich" in text
    assert f"uv sync --project {ROOT}" in text
    assert "the rest cannot be looked at" in text
    assert form or lines[-1].startswith("broken: packages;")


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_package_that_only_a_task_needs_may_be_missing(tmp_path: Path) -> None:
    code, lines, errors = front(without(tmp_path / "site", "autogen_ext", "interpreter", "open_interpreter"))
    (line,) = [line for line in lines if " packages " in line]
    assert (code, errors) == (1, "")
    assert line == "broken   packages        missing: autogen-ext, open-interpreter"
    assert any(line.split()[1] == "jail" for line in lines), "the rest is looked at"


def test_this_environment_is_whole() -> None:
    found = {check.name: check for check in program()}
    assert list(found) == ["python", "environment", "packages"]
    assert (found["python"].state, found["packages"].state) == ("ok", "ok")
    assert "open-interpreter 0.4.3" in found["packages"].seen


def test_another_version_of_a_package_is_broken() -> None:
    found = packages(["pydantic<2", "rich>=14", "httpx==0.1", "nowhere; sys_platform == 'never'", "x; extra == 'y'"])
    assert (found.state, found.next) == ("broken", f"uv sync --project {ROOT}")
    assert found.seen.startswith("wrong: pydantic ")
    assert found.seen.endswith("(==0.1)")
    assert "rich" not in found.seen


@pytest.mark.parametrize(
    ("version", "state"), [("3.11.0", "ok"), ("3.13.9", "ok"), ("3.10.13", "broken"), ("3.14.0", "broken")]
)
def test_python(version: str, state: str) -> None:
    found = python(version, "<3.14,>=3.11")
    assert found.state == state
    assert ("uv run" in found.next) == (state == "broken")


def test_bounds() -> None:
    assert fits("0.7.5", "==0.7.5")
    assert not fits("0.7.6", "==0.7.5")
    assert fits("3.54.0", "<4,>=1.93")
    assert not fits("82.0", "<82")
    assert fits("1.2rc1", "")


def environments(folder: Path) -> Iterator[tuple[Path, Path, str]]:
    own, other = folder / ".venv", folder / "other"
    for place in (own, other):
        place.mkdir()
        (place / "pyvenv.cfg").touch()
    yield own, Path(sys.base_prefix), "ok"
    yield other, Path(sys.base_prefix), "warning"
    yield other, other, "warning"
    (own / "pyvenv.cfg").unlink()
    yield other, Path(sys.base_prefix), "ok"


def test_environment(tmp_path: Path) -> None:
    for prefix, base, state in environments(tmp_path):
        found = environment(prefix, base, tmp_path)
        assert found.state == state, found
        assert (f"--project {tmp_path}" in found.next.replace("'", "")) == (state == "warning")
    assert os.sep in found.seen
