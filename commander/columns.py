"""Lists of a command as columns, for people and for pipes."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from commander.console import clean


def print_columns(head: Sequence[str], rows: Iterable[Sequence[str]], *, last_on_one_line: bool = False) -> None:
    """A line a row on standard output, however long where that is no terminal; control characters are made visible."""
    out = Console(highlight=False)
    if not out.is_terminal:
        out.width = 1000
    table = Table(*head, box=None, pad_edge=False, header_style="bold")
    table.columns[-1].no_wrap = last_on_one_line
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    out.print(table)
