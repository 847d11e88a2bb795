"""What a task lets alone: files that a program for it must not have changed or removed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from agents.expectation import Expectation, means
from agents.ledger import Ledger
from agents.naming import lies_in
from agents.wording import ALTERS, CUTS, DELETES, MANY, RENAMES, demands
from tools.events import Emit, Notice
from tools.mentions import hinted
from tools.places import endings
from tools.snapshot import Changes, Snapshot, Snapshots

KEEPS = re.compile(
    r"\b(?:(?:leave|keep)(?! (?:only|just|the (?:\d+|first|last|newest|latest|order|same)\b))|"
    r"don't (?:touch|change)|do not (?:touch|change)|without (?:touching|changing)|except|but not|"
    r"n[ãa]o (?:alter\w*|mex\w*|mud\w*|toqu\w*)|deix\w*(?! (?:s[óo]|apenas|somente)\b)|"
    r"exceto|menos(?! (?:de|do que|que)\b))\b(?:(?!\b(?:and|e) (?:delete|remove|apag|elimin))(?:[^.;:]|\.(?=\w)))*",
    re.I,
)
"""A clause about what stays as it is."""
TAKES = re.compile(
    rf"{DELETES.pattern}|{RENAMES.pattern}|\b(?:duplicat\w*|dedup\w*|clean\w*|clear|empty|tidy|purge|prune|wipe|"
    r"get rid|throw|drop|keep only|trash|uninstall|without|gone|disappear|exist\w*|merge|flatten|join|becomes?|goe?s?|"
    r"gzip\w*|bzip2|xz|compress\w*|comprim\w*|"
    r"end(?:s|ing)? (?:up|in)|repetid\w*|duplicad\w*|limp\w*|esvazi\w*|tir\w+|arrum\w*|livr\w+|deix\w+|delet\w*|"
    r"junt\w*|fundir?|vir[ae]\w*|passa\w*|fica\w*|iria|vai|sobr\w*|desapare[cç]\w*)\b",
    re.I,
)
"""Words by which files may go."""
CHANGES = re.compile(
    rf"{ALTERS.pattern}|\b(?:raise|increase|lower|reduce|decrease|set|insert|add|sort|"
    r"mark|double|halve|round|sobe|aument\w*|baix\w*|reduz\w*|diminu\w*|inser\w*|adicion\w*|acrescent\w*|orden[ae]\w*|"
    r"marc[ae]\w*|arredond\w*)\b",
    re.I,
)
"""Words by which a file that is read may change, too; so may one that may go."""
ALL = re.compile(r"\b(?:all|every|each|tod[oa]s|cada)\b[^.;:]{0,20}?(?<!\w)\*?(\.[a-z]\w{0,7})\b", re.I)


def strays(task: str, expects: Expectation, changes: Changes) -> Iterator[tuple[list[str], str]]:
    """What was changed or removed that the task leaves alone: the files, and a sentence for the model."""
    touched = sorted({*changes.changed, *changes.removed})
    kept = [path for path in touched if _is_kept(task, path) or any(means(name, path) for name in expects.keeps)]
    if kept:
        yield kept, f"{_named(kept)} must stay as it is."
    moved = {old for old, _ in changes.renamed}
    lost = [path for path in changes.removed if path not in moved]
    if lost and not (expects.moves or expects.deletes) and not TAKES.search(CUTS.sub("", task)):
        yield lost, f"The task deletes nothing: leave {_named(lost)} in its place."
        touched = [path for path in touched if path not in lost]
    only_read = (expects.creates or expects.answer) and not (CHANGES.search(demands(task)) or TAKES.search(task))
    about = {*expects.creates, *expects.changeable, *(() if only_read else expects.reads)}
    if expects.place or about or (only_read and expects.reads):
        others = [
            path
            for path in touched
            if not (expects.place and lies_in(path, expects.place))
            and not (expects.moves and path in moved)
            and not any(means(name, path) for name in about)
        ]
        if not only_read and MANY.search(task):
            others = []  # it need not name them
        elif not expects.place and any(verbs.search(task) for verbs in (ALTERS, RENAMES, DELETES)):
            others = [path for path in others if path not in hinted(task, others, {})]
        if others:
            yield others, f"The task is not about {_named(others)}: leave it alone."
    if (only := endings(" ".join(ALL.findall(task)))) and not expects.creates:
        wrong = [path for path in changes.changed if not path.lower().endswith(tuple(only))]
        if wrong:
            yield wrong, f"Only files that end in {', '.join(sorted(only))} are meant, not {_named(wrong)}."


def bounded(snapshots: Snapshots, before: Snapshot, ledger: Ledger, emit: Emit) -> tuple[Snapshot, list[str]]:
    """The state after a program, what the task leaves alone put back; and what was put back, told for the model.

    Raises:
        OSError: the workspace is gone, or the store cannot be written.
    """
    after = snapshots.take()
    found = list(strays(ledger.goal, ledger.expects, snapshots.diff(before, after)))
    kept = {path: before.saved[path] for paths, _ in found for path in paths if path in before.saved}
    if not kept or ledger.expects.moves:  # a file that was moved stands in its new place, too
        return after, []
    if failed := snapshots.restore(replace(after, saved={**after.saved, **kept})):
        emit(Notice(f"could not be put back: {', '.join(failed)}", "warning"))
    emit(Notice(f"put back, since the task leaves it alone: {', '.join(sorted(kept))}"))
    return snapshots.take(), [told for _, told in found]


def _is_kept(task: str, path: str) -> bool:
    """Whether a clause on what stays names the file, or a folder that it lies in."""
    clauses = " ".join(KEEPS.findall(task)).lower()
    if not clauses:
        return False
    places = [path, *(path[: match.start()] for match in re.finditer("/", path))]
    folder = r"\b(?:in|below|under|inside|folder|em|n[ao]|pasta|dentro de) "
    for place in places:
        said = rf"(?<![\w/.-]){re.escape(place.lower())}"
        before = "" if "/" in place or place == path else folder  # a word alone may be no folder
        if re.search(rf"{before}{said}/?(?![\w/*-]|\.\w)|{said}/(?![\w*.])", clauses):
            return True
    return False


def _named(paths: Iterable[str]) -> str:
    first, *others = paths
    return f"{first} and {len(others)} more" if len(others) > 1 else " and ".join([first, *others])
