"""Imports that a program lacks: a small model often forgets them, and no model call is needed to add them."""

import ast
import builtins

from agents.parsing import parsed

MODULES = (
    "argparse base64 bisect calendar collections csv datetime decimal difflib fnmatch fractions functools glob gzip "
    "hashlib heapq html io itertools json math os pathlib random re shutil sqlite3 statistics string struct subprocess "
    "sys tarfile tempfile textwrap time unicodedata urllib uuid xml zipfile zlib"
).split()
KNOWN = {
    **{name: f"import {name}" for name in MODULES},
    **{
        name: f"from {module} import {name}"
        for module, names in {
            "collections": "Counter OrderedDict defaultdict deque namedtuple",
            "dataclasses": "asdict dataclass",
            "datetime": "datetime timedelta",
            "decimal": "Decimal",
            "fractions": "Fraction",
            "functools": "lru_cache reduce",
            "itertools": "chain combinations groupby permutations product",
            "math": "ceil floor sqrt",
            "pathlib": "Path",
            "statistics": "mean median stdev",
            "typing": "Any Dict List Optional Set Tuple Union",
        }.items()
        for name in names.split()
    },
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "plt": 'import matplotlib\n\nmatplotlib.use("Agg")\nimport matplotlib.pyplot as plt',
    "ET": "import xml.etree.ElementTree as ET",
    "git": "import subprocess\n\n\ndef git(*arguments):\n"
    '    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout\n\n',
}


def complete(source: str) -> str:
    """`source` with imports of well-known names that it uses and nowhere binds; as it is where it is not valid."""
    tree = parsed(source)
    if tree is None:
        return source
    nodes = list(ast.walk(tree))
    unbound, _ = names(nodes)
    if not _starred(nodes):
        unbound |= _late(tree)
    lines = [KNOWN[name] for name in sorted(unbound) if name in KNOWN]
    if "datetime" in unbound and any("datetime.datetime" in ast.unparse(node) for node in nodes if _is_dotted(node)):
        lines = [line.replace("from datetime import datetime", "import datetime") for line in lines]
    if not lines:
        return source
    above = source.splitlines(keepends=True)[: _head(tree, source)]
    return "".join([*above, *(f"{line}\n" for line in lines), source[sum(map(len, above)) :]])


def _head(tree: ast.Module, source: str) -> int:
    """How many lines stand above the first import that may be added: `#!`, a docstring, imports of the future."""
    ends = [1] if source.startswith("#!") else [0]
    for place, node in enumerate(tree.body):
        told = place == 0 and isinstance(node, ast.Expr) and ast.get_docstring(tree, clean=False) is not None
        if told or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            ends.append(node.end_lineno or 0)
    return max(ends)


def names(nodes: list[ast.AST]) -> tuple[set[str], set[str]]:
    """Names that are used, and neither bound nor built in (none where a star may bind them); those that are bound."""
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    bound = _bound(nodes)
    return set() if _starred(nodes) else used - bound - set(dir(builtins)), bound


def _starred(nodes: list[ast.AST]) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in nodes)


def _late(tree: ast.Module) -> set[str]:
    """Names that the program's own lines use before they import them."""
    found: set[str] = set()
    used: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found |= used & {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = {node.id: node for node in ast.walk(statement) if isinstance(node, ast.Name)}
            used |= {name for name, node in names.items() if isinstance(node.ctx, ast.Load)}
    return found


def _is_dotted(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _bound(nodes: list[ast.AST]) -> set[str]:
    """All names that are given a meaning anywhere in the program."""
    found = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case _:
                pass
    return found
