"""What a task asks of the form of source code, looked up in the code: functions, their length, repeated lines."""

import ast
import re

from agents.amounts import cardinal
from agents.parsing import parsed

REPEATED = re.compile(
    r"\b(same|repeat\w*|duplicat\w*|twice|three times|repet\w*|duplicad\w*|mesm[oa]s?|iguais)\b", re.I
)
WINDOW = 4
"""Lines that are repeated when they stand in two places, their indentation aside."""
_COUNT = r"(\d+|two|three|four|five|duas|três|quatro|cinco)"
LENGTH = re.compile(
    rf"(?:no|none|each|every|all|nenhuma?|cada)\b[^.;]{{0,60}}?(?:more than|longer than|at most|over|mais de|"
    rf"no m[áa]ximo) {_COUNT} (?:lines|linhas)",
    re.I,
)
FUNCTIONS = re.compile(rf"(?:at least|into|pelo menos|em) {_COUNT} (?:\w+ )?(?:functions|fun[çc][õo]es)", re.I)


def misformed(task: str, before: str, after: str) -> list[str]:
    """What is not as the task asks for it in a changed Python module, in words for the model."""
    tree = parsed(after)
    if tree is None:
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = []
    if (most := LENGTH.search(task)) and functions:
        longest = max(functions, key=lambda node: (node.end_lineno or 0) - node.lineno)
        lines = (longest.end_lineno or 0) - longest.lineno + 1
        if lines > cardinal(most[1]):
            found.append(f"{longest.name} has {lines} lines, {cardinal(most[1])} are wanted at most: split it further.")
    if (least := FUNCTIONS.search(task)) and len(functions) < cardinal(least[1]):
        found.append(f"There are {len(functions)} functions in it, {cardinal(least[1])} are wanted.")
    if REPEATED.search(task) and repeats(before) and repeats(after) >= repeats(before):
        found.append("The same lines are still in it several times: put them into one function and call that.")
    return found


def repeats(source: str) -> int:
    """How many runs of lines stand in more than one place."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    runs = [tuple(lines[n : n + WINDOW]) for n in range(len(lines) - WINDOW + 1)]
    return len(runs) - len(set(runs))
