"""A well-behaved server made with the official SDK: `python calm.py FOLDER [RESULT]`.

What it changes stands in the folder; RESULT is what it says of every room.
"""

import sys
from pathlib import Path

from mcp.server.fastmcp import FastMCP
from mcp.types import ToolAnnotations

server = FastMCP("calm", log_level="CRITICAL")
FOLDER = Path(sys.argv[1])


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def temperature(room: str) -> str:
    """Tell how warm it is in a room of the house."""
    with (FOLDER / "asked.txt").open("a", encoding="utf-8") as asked:
        asked.write(f"{room}\n")
    return sys.argv[2] if len(sys.argv) > 2 else f"In the {room} it is 21.5 degrees."


@server.tool(annotations=ToolAnnotations(readOnlyHint=False, destructiveHint=True))
def set_temperature(room: str, degrees: float) -> str:
    """Set how warm it is to be in a room of the house."""
    (FOLDER / f"{room}.txt").write_text(str(degrees), encoding="utf-8")
    return f"The {room} will have {degrees} degrees."


if __name__ == "__main__":
    server.run()
