"""How the functions of a module behave, told as a line of characters, so that two versions of it can be compared."""

import ast
import re
from collections.abc import Sequence

from agents.parsing import parsed
from tools.interpreter.worker.behaviour import FAILED

IMPURE = frozenset(
    "open input print exec eval os io sys shutil subprocess pathlib Path socket requests urllib http sqlite3 tempfile "
    "random time datetime threading multiprocessing asyncio logging tkinter argparse glob csv".split()
)
"""Names in a module whose functions may do more than compute: these are not called."""
UNDONE = re.compile(r"^\w+ does not undo .*$", re.M)
BEHAVES = re.compile(rf"^\d+ calls of its functions, for comparison: ((?:[a-z2-7]{{2}}|{FAILED})+)\s*$", re.M)
"""What it prints: two characters for each call."""


def probe(source: str, given: Sequence[str] = (), calls: Sequence[str] = ()) -> list[list[str]]:
    """What `behaviour` is asked for a module: the functions that it had, those that are given whole, calls.

    `source`: what its file held before it was changed, if anything; `given`: the functions that the task gives, the
    last of them without its body; `calls`: those of the task's examples.
    """
    return [_defined(source) or list(given[-1:]), list(given[:-1]), list(dict.fromkeys(calls))]


def same(one: str, other: str) -> bool:
    """Whether two versions, by what `BEHAVES` finds of them, give the same wherever both give something.

    An error says little, since not all that is tried is meant; but most calls must give something in both.
    """
    here, there = (re.findall("..", text) for text in (one, other))
    both = [pair for pair in zip(here, there, strict=False) if FAILED not in pair]
    most = max(len(each) - each.count(FAILED) for each in (here, there))
    return len(here) == len(there) and all(a == b for a, b in both) and most < 2 * len(both)


def _defined(source: str) -> list[str]:
    tree = parsed(source)
    return [node.name for node in (tree.body if tree else []) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def pure(source: str) -> bool:
    """Whether the module only computes, as far as its names tell."""
    tree = parsed(source)
    nodes = list(ast.walk(tree)) if tree else []
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    return not names & IMPURE and any(isinstance(node, ast.FunctionDef) for node in nodes)
