"""The checks of a file that was written run in the Python of a workspace's `.venv`, which may be an older one."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.probe import BEHAVES
from tools.interpreter.worker import arranging, checking

Ran = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["3.8", "3.9", "3.10", "3.12", "3.13", "3.14"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Ran:
    """Runs a program in another Python, told this as JSON, in `tmp_path`."""
    name = f"python{request.param}"
    found = shutil.which(name)

    def ran(program: str, told: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(found), "-B", program, json.dumps(told)],
            cwd=tmp_path,
            env={**os.environ, "PYENV_VERSION": request.param},  # pyenv has a name for each, and runs what is told
            capture_output=True,
            text=True,
        )

    if not found or ran("-c", "").returncode:
        pytest.skip(f"{name} is not installed")
    return ran


@pytest.mark.parametrize(("wanted", "code"), [("0.5", 0), ("[0.5]", 1)])
def test_a_file_is_checked(older: Ran, tmp_path: Path, wanted: str, code: int) -> None:
    (tmp_path / "half.py").write_text("def half(x):\n    return x / 2\n", encoding="utf-8")
    (tmp_path / "test_half.py").write_text(
        "import half\n\ndef test():\n    assert half.half(2) == 1\n", encoding="utf-8"
    )
    told = {
        "run": ["half.py"],
        "tests": [("test_half.py", False)],
        "module": [".", "half"],
        "examples": [("half(1)", wanted, True)],
        "behaviour": [["half"], [], ["half(1)"]],
    }
    ran = older(checking.__file__, told)
    assert (ran.returncode, ran.stderr) == (code, "")
    assert bool(BEHAVES.search(ran.stdout)) == (code == 0)
    assert ("half(1) gives 0.5, should give [0.5]" in ran.stdout) == (code == 1)


def test_a_table_is_put_into_its_form(older: Ran, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("N,ip\n3,a\n5,b\n", encoding="utf-8")
    ran = older(arranging.__file__, [[("r.csv", ["n", "ip"])], [("r.csv", 0, True, 1)]])
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == "N,ip\n5,b\n"
