#!/usr/bin/env python3
"""Write docs/chat.svg: the screen of a real chat with the model that is served here.

uv run python scripts/record_chat.py            with the embedded 1.5B; takes some minutes
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path

import pyte.screens
from rich.console import Console
from rich.text import Text

from tests.commander.terminal import CTRL_D, Terminal

PLACE = Path(__file__).resolve().parent.parent / "docs" / "chat.svg"
SALES = "month,product,units\n1,lamp,4\n1,desk,2\n2,lamp,7\n2,chair,5\n3,desk,6\n3,lamp,1\n"
MESSAGES = (
    "How many units of each product are in sales.csv? Write them to totals.csv",
    "/diff",
    "/undo",
)
COLOURS = {"brown": "yellow", "brightbrown": "bright_yellow"}


def main() -> int:
    """Talk, and keep what is seen."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder, "shop")
        place.mkdir()
        (place / "sales.csv").write_text(SALES, encoding="utf-8")
        with Terminal(os.environ.get("OLLAMA_BASE_URL", ""), place, columns=100, lines=80) as terminal:
            terminal.wait("/help")
            for message in MESSAGES:
                terminal.say(message, "put back" if message == "/undo" else "", seconds=900)
                if not message.startswith("/"):
                    terminal.wait("reloads", seconds=900)
                elif message == "/diff":
                    terminal.wait("+++", seconds=60)
            terminal.wait("1 put back")
            save(terminal, PLACE)
            terminal.type(CTRL_D)
            terminal.ended()
    print(f"wrote {PLACE}")
    return 0


def save(terminal: Terminal, file: Path) -> None:
    """The screen as a picture."""
    console = Console(record=True, width=terminal.screen.columns, file=io.StringIO())
    rows = [drawn(terminal.screen.buffer[y], terminal.screen.columns) for y in range(terminal.screen.lines)]
    while rows and not rows[-1].plain.strip():
        rows.pop()
    for row in rows:
        console.print(row)
    picture = console.export_svg(title="commander")
    file.write_text(re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL), encoding="utf-8")  # fetched elsewhere


def drawn(line: "pyte.screens.StaticDefaultDict[int, pyte.screens.Char]", columns: int) -> Text:
    """One line of it with its colours."""
    text = Text()
    for x in range(columns):
        cell = line[x]
        colour = COLOURS.get(cell.fg, cell.fg.replace("bright", "bright_"))
        colour = f"#{colour}" if len(colour) == 6 and all(c in "0123456789abcdef" for c in colour) else colour
        text.append(cell.data, f"{'bold ' if cell.bold else ''}{'' if colour == 'default' else colour}".strip())
    text.rstrip()
    return text


if __name__ == "__main__":
    sys.exit(main())
