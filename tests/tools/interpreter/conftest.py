"""One jailed box for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.tools.interpreter.bench import Bench
from tools.interpreter.jail import probe


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A box in the jail; without a jail here the module's tests are skipped by name."""
    if reason := probe():
        pytest.skip(reason)
    with Bench(tmp_path_factory.mktemp("workspace")) as made:
        yield made
