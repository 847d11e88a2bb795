"""What `${NAME}` in an `mcp.json` stands for."""

import sys
from collections.abc import Mapping
from functools import cache

from dotenv import dotenv_values

from config import folders, settings
from tools.mcp.entry import Lookup


def variables(given: Mapping[str, str] | None = None) -> Lookup:
    """Names that the run gives (WORKSPACE), the program's own, the environment's, then those of the `.env` files."""
    ours = {"PYTHON": sys.executable, "COMMANDER": str(folders.ROOT), **(given or {})}

    @cache
    def files() -> dict[str, str | None]:
        return {name: value for file in settings.env_files() for name, value in dotenv_values(file).items()}

    return lambda name: ours.get(name) or settings.foreign(name) or files().get(name) or ""
