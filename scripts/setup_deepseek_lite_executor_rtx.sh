#!/bin/sh
# Fetches deepseek-coder-v2:16b-lite-instruct-q4_K_M and makes the local model deepseek-coder-v2-lite:instruct of it: commander models setup.
CDPATH= cd -- "$(dirname -- "$0")/.." || exit 3

set -- run python -m commander models setup deepseek-coder-v2-lite:instruct "$@"
if command -v uv >/dev/null 2>&1; then
    exec uv "$@"
fi
if python3 -m uv --version >/dev/null 2>&1 || python3 -m pip install uv; then
    exec python3 -m uv "$@"
fi
echo "setup: uv is not there, and pip cannot install it; next: see 'where pip install is refused' in README.md" >&2
exit 3
