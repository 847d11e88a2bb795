"""Slips of small models that are never meant, put right in the code before it runs."""

import ast
import difflib
import re

from agents.imports import KNOWN, names

_SUFFIX = r"\.suffix(?:\.lower\(\)|\.casefold\(\))?"
_COMPARED = re.compile(rf"({_SUFFIX}\s*[=!]=\s*)(['\"])(\w+)\2")
_AMONG = re.compile(rf"({_SUFFIX}\s+(?:not\s+)?in\s*[(\[{{])([^)\]}}]*)")
_COLUMN = r"""(?:\['[^'\]]+'\]|\["[^"\]]+"\])"""
_SUMMED = re.compile(rf"(?<=[=({{,])(\s*)((\w+){_COLUMN})(?:\.sum\(\))? \* (\3{_COLUMN})\.sum\(\)")
_GROUPED = re.compile(
    r"(?m)^\s*(\w+) = \w+\.groupby\((?!.*(?:as_index|reset_index)).*\)\[['\"][^'\"]+['\"]\]\.\w+\(.*$"
)
_WORD = re.compile(r"(['\"])(\w+)\1")


def put_right(source: str, *, products: bool = False) -> str:
    """`source` with the dot that a path's `suffix` always has, names of groups, and names spelled as they were made.

    `products`: a sum of products is asked for, so no column is to be multiplied by the sum of another.
    """
    source = _COMPARED.sub(r"\1\2.\3\2", source)
    source = _SUMMED.sub(r"\1(\2 * \4).sum()", source) if products else source
    source = grouped(source)
    return respelled(_AMONG.sub(lambda match: match[1] + _WORD.sub(r"\1.\2\1", match[2]), source))


def grouped(source: str) -> str:
    """`source` where the names of groups are not lost: written with `index=False`, pandas' groups are values alone."""
    for name in {match[1] for match in _GROUPED.finditer(source)}:
        if not re.search(rf"\b{name}(?:\.index\b|(?: = {name})?\.reset_index)|\b{name} = {name}\.\w*reset", source):
            source = re.sub(rf"\b{name}\.to_csv\((?=.*index=False)", f"{name}.reset_index().to_csv(", source)
    return source


def respelled(source: str) -> str:
    """`source` with each name that nothing binds written as the one name that is most like it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    unbound, bound = names(list(ast.walk(tree)))
    for name in sorted(unbound - KNOWN.keys()):
        close = difflib.get_close_matches(name, sorted(bound), 2, 0.85) if len(name) > 3 else []
        if len(close) == 1:
            source = re.sub(rf"(?<![\w.]){re.escape(name)}\b", close[0], source)
    return source
