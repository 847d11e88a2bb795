"""The command line: arguments in, one call out. Imports nothing heavy, so that `--help` is quick."""

import argparse
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

EPILOG = """\
settings: the environment, .env beside the program, .env in the user's config folder (see .env.example):
  DEFAULT_MODEL, EXECUTOR_MODEL, OLLAMA_BASE_URL, EMBEDDED_MODEL, COMMANDER_*

exit codes: 0 done, 1 not done, 2 wrong usage or settings, 3 server, model or jail missing, 130 interrupted

commands instead of a task:
  commander serve            run the embedded model server in the foreground
  commander doctor           what a first run can trip over, with what to type next (--json: as one object)
  commander verify           prove that both agents use one instance of the model (--json: as one object)
  commander sessions [TEXT]  the tasks that were begun, the newest first, or those with TEXT (--json: as data)
  commander sessions show ID | export ID [FILE] | delete ID...   (export: Markdown, or JSON with --json or to *.json)
  commander resume [ID]      go on where a run stopped (without ID: the last one in the folder)
  commander diff [ID]        what a run changed on disk (--step N: what one step did)
  commander undo [ID]        put that back (--step N; --force: also what was changed since)
  commander mcp list         servers of tools: shipped, your own, of --mcp; test NAME starts one and lists its tools
  commander mcp add NAME [KEY=VALUE...] URL|-- COMMAND... | remove NAME | on NAME | off NAME
  commander models           what the server has, what is in memory, which role uses it
  commander models pull NAME         fetch a model to Ollama; a broken pull goes on
  commander models setup [NAME...]   fetch and make the local models of Modelfiles/ (--yes: ask nothing)
  commander models unload [NAME...]  take models out of memory
  commander models stop      stop the embedded model server
  commander completion SHELL  a script that completes all this in bash, zsh, fish or powershell (docs/completion.md)
"""


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was typed; when the user's shell asks what can be typed next, the program ends with the answer."""
    from commander.completion import offer

    found = parser()
    offer(found)
    return found.parse_args(arguments)


def parser() -> argparse.ArgumentParser:
    """Everything that can be typed after `commander`."""
    found = argparse.ArgumentParser(
        "commander",
        description="A local team of agents does a task in a folder: the Commander plans, the Executor runs code.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("task", nargs="*", help="the task, in words; -: from standard input; none: the team chat")
    found.add_argument("--version", action="version", version=f"commander {release()}")
    _task(found.add_argument_group("the task"))
    _models(found.add_argument_group("models"))
    _safety(found.add_argument_group("safety"))
    _sessions(found.add_argument_group("sessions"))
    return found


def release() -> str:
    """The version that is installed."""
    try:
        return version("local-commander")
    except PackageNotFoundError:  # started with a Python that is not the program's own
        return "not installed; next: uv sync"


def _task(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--file", type=Path, metavar="PATH", help="read the task from a file")
    group.add_argument("--workspace", type=Path, metavar="DIR", help="the folder to work in (default: the current one)")
    group.add_argument(
        "--route", choices=["strategy", "code", "hybrid", "tools"], help="take this road, whatever the rules say"
    )
    group.add_argument("--plan", action="store_true", help="make a plan first; show it, let it be edited, and ask")
    group.add_argument("--mcp", action="append", default=[], type=Path, metavar="FILE", help="more servers of tools")
    group.add_argument("--json", action="store_true", help="one event a line as JSON, nothing else on standard output")
    group.add_argument("--max-turns", type=int, metavar="N", help="turns of all agents (default 12)")
    group.add_argument("--timeout", type=float, metavar="S", help="seconds for the whole run (default 900)")
    group.add_argument("--debug", action="store_true", help="show tracebacks and logs")


def _models(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--model", metavar="NAME", help="the Commander's model (DEFAULT_MODEL)")
    group.add_argument("--executor-model", metavar="NAME", help="the Executor's model (EXECUTOR_MODEL)")
    group.add_argument("--base-url", metavar="URL", help="the Ollama server (OLLAMA_BASE_URL)")


def _safety(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--ask", action="store_true", help="show each block of code and ask before it runs")
    group.add_argument("--yes", action="store_true", help="ask nothing; leaving the jail still needs --unsafe-no-jail")
    group.add_argument("--unsafe-no-jail", action="store_true", help="run code without a jail; each block is asked for")
    group.add_argument("--network", action="store_true", help="let generated code use the network in this run")
    group.add_argument("--python", metavar="PATH", help="the Python that runs generated code (COMMANDER_PYTHON)")


def _sessions(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--continue", dest="go_on", action="store_true", help="as the command resume")
    group.add_argument("--step", type=int, metavar="N", help="for undo and diff: this step of the plan alone")
    group.add_argument("--force", action="store_true", help="for undo: put back also what was changed since")
