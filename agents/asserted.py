"""The assertions that a text states, as what a call gives: `assert f(2) == {3}` is an example of f."""

import ast
import builtins
import re
from collections.abc import Iterator

from agents.parsing import parsed

SAFE = frozenset(
    "abs all any bool dict enumerate float frozenset int isinstance len list max min range reversed round set sorted "
    "str sum tuple type zip".split()
)
"""Functions of Python's own that an assertion may use."""
LINES = 8
"""Lines of one at most."""
_ASSERT = re.compile(r"^[ \t]*(?:>>> )?(assert)\b", re.M)


def asserted(text: str) -> Iterator[tuple[str, str]]:
    """A call and what it gives, both as Python, of each assertion that needs nothing but the functions it calls."""
    for start in [match.start(1) for match in _ASSERT.finditer(text)]:
        lines = text[start:].splitlines()[:LINES]
        for end in range(1, len(lines) + 1):
            stated = "\n".join(lines[:end])
            tree = parsed(stated)
            if tree is None or len(tree.body) != 1:
                continue
            (node,) = tree.body
            if isinstance(node, ast.Assert) and _plain(node.test):
                yield _sides(node.test, stated)
            break


def _plain(node: ast.expr) -> bool:
    """Whether it is made of literals, and calls of at least one function that is not Python's own."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    members = [each for each in ast.walk(node) if isinstance(each, ast.Attribute)]
    if any(not (isinstance(each.value, ast.Name) and each.value.id == "math") for each in members):
        return False
    others = {name for name in names - SAFE - {"math"} if not hasattr(builtins, name)}
    return bool(others) and others == _called(node) and names <= SAFE | {"math"} | others


def _called(node: ast.expr) -> set[str]:
    calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {each.id for each in calls if isinstance(each, ast.Name) and not hasattr(builtins, each.id)}


def _sides(node: ast.expr, text: str) -> tuple[str, str]:
    match node:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            if _called(left) and not _called(right):
                return _text(left, text), _text(right, text)
    return f"bool({_text(node, text)})", "True"


def _text(node: ast.expr, text: str) -> str:
    return ast.get_source_segment(text, node) or ast.unparse(node)
