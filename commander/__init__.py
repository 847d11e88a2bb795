"""Commander: a local-first team of agents."""

import os
import sys

# The current folder is the workspace of generated code: a csv.py there must never be imported by the program.
# Only modules that every start of Python has loaded already are used until that is so (not pathlib: it imports more).
_root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
sys.path[:] = [_root, *(entry for entry in sys.path if entry not in {"", _root, os.getcwd()})]  # noqa: PTH109
