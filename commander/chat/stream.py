"""A reply as it comes, in parts that can be shown for good: code line by line, prose by paragraphs."""

import re
from collections.abc import Iterator

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.text import Text

from commander.console import clean

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+-]*)")
_DATA = ("{", "[{", "<tool_call")
_LEXERS = {"shell": "bash", "sh": "bash", "": "text"}
THEME = "ansi_dark"
"""The terminal's own colours, so that light and dark ones are both readable."""


class Stream:
    """Takes pieces of text; `line` is what is not shown yet of the last line."""

    def __init__(self, *, prose: bool) -> None:
        """`prose`: what stands around code is Markdown for the user; else it is shown as it is."""
        self.line = ""
        self.text = ""
        self.prose = prose
        self._paragraph: list[str] = []
        self._fence = ""
        self._syntax: Syntax | None = None

    @property
    def data(self) -> bool:
        """Whether it is a plan or a call, which is told when it is whole."""
        return self.prose and self.text.lstrip().startswith(_DATA)

    def add(self, text: str) -> Iterator[RenderableType]:
        """The parts that have become whole."""
        self.text += text
        *whole, self.line = (self.line + text).split("\n")
        for line in whole:
            yield from self._taken(clean(line))

    def rest(self) -> Iterator[RenderableType]:
        """What is left at the end of the reply."""
        line, self.line = clean(self.line), ""
        if line:
            yield from self._taken(line)
        yield from self._closed()

    def _taken(self, line: str) -> Iterator[RenderableType]:
        mark = _FENCE.match(line)
        if self.data:
            return
        if self._syntax is None and mark:
            yield from self._closed()
            self._fence = mark[1]
            lexer = _LEXERS.get(mark[2].lower(), mark[2].lower())
            self._syntax = Syntax("", lexer, theme=THEME, background_color="default")
        elif self._syntax is None and not self.prose:
            yield Text(f"  │ {line}", style="dim")
        elif self._syntax is None and not line.strip():
            yield from self._closed()
        elif self._syntax is None:
            self._paragraph.append(line)
        elif mark and not mark[2] and mark[1].startswith(self._fence):
            self._syntax = None
        else:
            code = self._syntax.highlight(line)
            code.rstrip()
            yield Text.assemble(("  │ ", "dim"), code)

    def _closed(self) -> Iterator[RenderableType]:
        lines, self._paragraph = self._paragraph, []
        if lines:
            yield Markdown("\n".join(lines), code_theme=THEME)
