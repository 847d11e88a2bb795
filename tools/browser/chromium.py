"""A browser that is on this machine."""

import shutil
import sys
from pathlib import Path

from config import settings
from config.errors import MissingError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "brave")
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_INSTALL = {"win32": "winget install Google.Chrome", "darwin": "brew install --cask google-chrome"}


def find_chromium() -> Path:
    """The first Chromium or one of its kin.

    Raises:
        MissingError: there is none.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    for place in _places():
        if place.is_file():
            return place
    raise MissingError("no Chromium or Chrome is installed", _INSTALL.get(sys.platform, "sudo apt install chromium"))


def _places() -> list[Path]:
    if sys.platform == "darwin":
        homes = (Path("/"), Path.home())
        return [home / "Applications" / f"{name}.app/Contents/MacOS" / name for home in homes for name in _MAC]
    if sys.platform == "win32":
        roots = [settings.foreign(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [Path(root, name) for root in roots if root for name in _WINDOWS]
    return []
