"""Python functions and classes that a model has written anew, put into the module that has them already."""

import ast
import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from agents.edits import EditError
from agents.parsing import parsed

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
TOP = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)
"""Functions and classes of a file that is not valid Python."""


class Change(NamedTuple):
    """Lines `start` to before `end` of the module, counted from 0, give way to others."""

    start: int
    end: int
    lines: list[str]


def spliced(source: str, code: str) -> str:
    """`source` with the definitions, constants and imports of `code` in it; what `code` leaves out stays.

    `code` itself where one of them is not valid Python, or where `source` defines nothing.

    Raises:
        EditError: they have no definition in common, or `code` lacks some of a file that is not valid.
    """
    old, new = parsed(source), parsed(code)
    if old is None and new is not None:
        there = {name for node in new.body if (name := defined(node))}
        if lost := [name for name in TOP.findall(source) if name not in there]:
            raise EditError(f"Write the whole file, with all that was in it: {', '.join(lost)} is missing.")
    if old is None or new is None:
        return code
    changes = list(_changes(old, new, code.splitlines()))
    names = [node.name for node in old.body if isinstance(node, DEFINITIONS)]
    if not names:
        return code
    if not any(change.start < change.end for change in changes):
        raise EditError(f"None of the functions and classes of the file is in the block: {', '.join(names)}.")
    lines = source.splitlines()
    for _, change in sorted(enumerate(changes), key=lambda each: (each[1][:2], each[0]), reverse=True):
        lines[change.start : change.end] = change.lines
    return "\n".join(lines) + "\n"


def _changes(old: ast.Module, new: ast.Module, code: list[str]) -> Iterator[Change]:
    named = {name: node for node in old.body if (name := defined(node))}
    methods = _methods(old)
    replaced = [start(named[name]) for node in new.body if (name := defined(node)) in named]
    first = min(replaced, default=len(old.body) and start(old.body[-1]))
    head = _after_imports(old)
    for node in new.body:
        name, lines = defined(node), code[start(node) : node.end_lineno]
        known = named.get(name)
        if isinstance(known, ast.ClassDef) and isinstance(node, ast.ClassDef) and _lacks(node, known):
            yield from _inside(known, node, code)
        elif known is not None:
            yield Change(start(known), known.end_lineno or 0, lines)
        elif isinstance(node, ast.FunctionDef) and name in methods and _bound(node):
            method = methods[name]
            indented = textwrap.indent(textwrap.dedent("\n".join(lines)), " " * method.col_offset)
            yield Change(start(method), method.end_lineno or 0, indented.splitlines())
        elif isinstance(node, DEFINITIONS):
            yield Change(first, first, [*lines, "", ""])
        elif isinstance(node, IMPORTS):
            if ast.unparse(node) not in {ast.unparse(other) for other in old.body}:
                yield Change(head, head, lines)
        elif name:
            yield Change(head, head, lines)


def _inside(known: ast.ClassDef, node: ast.ClassDef, code: list[str]) -> Iterator[Change]:
    """The methods of `node` put into `known`, new ones at its end."""
    there = {name: each for each in known.body if (name := defined(each))}
    column = known.body[0].col_offset
    for each in node.body:
        if not isinstance(each, DEFINITIONS):
            continue
        lines = code[start(each) : each.end_lineno]
        text = textwrap.indent(textwrap.dedent("\n".join(lines)), " " * column).splitlines()
        old = there.get(each.name)
        end = known.end_lineno or 0
        yield Change(start(old), old.end_lineno or 0, text) if old else Change(end, end, ["", *text])


def _lacks(node: ast.ClassDef, known: ast.ClassDef) -> bool:
    return bool({defined(each) for each in known.body} - {defined(each) for each in node.body} - {""})


def _methods(module: ast.Module) -> dict[str, Definition]:
    """The methods of all classes whose name is there once."""
    found: dict[str, list[Definition]] = {}
    for node in module.body:
        for each in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(each, DEFINITIONS):
                found.setdefault(each.name, []).append(each)
    return {name: each[0] for name, each in found.items() if len(each) == 1}


def _bound(node: ast.FunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg in {"self", "cls"}


def defined(node: ast.stmt) -> str:
    """What a statement defines: a function, a class, a constant; nothing otherwise."""
    if isinstance(node, DEFINITIONS):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def start(node: ast.stmt) -> int:
    """The line before which a statement begins, its decorators included."""
    decorators = node.decorator_list if isinstance(node, DEFINITIONS) else []
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1


def _after_imports(module: ast.Module) -> int:
    """The line behind the imports, or behind the docstring."""
    ends = [node.end_lineno or 0 for node in module.body if isinstance(node, IMPORTS)]
    if not ends and ast.get_docstring(module, clean=False) is not None:
        ends = [module.body[0].end_lineno or 0]
    return max(ends, default=0)
