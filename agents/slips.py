"""Slips of small models that are never meant, put right in the code before it runs."""

import ast
import difflib
import re

from agents.imports import KNOWN, names
from agents.parsing import parsed

_SUFFIX = r"\.suffix(?:\.lower\(\)|\.casefold\(\))?"
_COMPARED = re.compile(rf"({_SUFFIX}\s*[=!]=\s*)(['\"])(\w+)\2")
_AMONG = re.compile(rf"({_SUFFIX}\s+(?:not\s+)?in\s*[(\[{{])([^)\]}}]*)")
_COLUMN = r"""(?:\['[^'\]]+'\]|\["[^"\]]+"\])"""
_SUMMED = re.compile(rf"(?<=[=({{,])(\s*)((\w+){_COLUMN})(?:\.sum\(\))? \* (\3{_COLUMN})\.sum\(\)")
_GROUPED = re.compile(
    r"(?m)^\s*(\w+) = \w+\.groupby\((?!.*(?:as_index|reset_index)).*\)\[['\"][^'\"]+['\"]\]\.\w+\(.*$"
)
_CENTS = re.compile(
    r"(\b(?:SUM|AVG|MIN|MAX|TOTAL)\([^()]*\)|\b[\w.]*(?:cents?|centavos|c[êe]ntimos|pence)\b) ?/ ?(1000?)\b(?![.\w])",
    re.IGNORECASE,
)
"""A whole number that SQL divides: in SQLite the result has no decimals (https://sqlite.org/lang_expr.html)."""
_UNORDERED = re.compile(r"(\bfind\b[^|;&\n]*?) -exec cat (?:\{\}|'\{\}'|\"\{\}\") (?:\+|\\;|';')")
"""Files joined as `find` meets them: in no order."""
_LISTED = re.compile(
    r"\b((?:if|elif|and|or|not) )(\w+)( not)? in ((?:sorted\(|list\()?Path\([^()]*\)\.(?:r?glob|iterdir)\([^()]*\)\)?)"
)
"""A name that is looked for among paths: a text is never equal to a path."""
_TIME = re.compile(r"\.split\(\)(?=\[11:1[369]\])")
"""The place of an hour among a line's characters, asked of its words."""
_WORD = re.compile(r"(['\"])(\w+)\1")


def put_right(source: str, *, products: bool = False) -> str:
    """`source` without slips, its names spelled as they were made; `products`: see `without_slips`."""
    return respelled(without_slips(source, products=products))


def without_slips(source: str, *, products: bool = False) -> str:
    """`source` with the dot that a path's `suffix` always has, decimals of a sum of cents in SQL, names that are looked
    for among the names of paths, and names of groups.

    `products`: a sum of products is asked for, so no column is to be multiplied by the sum of another.
    """
    if re.search(r"\bSELECT\b", source):
        source = _CENTS.sub(r"\1 / \2.0", source)
    source = _COMPARED.sub(r"\1\2.\3\2", source)
    source = _SUMMED.sub(r"\1(\2 * \4).sum()", source) if products else source
    source = _LISTED.sub(r"\1str(\2)\3 in {name for each in \4 for name in (each.name, str(each))}", source)
    source = grouped(_TIME.sub("", source))
    return _AMONG.sub(lambda match: match[1] + _WORD.sub(r"\1.\2\1", match[2]), source)


def put_right_shell(source: str) -> str:
    """`source` where files that `find` joins come in the order of their names."""
    return _UNORDERED.sub(r"\1 -print0 | sort -z | xargs -0 cat", source)


def grouped(source: str) -> str:
    """`source` where the names of groups are not lost: written with `index=False`, pandas' groups are values alone."""
    for name in {match[1] for match in _GROUPED.finditer(source)}:
        if not re.search(rf"\b{name}(?:\.index\b|(?: = {name})?\.reset_index)|\b{name} = {name}\.\w*reset", source):
            source = re.sub(rf"\b{name}\.to_csv\((?=.*index=False)", f"{name}.reset_index().to_csv(", source)
    return source


def respelled(source: str) -> str:
    """`source` with each name that nothing binds written as the one name that is most like it."""
    tree = parsed(source)
    if tree is None:
        return source
    unbound, bound = names(list(ast.walk(tree)))
    for name in sorted(unbound - KNOWN.keys()):
        close = difflib.get_close_matches(name, sorted(bound), 2, 0.85) if len(name) > 3 else []
        if len(close) == 1:
            source = re.sub(rf"(?<![\w.]){re.escape(name)}\b", close[0], source)
    return source
