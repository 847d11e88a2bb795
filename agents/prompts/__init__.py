"""Prompts: Markdown files filled by `string.Template`; a name that is missing raises KeyError."""

from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def prompt(name: str, **values: str) -> str:
    """The prompt `name`, filled with `values`."""
    return _template(name).substitute(values).rstrip() + "\n"
