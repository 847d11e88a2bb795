"""A text handed to the user's own editor."""

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from config.settings import foreign


def edited(text: str, name: str = "plan.txt") -> str | None:
    """The text after the user's editor (VISUAL, EDITOR, else the system's), called `name` there; None: none starts."""
    command = foreign("VISUAL") or foreign("EDITOR") or ("notepad" if sys.platform == "win32" else "vi")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, name)
        file.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*shlex.split(command, posix=sys.platform != "win32"), str(file)], check=True)
        except (OSError, ValueError, subprocess.CalledProcessError):
            return None
        return file.read_text(encoding="utf-8", errors="replace")
