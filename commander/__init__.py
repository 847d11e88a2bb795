"""Commander: a local-first team of agents."""

import sys
from pathlib import Path

# The current folder is the workspace of generated code: a csv.py there must never be imported by the program.
_root = str(Path(__file__).resolve().parent.parent)
sys.path[:] = [_root, *(entry for entry in sys.path if entry not in {"", _root, str(Path.cwd())})]
