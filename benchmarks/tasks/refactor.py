"""Code that works and shall look otherwise: its tests still pass, its structure is judged by its syntax tree."""

import ast
from collections import Counter
from pathlib import Path

from benchmarks.tasks.hidden import call_failures, unittest_failures
from benchmarks.tasks.refactor_code import (
    INVOICE,
    INVOICE_CASES,
    INVOICE_HALF,
    INVOICE_RIGHT,
    INVOICE_TESTS,
    VISITS,
    VISITS_CASES,
    VISITS_RIGHT,
    VISITS_TESTS,
    VISITS_WRONG,
)
from benchmarks.tasks.task import Task, read, write

TOTALS = ("domestic_total", "export_total", "member_total")
LONGEST = 15
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
REPEATABLE = ast.For | ast.While | ast.If | ast.Try | ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp


def functions(folder: Path, name: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a module, by name."""
    return {node.name: node for node in ast.walk(ast.parse(read(folder, name))) if isinstance(node, FUNCTION)}


def outer(folder: Path, name: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Its functions that are in no other."""
    return {node.name: node for node in ast.parse(read(folder, name)).body if isinstance(node, FUNCTION)}


def shape(node: ast.AST) -> str:
    """A piece of code in which only the order of the names counts, not what they are."""
    names: dict[str, str] = {}
    copy = ast.parse(ast.unparse(node))
    for part in ast.walk(copy):
        if isinstance(part, ast.Name):
            part.id = names.setdefault(part.id, f"name{len(names)}")
    return ast.dump(copy)


def repeated(node: ast.AST) -> set[str]:
    """The shapes in a function that should be in no other."""
    return {shape(part) for part in ast.walk(node) if isinstance(part, REPEATABLE)}


def called(node: ast.AST) -> set[str]:
    """The names of what a function calls."""
    return {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}


def tests_problems(folder: Path, module: str, tests: str, cases: list[tuple[str, str]]) -> list[str]:
    """Whether the tests are the same, and pass, and other calls give the same as before."""
    changed = [f"test_{module}.py: was changed"] * (read(folder, f"test_{module}.py").strip() != tests.strip())
    return changed + unittest_failures(folder, f"test_{module}") + call_failures(folder, module, cases)


def invoice_problems(folder: Path, answer: str) -> list[str]:
    """The three totals share a function, and no loop or condition is in two of them."""
    found = outer(folder, "invoice.py")
    problems = tests_problems(folder, "invoice", INVOICE_TESTS, INVOICE_CASES)
    counts = Counter(each for node in found.values() for each in repeated(node))
    problems += ["invoice.py: the same code is in several functions"] * any(count > 1 for count in counts.values())
    users = [called(found[name]) & found.keys() if name in found else set() for name in TOTALS]
    return problems + ["invoice.py: the totals do not use a shared function"] * (not all(users))


def visits_problems(folder: Path, answer: str) -> list[str]:
    """At least three functions, all short."""
    found = functions(folder, "visits.py")
    problems = tests_problems(folder, "visits", VISITS_TESTS, VISITS_CASES)
    lengths = {name: (node.end_lineno or 0) - node.lineno + 1 for name, node in found.items()}
    problems += [f"visits.py: {name} has {count} lines" for name, count in lengths.items() if count > LONGEST]
    return problems + [f"visits.py: {len(found)} functions"] * (len(found) < 3)


def change(folder: Path, module: str, code: str) -> str:
    """The module, written anew."""
    write(folder, f"{module}.py", code)
    return f"{module}.py is simpler now and its tests pass."


def prepare(folder: Path, module: str, code: str, tests: str) -> None:
    """A module and its tests."""
    write(folder, f"{module}.py", code)
    write(folder, f"test_{module}.py", tests)


TASKS = [
    Task(
        "shared-loop",
        "refactor",
        "domestic_total, export_total and member_total in invoice.py contain the same loop three times. Move it into "
        "one new function in the same file, which all three call; the lines must not be in the file twice. Results and "
        "errors stay as they are, the tests in test_invoice.py still pass, and you leave the tests alone.",
        lambda folder: prepare(folder, "invoice", INVOICE, INVOICE_TESTS),
        invoice_problems,
        lambda folder: change(folder, "invoice", INVOICE_RIGHT),
        lambda folder: change(folder, "invoice", INVOICE_HALF),
    ),
    Task(
        "split-function",
        "refactor",
        "summarise() in visits.py has become too long. Split it: afterwards there are at least three functions in the "
        "file and none has more than 15 lines, counted from its def to its last line with everything in between. "
        "summarise(lines) keeps its name and gives the same results, and the tests in test_visits.py pass unchanged.",
        lambda folder: prepare(folder, "visits", VISITS, VISITS_TESTS),
        visits_problems,
        lambda folder: change(folder, "visits", VISITS_RIGHT),
        lambda folder: change(folder, "visits", VISITS_WRONG),
    ),
]
