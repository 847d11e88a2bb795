"""Files of secrets, of settings and of git stay as they are, and what they hold does not change its place."""

from pathlib import Path

import pytest

from tests.attacks.attempts import attack
from tests.tools.interpreter.bench import Bench
from tools.interpreter.box import Limits

FILES = {
    ".env": "KEY=1",
    ".env.local": "KEY=2",
    "sub/.env": "KEY=3",
    "sub/deep/.env.production": "KEY=4",
    ".git/config": "[core]",
    ".git/HEAD": "ref: refs/heads/main",
    ".git/hooks/pre-commit.sample": "",
    "sub/.git/config": "[core]",
    "sub/.git/hooks/x.sample": "",
    "tree/.git": "gitdir: ../.git/worktrees/tree",
    ".commander/session.jsonl": "{}",
    ".commander/deep/more": "x",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A workspace with what must stay."""
    workspace = tmp_path / "project"
    for name, text in FILES.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text, encoding="utf-8")
    (workspace / "free.txt").write_text("free", encoding="utf-8")
    return workspace


def state(project: Path) -> dict[str, object]:
    """All that is kept: names, contents, permissions, and which file it is."""
    kept = [path for path in project.rglob("*") if set(path.relative_to(project).parts) & {".git", ".commander"}]
    kept += [path for path in project.rglob(".env*") if path not in kept]
    return {
        str(path.relative_to(project)): (
            path.lstat().st_ino,
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in kept
    }


ATTACKS = {
    "write": """
for name in files:
    attempt("write " + name, lambda: open(name, "w").write("owned"))
    attempt("append " + name, lambda: open(name, "a").write("owned"))
    attempt("truncate " + name, lambda: os.truncate(name, 0))
    attempt("permissions of " + name, lambda: os.chmod(name, 0o777))
    attempt("times of " + name, lambda: os.utime(name))
""",
    "put another in its place": """
open("mine", "w").write("owned")
for name in files:
    attempt("remove " + name, lambda: os.unlink(name))
    attempt("rename " + name, lambda: os.rename(name, "taken"))
    attempt("onto " + name, lambda: os.rename("mine", name))
    attempt("exchange " + name, lambda: call(libc.renameat2, -100, b"mine", -100, name.encode(), 2))
    attempt("link to " + name, lambda: os.link(name, "hard"))
""",
    "move what is above": """
for name in (".git", ".commander", ".git/hooks", "sub/.git", "sub", "sub/deep", "tree/.git", ".commander/deep"):
    attempt("rename " + name, lambda: os.rename(name, "moved"))
    attempt("exchange " + name, lambda: call(libc.renameat2, -100, b"free.txt", -100, name.encode(), 2))
    attempt("empty " + name, lambda: __import__("shutil").rmtree(name))
""",
    "hooks": """
for folder in (".git", "sub/.git"):
    for name in ("pre-commit", "post-checkout", "fsmonitor-watchman"):
        attempt(f"{folder} {name}", lambda: open(f"{folder}/hooks/{name}", "w").write("#!/bin/sh\\nowned"))
    attempt(folder + " config", lambda: subprocess.run(
        ["git", "config", "-f", folder + "/config", "core.fsmonitor", "owned"], check=True, capture_output=True))
    attempt(folder + " attributes", lambda: open(folder + "/info", "w").write("* filter=owned"))
    attempt(folder + " module", lambda: os.mkdir(folder + "/modules"))
""",
    "by descriptor": """
for name in (".env", ".git/config", ".commander/session.jsonl"):
    attempt("reopen " + name, lambda: open(f"/proc/self/fd/{os.open(name, os.O_RDONLY)}", "w").write("owned"))
    attempt("map " + name, lambda: __import__("mmap").mmap(os.open(name, os.O_RDONLY), 0))
folder = os.open(".", os.O_RDONLY)
attempt("from above", lambda: os.open(".env", os.O_RDWR, dir_fd=folder))
nameless = os.open(".", os.O_TMPFILE | os.O_RDWR)
attempt("nameless", lambda: os.link(f"/proc/self/fd/{nameless}", ".env", dst_dir_fd=folder, follow_symlinks=True))
attempt("remount", lambda: call(libc.mount, None, b".env", None, 32 | 4096, None))
attempt("unmount", lambda: call(libc.umount2, b".env", 2))
attempt("attributes", lambda: os.setxattr(".env", "user.x", b"y"))
""",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_it_stays_as_it_is(project: Path, name: str) -> None:
    before = state(project)
    with Bench(project) as bench:
        found = attack(bench, ATTACKS[name], files=list(FILES))
        assert bench.shell("cat .env sub/.env; echo new > sub/deep/made; echo more >> free.txt") == "KEY=1KEY=3"
    assert state(project) == before
    assert not any(outcome.startswith("done") for outcome in found.values()), found
    assert (project / "sub/deep/made").exists() and (project / "free.txt").read_text(encoding="utf-8") != "free"


def test_it_stays_so_when_the_worker_is_started_anew(project: Path) -> None:
    before = state(project)
    with Bench(project) as bench:
        bench.shell("mkdir new && echo mine > new/.env")
        bench.run("shell", "kill -9 -1")
        code = """
attempt("old", lambda: open("sub/.env", "w").write("owned"))
attempt("own", lambda: open("new/.env", "w").write("changed"))
"""
        result = attack(bench, code)
    assert result == {"old": "EROFS", "own": "done 7"}
    assert (project / "new/.env").read_text(encoding="utf-8") == "changed"
    assert {name: kept for name, kept in state(project).items() if name != "new/.env"} == before


def test_what_the_caller_protects_stays_protected_side_by_side(tmp_path: Path) -> None:
    """A mount hides what was mounted below it: `p/.venv` once made `p/.git` writable again."""
    names = ("p/.git", "p/.venv", "p/q/.tox", "p/q", "node_modules/a/.cache", "node_modules")
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.mkdir(parents=True, exist_ok=True)
    code = """
for path in paths:
    attempt(path, lambda: open(path + "/owned", "w").write("owned"))
    attempt("rename " + path, lambda: os.rename(path, "moved"))
"""
    with Bench(tmp_path, Limits(), {"readonly": paths}) as bench:
        found = attack(bench, code, paths=[str(path) for path in paths])
        bench.shell("echo x > p/free")
    assert len(found) == 12 and not any(outcome.startswith("done") for outcome in found.values()), found
    assert not list(tmp_path.rglob("owned"))
