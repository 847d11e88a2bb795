"""Which servers there are: `config/mcp.json`, then the user's own `mcp.json`, then files named by `--mcp`.

A file in a workspace is never read, and no server that lies there is started: generated code can write it.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import folders
from config.errors import UsageError
from tools.mcp.entry import Entry, joined

SHIPPED = folders.ROOT / "config" / "mcp.json"
_PROGRAMS = frozenset({".py", ".pyz", ".js", ".mjs", ".cjs", ".ts", ".sh", ".ps1", ".bat", ".cmd", ".exe", ".jar"})


def own_file() -> Path:
    """The user's own list, in the config folder."""
    return folders.settings_folder() / "mcp.json"


def catalog(named: Sequence[Path] = (), workspace: Path | None = None) -> dict[str, Entry]:
    """Every server by its name, the disabled ones too; the later file wins.

    Raises:
        UsageError: a file cannot be read, lies in the workspace, or an entry makes no sense.
    """
    found: dict[str, dict[str, Any]] = {}
    places: dict[str, Path] = {}
    for file in (SHIPPED, own_file(), *named):
        if workspace and file.resolve().is_relative_to(workspace.resolve()):
            raise UsageError(f"{file} lies in the workspace, where generated code can write", f"mv {file} elsewhere")
        for name, data in raw(file, needed=file in named).items():
            found[name] = joined(found.get(name, {}), data)
            places[name] = file
    return {name: entry(name, data, places[name]) for name, data in found.items()}


def raw(file: Path, *, needed: bool = False) -> dict[str, dict[str, Any]]:
    """The entries of one file as they are written; none where the file is not there.

    Raises:
        UsageError: it is needed and not there, or is no list of servers.
    """
    if not needed and not file.exists():
        return {}
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {error}", "commander mcp list, once it is JSON again") from error
    servers = data.get("mcpServers") if isinstance(data, dict) else None
    if not isinstance(servers, dict) or not all(isinstance(each, dict) for each in servers.values()):
        raise UsageError(f"{file} holds no servers", 'its form is {"mcpServers": {"NAME": {"command": "..."}}}')
    return servers


def entry(name: str, data: Mapping[str, Any], file: Path) -> Entry:
    """The entry that `data` describes.

    Raises:
        UsageError: it makes no sense.
    """
    try:
        return Entry.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (name, *first["loc"]))
        problem = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{where} in {file}: {problem}", f"correct it, or commander mcp remove {name}") from error


def write(servers: Mapping[str, Mapping[str, Any]]) -> Path:
    """Make these the user's own servers; the file, which only the user can read (its `env` may hold keys)."""
    file = own_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(json.dumps({"mcpServers": servers}, indent=2, ensure_ascii=False) + "\n")
    new.replace(file)
    return file


def planted(found: Entry, workspace: Path) -> str:
    """What of this server lies in the workspace: its program, or the folder that it runs in; empty: nothing does."""
    root = workspace.resolve()
    words = [shutil.which(found.command) or found.command, found.cwd]
    words += [word for word in found.args if Path(word).suffix.lower() in _PROGRAMS]
    return next((word for word in words if Path(word).is_absolute() and _inside(Path(word), root)), "")


def _inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root) or Path(os.path.normpath(path)).is_relative_to(root)
