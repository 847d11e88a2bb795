#!/bin/sh
# Fetches qwen2.5:32b and makes the local model qwen2.5-32b-instruct-moe-rtx of it: commander models setup.
CDPATH= cd -- "$(dirname -- "$0")/.." || exit 3

set -- run python -m commander models setup qwen2.5-32b-instruct-moe-rtx "$@"
if command -v uv >/dev/null 2>&1; then
    exec uv "$@"
fi
if python3 -m uv --version >/dev/null 2>&1 || python3 -m pip install uv; then
    exec python3 -m uv "$@"
fi
echo "setup: uv is not there, and pip cannot install it; next: see 'where pip install is refused' in README.md" >&2
exit 3
