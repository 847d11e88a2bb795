"""`python -I -m tools.browser`: Browser-Use's MCP server over standard input and output, in the jail where one is.

`--sites HOST,...` opens other hosts than this machine (`*`: all), `--show` shows the window, and `--agent` gives its
own agent the model that `--model` and `--server` name.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from config import settings
from config.errors import CommanderError
from tools.browser.chromium import find_chromium
from tools.browser.environment import made
from tools.browser.profile import LOCAL, Model, Profile
from tools.interpreter.jail import Jail, find_bwrap


def main() -> int:
    """Run it until its standard input ends; its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the folder is removed
    options = _parser().parse_args()
    try:
        chromium, python = find_chromium(), made()
    except CommanderError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    with tempfile.TemporaryDirectory(prefix="commander-browser-", ignore_cleanup_errors=True) as folder:
        return _serve(options, Path(folder).resolve(), chromium, python)


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser("tools.browser", description=__doc__)
    found.add_argument("--sites", default=",".join(LOCAL), help="hosts that may be visited, with commas; * for all")
    found.add_argument("--show", action="store_true", help="show the browser's window")
    found.add_argument("--no-jail", action="store_true", help="run with all rights of the user")
    found.add_argument("--agent", action="store_true", help="give browser-use's own agent a model")
    found.add_argument("--model", default="", help="its name")
    found.add_argument("--server", default="http://127.0.0.1:11434", help="where it is served")
    return found


def _serve(options: argparse.Namespace, folder: Path, chromium: Path, python: Path) -> int:
    bwrap = None if options.show or options.no_jail else find_bwrap()
    jailed = isinstance(bwrap, Path)
    model = _model(options) if options.agent else None
    profile = Profile(
        folder,
        chromium,
        sites=options.sites.split(","),
        sandboxed=not jailed and not _is_root(),
        shown=options.show,
        model=model,
    )
    profile.write()
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", **profile.environment}
    command = [str(python), "-I", "-m", "browser_use.mcp"]
    if isinstance(bwrap, Path):
        # Debian's chromium is a script that reads this folder.
        needed = [
            python.parent.parent,
            Path(sys.base_prefix),
            chromium.resolve().parent,
            Path("/", "etc", "chromium.d"),
        ]
        jail = Jail(folder, shown=[path for path in needed if path.exists()], network=True)
        command = [*jail.command(bwrap, environment), *command]
        return subprocess.run(command).returncode
    return subprocess.run(command, cwd=folder, env={**_windows(), **environment}).returncode


def _model(options: argparse.Namespace) -> Model:
    """The model of its own agent; a key, where the server wants one, is no word of a command line that all can see."""
    return Model(options.model, f"{options.server.rstrip('/')}/v1", settings.foreign("OLLAMA_API_KEY") or "none")


def _is_root() -> bool:
    return sys.platform != "win32" and os.getuid() == 0


def _windows() -> dict[str, str]:
    from tools.interpreter.environment import WINDOWS_NEEDS, windows_variable

    return (
        {name: value for name in WINDOWS_NEEDS if (value := windows_variable(name))} if sys.platform == "win32" else {}
    )


if __name__ == "__main__":
    sys.exit(main())
