"""What a task lets alone: files that a program for it must not have changed or removed."""

import re
from collections.abc import Iterable, Iterator

from agents.expectation import ALTERS, DELETES, RENAMES, Expectation, means
from tools.mentions import hinted
from tools.places import endings
from tools.snapshot import Changes

KEEPS = re.compile(
    r"\b(?:leave|keep|don't (?:touch|change)|do not (?:touch|change)|without (?:touching|changing)|except|but not|"
    r"n[ãa]o (?:alter\w*|mex\w*|mud\w*|toqu\w*)|deix\w*|exceto|menos)\b(?:[^.;:]|\.(?=\w))*",
    re.I,
)
"""A clause about what stays as it is."""
ALL = re.compile(r"\b(?:all|every|each|tod[oa]s|cada)\b[^.;:]{0,20}?\*?(\.[a-z]\w{0,7})\b", re.I)


def strays(task: str, expects: Expectation, changes: Changes) -> Iterator[str]:
    """What was changed or removed that the task leaves alone, in words for the model."""
    touched = sorted({*changes.changed, *changes.removed})
    kept = [path for path in touched if _is_kept(task, path)]
    if kept:
        yield f"{_named(kept)} must stay as it is."
    about = {*expects.creates, *expects.alters, *expects.reads}
    if expects.place or about:
        others = [
            path
            for path in touched
            if not (expects.place and f"/{path}".find(f"/{expects.place}/") >= 0)
            and not any(means(name, path) for name in about)
        ]
        if not expects.place and any(verbs.search(task) for verbs in (ALTERS, RENAMES, DELETES)):
            others = [path for path in others if path not in hinted(task, others, {})]  # it need not name them
        if others:
            yield f"The task is not about {_named(others)}: leave it alone."
    if (only := endings(" ".join(ALL.findall(task)))) and not expects.creates:
        wrong = [path for path in changes.changed if not path.lower().endswith(tuple(only))]
        if wrong:
            yield f"Only files that end in {', '.join(sorted(only))} are meant, not {_named(wrong)}."


def _is_kept(task: str, path: str) -> bool:
    """Whether a clause on what stays names the file, or a folder that it lies in."""
    clauses = " ".join(KEEPS.findall(task)).lower()
    if not clauses:
        return False
    places = [path, *(path[: match.start()] for match in re.finditer("/", path))]
    return any(re.search(rf"(?<![\w/.-]){re.escape(place.lower())}(?![\w/-]|\.\w)", clauses) for place in places)


def _named(paths: Iterable[str]) -> str:
    first, *others = paths
    return f"{first} and {len(others)} more" if len(others) > 1 else " and ".join([first, *others])
