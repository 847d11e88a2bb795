"""The two agents for scripts, each made by one call; both share one connection to the server."""

import atexit
import shutil
import tempfile
from pathlib import Path

from agents.commander import Commander
from agents.executor import Executor
from tools.interpreter.box import Box, Limits
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.gateway import Gateway, shared_gateway
from tools.snapshot import Snapshots


def create_simple_commander(model: str, *, gateway: Gateway | None = None) -> Commander:
    """A Commander on `model`, on the server that the settings name or find.

    Raises:
        CommanderError: no server can be had.
    """
    return Commander(OllamaChatClient(gateway or shared_gateway(), model))


def create_open_interpreter_agent(
    model: str, workspace: str | Path = ".", *, limits: Limits | None = None, gateway: Gateway | None = None
) -> Executor:
    """An Executor on `model` that runs code in `workspace`, in a jail.

    Raises:
        CommanderError: no server can be had; no jail, at the first block.
    """
    place = Path(workspace).resolve()
    store = tempfile.mkdtemp(prefix="commander-")
    atexit.register(shutil.rmtree, store, ignore_errors=True)
    snapshots = Snapshots(place, Path(store))
    protected = [snapshots.workspace.place(path) for path in snapshots.take().uncovered]
    adapter = OllamaAdapter(gateway or shared_gateway(), model)
    return Executor(adapter, Box(place, limits or Limits(), readonly=protected), snapshots)
