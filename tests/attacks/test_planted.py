"""What code leaves in the workspace deceives nothing that reads there afterwards: no way out, no wait, no harm."""

import stat
import sys
import time
from pathlib import Path

import psutil
import pytest
from dulwich.object_store import DiskObjectStore

from tests.attacks.attempts import SECRET, attack
from tests.tools.interpreter.bench import Bench
from tools.interpreter.pythons import choose_python
from tools.snapshot import Snapshots
from tools.survey import survey
from tools.workspace import Workspace

SECONDS = 20
"""For one look at everything, threefold."""


def read_all(here: Path, store: Path) -> str:
    """All that the program ever reads in a workspace: names, survey, files, a snapshot and what it keeps."""
    begin = time.monotonic()
    workspace = Workspace(here)
    snapshots = Snapshots(here, store)
    taken = snapshots.take()
    files = workspace.files()
    parts = [survey(workspace, 6000, " ".join(files)), repr(files), repr(taken), choose_python(None, here).note]
    parts += [repr(workspace.read(path, 10_000)) for path in [*files, *taken.saved, *taken.odd]]
    parts += [snapshots.unified(taken, taken, path) for path in taken.saved]
    kept = DiskObjectStore(store)
    parts += [repr(kept[name].as_raw_string()[:10_000]) for name in kept]
    assert snapshots.restore(taken) == []
    assert time.monotonic() - begin < SECONDS
    return "\n".join(parts)


ATTACKS = {
    "link to a file": """
attempt("link", lambda: os.symlink(outside + "/secret.txt", "data.csv"))
attempt("read", lambda: open("data.csv").read())
""",
    "link to a folder": 'attempt("link", lambda: os.symlink(outside, "docs"))',
    "link upwards": 'attempt("link", lambda: os.symlink(os.path.relpath(outside) + "/secret.txt", "notes.txt"))',
    "link to a link": """
attempt("first", lambda: os.symlink(outside, "a"))
attempt("second", lambda: os.symlink("a/secret.txt", "b.json"))
""",
    "ring of links": """
attempt("first", lambda: os.symlink("y", "x"))
attempt("second", lambda: os.symlink("x", "y"))
""",
    "link to endless devices": """
for name in ("zero", "stdin", "tty", "full"):
    attempt(name, lambda: os.symlink("/dev/" + name, name + ".csv"))
""",
    "link to the reader": """
for name in ("environ", "mem", "fd/0", "root" + outside + "/secret.txt", "cwd/secret.txt"):
    attempt(name, lambda: os.symlink("/proc/self/" + name, name.replace("/", "_")))
""",
    "hard link": """
attempt("outside", lambda: os.link(outside + "/secret.txt", "hard.txt"))
attempt("system", lambda: os.link("/usr/bin/env", "env"))
attempt("by descriptor", lambda: os.link(f"/proc/self/fd/{os.open('/etc/passwd', 0)}", "passwd"))
""",
    "FIFO": """
for name in ("pipe.csv", "pipe.json", "README.md"):
    attempt(name, lambda: os.mkfifo(name))
""",
    "FIFO as settings of an environment": """
attempt("folder", lambda: os.makedirs(".venv/bin"))
attempt("python", lambda: os.symlink(sys.executable, ".venv/bin/python"))
attempt("settings", lambda: os.mkfifo(".venv/pyvenv.cfg"))
""",
    "endless settings of an environment": """
attempt("folder", lambda: os.makedirs(".venv/bin"))
attempt("python", lambda: os.symlink("python", ".venv/bin/python"))
attempt("settings", lambda: os.symlink("/dev/zero", ".venv/pyvenv.cfg"))
""",
    "odd settings of an environment": r"""
attempt("folder", lambda: os.makedirs(".venv/bin"))
attempt("python", lambda: open(".venv/bin/python", "w").write("#!/bin/sh"))
text = "home = " + "x" * 5000 + "\nhome=/\0\n" + "=" * 1000 + "\xff"
attempt("settings", lambda: open(".venv/pyvenv.cfg", "w", encoding="latin-1").write(text))
""",
    "devices": """
attempt("whiteout", lambda: os.mknod("white.csv", 0o20666, 0))
for name, mode, device in (("null", 0o20666, (1, 3)), ("zero", 0o20666, (1, 5)), ("disk", 0o60666, (254, 0))):
    attempt(name, lambda: os.mknod(name, mode, os.makedev(*device)))
""",
    "listening socket": """
server = socket.socket(socket.AF_UNIX)
attempt("bind", lambda: server.bind("server.csv"))
attempt("listen", lambda: server.listen())
""",
    "sparse file": 'attempt("truncate", lambda: open("sparse.csv", "wb").truncate(4_000_000_000))',
    "deep folders": """
def dig():
    home = os.open(".", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.fchdir(home)
attempt("dig", dig)
""",
    "wide folder": """
def fill():
    os.mkdir("wide")
    for number in range(60_000):
        os.close(os.open(f"wide/{number}", os.O_CREAT | os.O_WRONLY))
attempt("fill", fill)
""",
    "closed folder": """
attempt("make", lambda: os.makedirs("closed/in"))
attempt("file", lambda: open("locked.csv", "w").write("x"))
for name in ("closed", "locked.csv"):
    attempt("close " + name, lambda: os.chmod(name, 0))
""",
    "hostile texts": r"""
for name, text in {"deep.json": "[" * 200_000, "deep.py": "(" * 50_000, "minus.py": "-" * 200_000 + "1",
                   "wide.csv": "," * 300_000, "number.json": "9" * 100_000, "zero.csv": chr(0) * 1000}.items():
    attempt(name, lambda: open(name, "w").write(text))
""",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_planted_deceives_no_reader(bench: Bench, here: Path, outside: Path, tmp_path: Path, name: str) -> None:
    before = psutil.Process().memory_info().rss
    found = attack(bench, ATTACKS[name], outside=str(outside))
    told = read_all(here, tmp_path / "store")
    assert SECRET not in told
    assert psutil.Process().memory_info().rss - before < 200e6
    assert found  # see the outcomes that matter below
    if name == "hard link":
        assert set(found.values()) <= {"ENOENT", "EXDEV", "EPERM"}
    elif name == "devices":
        assert [found.pop(each) for each in ("null", "zero", "disk")] == ["EPERM"] * 3
    elif name != "link to a file":
        assert all(outcome.startswith("done") for outcome in found.values()), found
    assert sorted(file.name for file in outside.iterdir()) == ["kept.txt", "secret.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="where the jail is")
def test_no_file_runs_as_its_owner_afterwards(bench: Bench, here: Path) -> None:
    code = r"""
import shutil
for mode in (0o4755, 0o2755, 0o6777):
    shutil.copy("/usr/bin/env", "tool")
    attempt(f"chmod {mode:o}", lambda: os.chmod("tool", mode))
    attempt(f"fchmod {mode:o}", lambda: os.fchmod(os.open("tool", os.O_RDWR), mode))
    attempt(f"open {mode:o}", lambda: os.open(f"made{mode:o}", os.O_CREAT | os.O_WRONLY, mode))
    attempt(f"open without name {mode:o}", lambda: os.open(".", os.O_TMPFILE | os.O_WRONLY, mode))
    attempt(f"creat {mode:o}", lambda: call(libc.creat, b"made", mode))
    attempt(f"mknod {mode:o}", lambda: os.mknod(f"node{mode:o}", stat.S_IFREG | mode))
    attempt(f"high bits {mode:o}", lambda: call(libc.chmod, b"tool", ctypes.c_long(1 << 40 | mode)))
    for name, number in {"fchmodat2": 452, "openat2": 437}.items():
        how = (ctypes.c_uint64 * 3)(os.O_CREAT | os.O_WRONLY, mode, 0)
        extra = (mode, 0) if name == "fchmodat2" else (how, 24)
        file = b"tool" if name == "fchmodat2" else b"two"
        attempt(f"{name} {mode:o}", lambda: call(libc.syscall, number, -100, file, *extra))
attempt("shell", lambda: subprocess.run("install -m 4755 /usr/bin/env tool2", shell=True, check=True))
attempt("unpack", lambda: subprocess.run("mkdir in; cp tool in; tar -c --mode=4755 in | tar -xp --one-top-level=out",
                                         shell=True, check=True))
"""
    found = attack(bench, code)
    runs = [path for path in here.rglob("*") if path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID)]
    assert runs == []
    assert {outcome for name, outcome in found.items() if name not in {"shell", "unpack"}} <= {"EPERM", "ENOSYS"}, found
    assert [found["shell"], found["unpack"]] == ["CalledProcessError"] * 2
