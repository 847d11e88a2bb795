"""The form of the work that a task asks for, and what it does to files, by its words (see `agents.weights`)."""

from collections.abc import Collection, Mapping
from typing import Literal, cast

from agents.roles import Role
from agents.weights import chances, shares, weights, with_sentences, words

Form = Literal["program", "file", "shell", "talk"]
"""`program`: it runs once and does the task; `file`: one file of source is written or changed; `shell`: commands do it;
`talk`: words are the answer."""
FORMS: tuple[Form, ...] = ("program", "file", "shell", "talk")


EFFECTS = ("deletes", "moves")
"""Files are deleted; files get another name or folder."""
LIKELY = 0.4
"""From which likelihood on a task is taken to do that."""


def effects(task: str) -> set[str]:
    """What the task does to files."""
    return done(chances([words(text) for text in with_sentences(task)], weights("effects")))


def done(likely: Mapping[str, float]) -> set[str]:
    """The effects that are likely enough."""
    return {effect for effect in EFFECTS if likely[effect] >= LIKELY}


def form(found: Collection[str], sources: Collection[str]) -> Form:
    """The likeliest form by these `features`; a file only where the task names `sources`."""
    likely = shares(found, weights("forms"), possible(sources))
    return cast("Form", max(likely, key=likely.__getitem__))


def possible(sources: Collection[str]) -> list[Form]:
    """The forms that a task can have which names these files of source."""
    return [each for each in FORMS if sources or each != "file"]


def features(
    task: str, names: Collection[str], sources: Collection[str], role: Mapping[str, Mapping[Role, float]]
) -> set[str]:
    """The words of the task, and what kinds of files it names for what."""
    found = {f"names .{name.rpartition('.')[2].lower()}" for name in names}
    found |= {f"sources {min(3, len(sources))}", f"others {min(3, len(names) - len(sources))}"}
    for name in names:
        kind = "source" if name in sources else "other"
        found.add(f"{kind} {max(role[name], key=role[name].__getitem__)}")
    return words(task) | found
