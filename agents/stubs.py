"""A function that a task gives with its docstring and no body: the model's answer begins with it, and goes on."""

import ast
import re
from collections.abc import Iterable

from agents.parsing import parsed
from agents.splice import DEFINITIONS, IMPORTS, defined, start

_BEGINS = re.compile(r"(?:from|import|def|async def|class) |@\w|[A-Za-z_]\w*(?:: [^=\n]+)? = ")
_FENCE = re.compile(r"`{3,}[ \t]*(\w*)")
BEHIND = ("\n```", "\nif ", "\nprint(", "\nassert ", "\n# ", "\ndef check", "\ndef test", "\ndef main")
"""What a small model adds behind the function that it was asked for; its reply ends there."""
MOST = 400
"""Lines of a task in which it is looked for."""


def stub(task: str) -> str:
    """The one function of `task` that is not written yet, up to where its body begins, with the lines above it.

    Empty where there is none, or where other functions are not written either.
    """
    lines = task.splitlines()
    for first in [n for n, line in enumerate(lines[:MOST]) if _BEGINS.match(line)]:
        for end in range(min(len(lines), MOST), first, -1):
            follows = next(filter(str.strip, lines[end:]), "")
            ends = lines[end - 1].strip() and not follows.startswith((" ", "\t"))
            found = _open("\n".join(lines[first:end])) if ends else None
            if found is not None:
                return found
    return ""


def begun(stub: str, tries: int = 0) -> str:
    """How a reply begins that has the function in it; every other one goes on with a thought in a comment.

    Ollama goes on behind a last message of the assistant's: ollama/ollama#6778, by the template of most models.
    """
    last = stub.splitlines()[-1]
    indent = last[: len(last) - len(last.lstrip())] or "    "
    return f"```python\n{stub}\n" + (f"{indent}# " if tries % 2 else "")


def whole(reply: str, stub: str) -> str:
    """The reply without the beginning that it was given, where the model has begun anew behind that."""
    rest = reply.removeprefix(begun(stub))
    fence = _FENCE.search(rest)
    return rest if fence and fence[1] else reply


def goes_on(stub: str, texts: Iterable[str]) -> bool:
    """Whether there is a function that is begun, and all replies so far made Python of it."""
    return bool(stub) and all(_place(_nodes(text), names(stub)[-1]) is not None for text in texts)


def alone(code: str, stub: str) -> str:
    """The module without what stands behind the function and is not used by it: the model's checks are often wrong."""
    nodes = _nodes(code)
    place = _place(nodes, names(stub)[-1])
    if place is None:
        return code
    used = {node.id for each in nodes[: place + 1] for node in ast.walk(each) if isinstance(node, ast.Name)}
    kept = [node for node in nodes[place + 1 :] if isinstance(node, IMPORTS) or defined(node) in used]
    lines = code.splitlines()
    parts = [lines[: nodes[place].end_lineno], *(lines[start(node) : node.end_lineno] for node in kept)]
    return "\n\n\n".join("\n".join(part) for part in parts) + "\n"


def names(stub: str) -> list[str]:
    """The functions of it, the one that is not written last."""
    return re.findall(r"^(?:async )?def (\w+)", stub, re.M)


def _nodes(code: str) -> list[ast.stmt]:
    tree = parsed(code)
    return tree.body if tree else []


def _place(nodes: list[ast.stmt], name: str) -> int | None:
    return next((at for at, node in enumerate(nodes) if defined(node) == name), None)


def _open(text: str) -> str | None:
    """`text` up to the body that its last function lacks, empty where it lacks none or more; None: it is no Python."""
    tree = parsed(text) or (parsed(f"{text}\n    pass") if text.endswith(":") else None)
    if tree is None:
        return None
    made = [node for node in tree.body if isinstance(node, DEFINITIONS)]
    empty = [node for node in made if not isinstance(node, ast.ClassDef) and _lacks(node)]
    return "\n".join(text.splitlines()[: _body(empty[0])]) if empty and empty == made[-1:] else ""


def _lacks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(_stands(node) or _above(node) for node in function.body)


def _stands(node: ast.stmt) -> bool:
    """Whether a statement stands for the body that is not there."""
    return isinstance(node, ast.Pass) or ast.unparse(node) in {"...", "raise NotImplementedError"}


def _above(node: ast.stmt) -> bool:
    """Whether a statement may stand above a body: a docstring, imports."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return text or isinstance(node, IMPORTS)


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The number of the lines above what stands for the body."""
    above = [node.end_lineno or 0 for node in function.body if _above(node)]
    return max(above, default=function.body[0].lineno - 1)
