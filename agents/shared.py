"""What several functions of a module have in common, cut out of them: the first program, and shown for later ones."""

import ast
import re
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterator

from agents.ledger import Ledger
from tools.events import Emit, Notice

SHORTEST, LONGEST = 3, 1500
"""Lines that are worth a function of their own, and characters that are shown."""
NEW = "shared_part"
"""The new function, before it has a better name."""
MOST, LARGEST = 40, 60_000
"""Statements in a row that are compared, and characters of a module that is looked at."""
TRIES = 4
"""Runs of lines that are tried, the longest first."""
_ALSO = re.compile(
    r"\b(?:renam\w+|add(?:s|ing)?|fix\w*|bugs?|faster|optimi[sz]\w+|docstrings?|comments?|types?|chang(?:e|es|ing)|"
    r"parameters?|arguments?|options?|renome\w+|acrescent\w+|adicion\w+|corri[gj]\w+|r[áa]pid\w+|par[âa]metros?|"
    r"argumentos?|op[çc](?:ão|ões))\b",
    re.I,
)
"""A task that asks for more than that."""
_NAMED = re.compile(
    r"\b(?:called|named|chamad[ao]|(?:name|nome)(?: it)?) [`'\"]?"
    r"(?!by|from|in|on|with|once|twice|three|por|em|de)([a-z_]\w{2,})\b"
)


def drafted(ledger: Ledger, emit: Emit) -> str:
    """The reply that needs no model: what functions share, cut out of them, where only that is asked; empty if none."""
    if ledger.tries or not ledger.expects.shared or _ALSO.search(ledger.goal):
        return ""
    emit(Notice("what the functions have in common is cut out of them by rope"))
    return f"```python\n{ledger.expects.shared}```"


def shared(source: str, task: str) -> str:
    """The new function with what functions of `source` share, and those functions as they call it; empty if none do."""
    try:
        functions = _functions(source) if len(source) <= LARGEST and NEW not in source else {}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    named = _NAMED.search(task)
    for first, last in list(_runs(functions))[:TRIES]:
        cut = _extracted(source, first, last)
        if not cut:
            continue
        name = named[1] if named and named[1] not in functions else f"shared_{_result(cut)}"
        cut = cut.replace(NEW, name) if name not in source else cut
        told = "\n\n\n".join(_changed(functions, cut))
        if len(told) <= LONGEST:
            return f"# what these functions had in common is in one of its own\n{told}\n"
    return ""


def _functions(source: str) -> dict[str, ast.FunctionDef]:
    """Those that stand in no class and in no other function."""
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def _runs(functions: dict[str, ast.FunctionDef]) -> Iterator[tuple[int, int]]:
    """First and last line of each run of statements that is in two functions or more, those that save most first."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for function in functions.values():
        seen = set()
        for body in _bodies(function):
            told = [*map(ast.dump, body)]
            for start in range(len(body)):
                for end in range(start + 1, min(start + MOST, len(body)) + 1):
                    key = "".join(told[start:end])
                    first, last = body[start].lineno, body[end - 1].end_lineno or 0
                    if last - first + 1 >= SHORTEST and key not in seen:
                        seen.add(key)
                        places[key].append((first, last))
    many = [found for found in places.values() if len(found) > 1]
    many.sort(key=lambda found: -(len(found) - 1) * (found[0][1] - found[0][0]))
    return (found[0] for found in many)


def _bodies(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function, without its docstring."""
    for node in ast.walk(function):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body:
                yield body[node is function and ast.get_docstring(function) is not None :]


def _result(cut: str) -> str:
    """The name of what the new function gives, for its own name."""
    last = _functions(cut)[NEW].body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    return value.id if isinstance(value, ast.Name) else "part"


def _extracted(source: str, first: int, last: int) -> str:
    """`source` with these lines, and those like them, in a new function; empty where that cannot be done."""
    from rope.base.project import Project  # rope takes 0.2 s to be imported
    from rope.refactor.extract import ExtractMethod

    text = source.replace("\r\n", "\n")
    lines = [len(line) + 1 for line in text.split("\n")]
    start, end = (sum(lines[:number]) for number in (first - 1, last))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rope 1.15 calls what it has deprecated itself
        project = Project(folder, ropefolder=None)
        try:
            module = project.root.create_file("module.py")
            module.write(text)
            project.do(ExtractMethod(project, module, start, end).get_changes(NEW, similar=True))
            return str(module.read())
        except Exception:  # noqa: BLE001 - errors of many kinds, also of its own, on syntax that it does not know
            return ""
        finally:
            project.close()


def _changed(before: dict[str, ast.FunctionDef], cut: str) -> Iterator[str]:
    """The functions that are new in `cut`, then those that differ."""
    after = _functions(cut)
    for name in sorted(after, key=lambda name: name in before):
        if name not in before or ast.dump(before[name]) != ast.dump(after[name]):
            yield ast.get_source_segment(cut, after[name]) or ""
