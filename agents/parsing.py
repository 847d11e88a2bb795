"""Python that a model, a task or a user wrote, read as a syntax tree."""

import ast


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of `source`; None where it is not valid Python, or nested too deeply to be read."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
