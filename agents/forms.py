"""The form of the work that a task asks of a program, by its words, weighed as `agents.weights` says."""

from collections.abc import Collection, Mapping
from typing import Literal, cast

from agents.roles import Role
from agents.weights import Weights, shares, weights, words

Form = Literal["program", "file", "shell", "talk"]
"""`program`: it runs once and does the task; `file`: one file of source is written or changed; `shell`: commands do it;
`talk`: words are the answer."""
FORMS: tuple[Form, ...] = ("program", "file", "shell", "talk")


def form(found: Collection[str], sources: Collection[str], known: Weights | None = None) -> Form:
    """The likeliest form by these `features`; a file only where the task names `sources`."""
    likely = shares(found, known or weights("forms"), possible(sources))
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
