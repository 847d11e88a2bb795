"""What tests of the browser need; each is skipped by name where a program of the machine is missing."""

import pytest

from config import folders
from config.errors import MissingError
from tools.browser import environment
from tools.browser.chromium import find_chromium


def ready() -> None:
    """Fetch the browser's packages into the present cache; that they cannot be fetched is a failure."""
    try:
        find_chromium()
    except MissingError as error:
        pytest.skip(f"Browser-Use: {error}")
    if folders.uv() is None:
        pytest.skip("Browser-Use: its packages are fetched by uv, which is not installed")
    environment.made()
