"""By which columns two tables belong together."""

from collections.abc import Sequence
from pathlib import PurePosixPath


def join(one: tuple[str, Sequence[str]], other: tuple[str, Sequence[str]]) -> str:
    """The arguments of pandas' merge for two tables, each with its file's name and its columns; empty where unclear.

    A column `student_id` is the `id` of students; else a column that both have.
    """
    (left, ours), (right, theirs) = one, other
    for name in ours:
        if (own := _owner(name, right)) and (found := _named(theirs, "id", name, own)):
            return f'on="{name}"' if found == name else f'left_on="{name}", right_on="{found}"'
    for name in theirs:
        if (own := _owner(name, left)) and (found := _named(ours, "id", name, own)):
            return f'on="{name}"' if found == name else f'left_on="{found}", right_on="{name}"'
    shared = [name for name in ours if name in theirs]
    keys = [name for name in shared if name.lower().endswith(("id", "code", "number", "key", "nr", "sku"))] or shared
    return f'on="{keys[0]}"' if keys else ""


def _owner(name: str, file: str) -> str:
    """The word before `_id` in a column, if the file is named after it: `student` of students.csv."""
    stem, word = PurePosixPath(file).stem.lower(), name.lower().removesuffix("id").rstrip("_ ")
    plain = stem.removesuffix("s")
    return word if word and word != name.lower() and (word in (stem, plain) or stem.startswith(word)) else ""


def _named(columns: Sequence[str], *names: str) -> str:
    return next((column for name in names[1:] + names[:1] for column in columns if column.lower() == name.lower()), "")
