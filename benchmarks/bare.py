"""The model alone, a system of the benchmark: one call, and its first block of code is run, or is the wanted file.

The task comes on standard input. Exit 0, its claim: the code ended well, or there was none to run.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from tools.events import ignore
from tools.interpreter.box import Box, Limits
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.gateway import Gateway
from tools.ollama.server import Server
from tools.replies import Block, code_blocks, prose

RUN = (
    "\n\nReply with one code block, Python or shell; it is run in the folder of the files. "
    "If no code is needed, answer in words."
)
WRITE = "\n\nReply with one code block: the content of {}."
OPTIONS = {"temperature": 0, "seed": 1, "num_predict": 2048}


def main() -> int:
    """Ask, and do what the reply says; the answer goes to standard output."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("url")
    arguments.add_argument("model")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--file", help="the block is this file's content")
    given = arguments.parse_args()
    asked = sys.stdin.read() + (WRITE.format(given.file) if given.file else RUN)
    reply = asyncio.run(ask(given.url, given.model, asked))
    print(prose(reply))
    blocks = [block for block in code_blocks(reply) if block.language in {"python", "shell"}]
    if given.file:
        return write(given.folder / given.file, blocks)
    return asyncio.run(run(blocks[0], given.folder)) if blocks else 0


async def ask(url: str, model: str, text: str) -> str:
    """The model's reply."""
    gateway = Gateway(Server(url), ignore)
    try:
        return (await OllamaAdapter(gateway, model, "bare").chat([{"role": "user", "content": text}], OPTIONS)).text
    finally:
        await gateway.close()


def write(file: Path, blocks: list[Block]) -> int:
    """The first block as the file; 1 where there is none."""
    for block in blocks[:1]:
        file.write_text(block.code, encoding="utf-8")
    return 0 if blocks else 1


async def run(block: Block, folder: Path) -> int:
    """The block's exit code; what it printed is part of the answer."""
    box = Box(folder, Limits())
    try:
        ran = await box.run(block.language, block.code)
    finally:
        await box.close()
    print(ran.output)
    return 1 if ran.exit_code is None else ran.exit_code


if __name__ == "__main__":
    sys.exit(main())
