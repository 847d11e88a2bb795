"""What tests of the browser need; each is skipped by name where a program of the machine is missing."""

import pytest

from config import folders
from config.errors import MissingError
from tests.tools.mcp.installed import unavailable
from tools.browser import environment
from tools.browser.chromium import find_chromium


def ready() -> None:
    """Fetch the browser's packages into the present cache; the test is skipped where they cannot be reached."""
    try:
        find_chromium()
    except MissingError as error:
        pytest.skip(f"Browser-Use: {error}")
    if folders.uv() is None:
        pytest.skip("Browser-Use: its packages are fetched by uv, which is not installed")
    try:
        environment.made()
    except MissingError as error:
        unavailable("Browser-Use", str(error))
