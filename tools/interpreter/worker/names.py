"""Names that the parent and the worker share, and those by which models call the languages."""

import sys

SHELL = "PowerShell" if sys.platform == "win32" else "shell"
"""What the model is told that `shell` means here."""

HOME_PREFIX = "commander-home-"
"""How the temporary home begins where there is no jail."""
ALIASES = {
    "python": ("py", "python3", "ipython", "tool_code"),
    "shell": ("powershell", "pwsh", "ps1") if sys.platform == "win32" else ("bash", "sh", "zsh", "console", "terminal"),
    "javascript": ("js", "node", "nodejs", "mjs", "cjs"),
}


def find_language(name: str) -> str | None:
    """Our name of the language that `name` means, or None."""
    name = name.strip().lower()
    return next((language for language, aliases in ALIASES.items() if name == language or name in aliases), None)
