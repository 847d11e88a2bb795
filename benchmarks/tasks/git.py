"""Questions to the history of a repository, which stays as it is."""

import re
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from dulwich.index import IndexEntry
from dulwich.objects import Blob, Commit, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from benchmarks.tasks.answer import name_problems
from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, write

ANA, ANA_HOME = "Ana Prado <ana@prado.example>", "Ana Prado <ana@home.example>"
BEN, CHEN, DORA = "Ben Ruiz <ben@ruiz.example>", "Chen Li <chen@li.example>", "Dora Klein <dora@klein.example>"
BEGUN, DAY = 1_736_150_400, 86_400
FILE = 0o100644

SORT = "def sort_titles(titles):\n    return sorted(titles{key})\n"
NORMALISE = "def normalise_title(title):\n    return {how}\n"
CALL = "from {place} import normalise_title\n\n\n"


class Change(NamedTuple):
    """A commit: who, what for, and the files that are new or different; None takes one away."""

    author: str
    message: str
    files: dict[str, str | None]


HISTORY = [
    Change(ANA, "Start", {"README.md": "# Shelf\n"}),
    Change(ANA, "Sort titles", {"sorting.py": SORT.format(key="")}),
    Change(BEN, "Plan the next steps", {"README.md": "# Shelf\n\nTo do: normalise_title, so that `The` is ignored.\n"}),
    Change(DORA, "Say how to install", {"INSTALL.md": "Copy the files.\n"}),
    Change(BEN, "Shelves have numbers", {"shelves.py": "NUMBERS = range(1, 41)\n"}),
    Change(
        CHEN,
        "Ignore case when sorting",
        {
            "sorting.py": NORMALISE.format(how="title.casefold()") + "\n\n" + SORT.format(key=", key=normalise_title"),
        },
    ),
    Change(ANA_HOME, "More shelves", {"shelves.py": "NUMBERS = range(1, 61)\n"}),
    Change(
        BEN,
        "Add normalise_title to a module of its own",
        {
            "titles.py": NORMALISE.format(how="title.casefold()"),
            "sorting.py": CALL.format(place="titles") + SORT.format(key=", key=normalise_title"),
        },
    ),
    Change(BEN, "Ignore articles", {"titles.py": NORMALISE.format(how='title.casefold().removeprefix("the ")')}),
    Change(ANA, "Done", {"README.md": "# Shelf\n\nSorts titles.\n"}),
    Change(CHEN, "Installing is not needed", {"INSTALL.md": None}),
    Change(ANA_HOME, "Count shelves", {"shelves.py": "NUMBERS = range(1, 61)\nCOUNT = len(NUMBERS)\n"}),
]
ADDED, MOVED = 5, 7
"""Where in the history the function comes, and where it moves."""


def versions() -> list[dict[str, str]]:
    """All files after each commit."""
    found: list[dict[str, str]] = [{}]
    for change in HISTORY:
        files = found[-1] | change.files
        found.append({name: text for name, text in files.items() if text is not None})
    return found[1:]


def blob(text: str) -> Blob:
    """A file's content as git keeps it."""
    return Blob.from_string(text.encode())


def tree(files: dict[str, str]) -> Tree:
    """A folder as git keeps it."""
    made = Tree()
    for name, text in files.items():
        made.add(name.encode(), FILE, blob(text).id)
    return made


def commits() -> list[Commit]:
    """The commits, one upon the other, one a day."""
    made: list[Commit] = []
    for day, (change, files) in enumerate(zip(HISTORY, versions(), strict=True)):
        commit = Commit()
        commit.tree = tree(files).id
        commit.parents = [made[-1].id] if made else []
        commit.author = commit.committer = change.author.encode()
        commit.author_time = commit.commit_time = BEGUN + DAY * day
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = f"{change.message}\n".encode()
        made.append(commit)
    return made


def repository(folder: Path) -> None:
    """The history, and the files of its end."""
    made, files = commits(), versions()
    with closing(Repo.init(folder, default_branch=b"main", symlinks=False)) as repo:
        for commit, version in zip(made, files, strict=True):
            for stored in (*map(blob, version.values()), tree(version), commit):
                repo.object_store.add_object(stored)
        repo.refs[Ref(b"refs/heads/main")] = made[-1].id
        index = repo.open_index()
        for name, text in files[-1].items():
            write(folder, name, text)
            index[name.encode()] = IndexEntry(0, 0, 0, 0, FILE, 0, 0, len(text.encode()), blob(text).id)
        index.write()


def hashes() -> list[str]:
    """The names of the commits."""
    return [commit.id.decode() for commit in commits()]


def added_problems(folder: Path, answer: str) -> list[str]:
    """The first hash that the answer names is the right one, and the author is."""
    found = [word for word in re.findall(r"\b[0-9a-f]{7,40}\b", answer) if any(h.startswith(word) for h in hashes())]
    wrong = not found or not hashes()[ADDED].startswith(found[0]) or len(set(found)) > 2
    people = {change.author.partition(" <")[0] for change in HISTORY}
    return ["the answer names another commit"] * wrong + name_problems(answer, "Chen Li", people)


def counted(mail: bool) -> list[list[Cell]]:
    """Authors by the number of their commits, as people or as addresses."""
    names = [change.author if mail else change.author.partition(" <")[0] for change in HISTORY]
    return [[name, names.count(name)] for name in sorted(set(names), key=names.count, reverse=True)]


def write_authors(folder: Path, mail: bool) -> str:
    """The result."""
    write_table(folder, "authors.csv", "author,commits", counted(mail))
    return f"{len(counted(mail))} authors are in authors.csv."


TASKS = [
    Task(
        "who-added-it",
        "git",
        "This folder is a git repository. Which commit first added the function normalise_title (the definition, not a "
        "mention of it), and who is the author? Tell me the hash, at least seven characters of it, and the name.",
        repository,
        added_problems,
        lambda folder: f"Commit {hashes()[ADDED][:10]} by Chen Li added it.",
        lambda folder: f"Commit {hashes()[MOVED][:10]} by Ben Ruiz added it.",
    ),
    Task(
        "authors",
        "git",
        "List the authors of the git repository in this folder with their numbers of commits in authors.csv: columns "
        "author and commits, most commits first. Go by the name: somebody may have used two e-mail addresses.",
        repository,
        lambda folder, answer: table_problems(folder, "authors.csv", counted(mail=False)),
        lambda folder: write_authors(folder, mail=False),
        lambda folder: write_authors(folder, mail=True),
    ),
]
