"""What a small model is shown of a workspace before it writes code: what the task is about, then the rest."""

from tools.descriptions import DATA, HEAD, description, stored, tabular
from tools.listing import File, in_words, listed, tree
from tools.mentions import DATABASES, hinted, located, mentioned
from tools.places import about_names, endings
from tools.repository import about_git, repository
from tools.workspace import Workspace

OTHERS = "Other files, to be left alone unless the task needs them:"
"""The line that the names of those files stand under which the task is not about."""
_LOOKED_INTO = 20
_SHOWN = 8
_SMALL = 20_000
_STORED = 2_000_000
_MOST = 10_000


def survey(workspace: Workspace, budget_chars: int, task: str = "") -> str:
    """The folder in at most so many characters; what the task names comes first and in detail, the rest by name alone.

    Raises:
        OSError: the workspace is gone.
    """
    files, others = _found(workspace)
    git = repository(workspace)
    if not files and not others:
        return (git or "The folder is empty.")[:budget_chars]
    named = [file for file in files if mentioned(task, file.path)]
    places = _placed(task, files, others)
    inside = {file for held in places.values() for file in held}
    asked = bool(git) and about_git(task)
    if inside:
        detailed = _inside(workspace, files, inside, named, task)
    else:
        detailed = named or ([] if asked else _hinted(workspace, files, task))
    others = sorted({*others, *files} - inside - {*detailed})
    left = budget_chars - min(budget_chars // 4, 60 + 40 * len(others))
    parts = [git] if asked else []
    parts += _trees(places, left // 2 if detailed else left) if left > 40 else []
    left -= sum(len(part) + 1 for part in parts)
    for position, file in enumerate(detailed):
        room = max(left // (len(detailed) - position), min(left, 200))
        part = description(workspace, file, file in named, task, room) if left > 40 else None
        if part:
            parts.append(part)
            left -= len(part) + 1
        elif file not in inside:
            others.append(file)
    after = [git] if git and not asked else []
    rest = budget_chars - sum(len(part) + 1 for part in parts + after)
    title = OTHERS if parts else "Files:"
    return "\n".join([*parts, *listed(sorted(others), rest, title), *after])[:budget_chars]


def _found(workspace: Workspace) -> tuple[list[File], list[File]]:
    """Files that can be looked into, and what else is to be named: links, folders that are empty or too full."""
    found = {each.path: each for each in workspace.walk(_MOST) if each.kind != "noise"}
    filled = {path.rpartition("/")[0] for path in found}
    files = [
        File(path, each.stat.st_size, in_words(each.stat.st_size))
        for path, each in found.items()
        if each.kind == "file"
    ]
    notes = {"folder": "empty folder", "cut": "folder, too large to list", "link": "link", "special": "not a file"}
    others = [
        File(path, 0, notes[each.kind]) for path, each in found.items() if each.kind in notes and path not in filled
    ]
    return files, others


def _placed(task: str, files: list[File], others: list[File]) -> dict[str, list[File]]:
    """What the folders hold that the task is about, by folder."""
    if not task.strip():
        return {}
    paths = [file.path for file in files]
    places = located(task, [*paths, *(f"{file.path}/" if "folder" in file.note else file.path for file in others)])
    every = sorted(files + others)
    return {
        place: [file for file in every if file.path == place or file.path.startswith(f"{place}/")] for place in places
    }


def _trees(places: dict[str, list[File]], room: int) -> list[str]:
    return [tree(place, held, room // len(places)) for place, held in places.items()]


def _inside(workspace: Workspace, files: list[File], inside: set[File], named: list[File], task: str) -> list[File]:
    """What is to be read of a task about folders: files that it names, else a few small ones that it may be about."""
    if about_names(task):
        return [file for file in named if file not in inside]
    held = [file for file in files if file in inside]
    wanted = endings(task)
    chosen = [file for file in held if file.suffix in wanted] or _hinted(workspace, held, task)
    few = [file for file in chosen if file.size <= _SMALL or file.suffix in DATA]
    return named or few[:_SHOWN]


def _hinted(workspace: Workspace, files: list[File], task: str) -> list[File]:
    small = [file for file in files if file.suffix in DATA][:_LOOKED_INTO]
    tables = {file.path: tabular(workspace, file, HEAD) for file in small} if task.strip() else {}
    columns = {path: [column.name for column in found.columns] for path, found in tables.items() if found}
    if task.strip():
        columns |= {file.path: _relations(workspace, file) for file in _stored(files)}
    paths = set(hinted(task, [file.path for file in files], columns))
    return [file for file in files if file.path in paths]


def _stored(files: list[File]) -> list[File]:
    return [file for file in files if file.suffix in DATABASES and file.size <= _STORED][:_LOOKED_INTO]


def _relations(workspace: Workspace, file: File) -> list[str]:
    found = stored(workspace, file.path)
    return [relation.name for relation in found.relations] if found else []
