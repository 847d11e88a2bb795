"""Every attack is run `ATTACK_ROUNDS` times; those of a module share one jailed box."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.attempts import SECRET
from tests.tools.interpreter.bench import Bench
from tools.interpreter.box import Limits
from tools.interpreter.jail import probe

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "1"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each round, where there are more than one."""
    if ROUNDS > 1:
        metafunc.fixturenames.append("round")
        metafunc.parametrize("round", range(1, ROUNDS + 1))


@pytest.fixture(scope="session", autouse=True)
def jail() -> None:
    """Without a jail here there is nothing to attack."""
    if reason := probe():
        pytest.skip(reason)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A box in the jail."""
    with Bench(tmp_path_factory.mktemp("workspace"), Limits(run_seconds=36_000)) as made:
        yield made


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Away afterwards: some attacks leave gigabytes."""
    yield tmp_path
    remove(tmp_path)


def remove(folder: Path) -> None:
    """Removes it, also where an attack has closed a folder in it."""
    subprocess.run(["chmod", "-R", "u+rwx", str(folder)], stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the user's that holds a secret."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    return folder


@pytest.fixture
def here(bench: Bench, tmp_path: Path) -> Iterator[Path]:
    """A folder of the attack's own, in which its blocks run."""
    folder = bench.workspace / tmp_path.name
    folder.mkdir()
    bench.python(f"import os; os.chdir({str(folder)!r})")
    yield folder
    remove(folder)
