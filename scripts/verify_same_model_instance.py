#!/usr/bin/env python3
"""The proof that both agents use one model instance: `uv run python scripts/verify_same_model_instance.py`."""

import argparse
import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Check it; 0 all holds, 1 something does not, 2 wrong settings, 3 no server answers."""
    sys.path.insert(0, str(ROOT))
    try:
        from commander.verify import verify
        from config.errors import CommanderError
    except ModuleNotFoundError as error:
        print(f"commander: {error.name} is not here; next: uv run python {Path(__file__)}", file=sys.stderr)
        return 3

    parser = argparse.ArgumentParser(description="Check that both agents use one and the same model instance.")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--base-url", metavar="URL", help="the Ollama server (OLLAMA_BASE_URL)")
    parser.add_argument("--model", metavar="NAME", help="the Commander's model (DEFAULT_MODEL)")
    parser.add_argument("--executor-model", metavar="NAME", help="the Executor's model (EXECUTOR_MODEL)")
    try:
        return asyncio.run(verify(parser.parse_args()))
    except CommanderError as error:
        print(f"commander: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("commander: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
