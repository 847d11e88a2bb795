"""Rounds, and what every run needs."""

import os
from pathlib import Path

import pytest

from tools.interpreter.jail import probe

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
"""How often each fault happens; in each round it hits another request."""


@pytest.fixture(params=range(1, ROUNDS + 1))
def round_number(request: pytest.FixtureRequest) -> int:
    """The number of the round, from 1 on."""
    number: int = request.param
    return number


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty workspace; without a jail here no program runs."""
    if reason := probe():
        pytest.skip(reason)
    folder = tmp_path / "place"
    folder.mkdir()
    return folder
