"""A server made with the official SDK that asks its client for things: `python asking.py TRANSPORT [PORT]`."""

import sys

from mcp.server.fastmcp import Context, FastMCP
from mcp.types import SamplingMessage, TextContent
from pydantic import BaseModel

server = FastMCP("asking", port=int(sys.argv[2]) if len(sys.argv) > 2 else 8000, log_level="CRITICAL")


class Answer(BaseModel):
    """What the user would fill in."""

    password: str


@server.tool()
async def sample(context: Context) -> str:  # type: ignore[type-arg]  # generic in what this does not use
    """Let the client's model say something."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text="say yes"))
    try:
        return str(await context.session.create_message([message], max_tokens=5))
    except Exception as error:  # noqa: BLE001, its text is what is looked at
        return f"refused: {error}"


@server.tool()
async def elicit(context: Context) -> str:  # type: ignore[type-arg]  # as above
    """Ask the client's user for a password."""
    try:
        return str(await context.elicit("your password?", Answer))
    except Exception as error:  # noqa: BLE001, as above
        return f"refused: {error}"


@server.tool()
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


if __name__ == "__main__":
    server.run(sys.argv[1])  # type: ignore[arg-type]  # one of its three
