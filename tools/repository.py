"""Whether a folder is a git repository, told without starting git: it would run what the repository's settings say."""

import re

from tools.workspace import Workspace

_BRANCH = re.compile(rb"ref: refs/heads/([^\x00-\x20\x7f~^:?*\[\\]{1,100})\s*")
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\s*")
_ABOUT = re.compile(r"\b(?:git|commit(?:s|ted)?|branch(?:es)?|reposit[oó]r(?:y|ies|ios?))\b", re.IGNORECASE)


def repository(workspace: Workspace) -> str:
    """One line about the repository that the workspace is; empty where it is none."""
    head = workspace.read(".git/HEAD", 200)
    if head is None:
        return ""
    if match := _BRANCH.fullmatch(head):
        name = match[1].decode("utf-8", "replace")
        return f"This folder is a git repository, branch {name}." if name.isprintable() else ""
    return "This folder is a git repository, no branch checked out." if _COMMIT.fullmatch(head) else ""


def about_git(task: str) -> bool:
    """Whether the task speaks of what git keeps."""
    return bool(_ABOUT.search(task))
