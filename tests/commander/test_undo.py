"""What a run changed is shown and put back, in a repository and in none, and nothing of the user's with it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commander.__main__ import main
from tests.commander.kept import only
from tests.commander.program import run
from tests.commander.test_terminal import play
from tools.embedded.scripted import scripted

TASK = """\
1. Append the word one to log.txt and tell its lines.
2. Append the word two to data/ignored.csv, remove gone.txt, and tell how many lines there are.
3. Append the word three to log.txt and tell its lines."""
FILES = {
    "log.txt": "zero\n",
    "data/ignored.csv": "a,b\n",
    ".gitignore": "data/\n",
    "mine.txt": "mine\n",
    "gone.txt": "gone\n",
}
PROGRAMS = {
    "one": "open('log.txt', 'a').write('one\\n')\nopen('new\\x1b[31m.bin', 'wb').write(bytes(300))",
    "two": "import os\nopen('data/ignored.csv', 'a').write('two\\r\\n')\nos.remove('gone.txt')\nos.mkdir('made')",
    "three": "open('log.txt', 'a').write('three\\n')",
}


def says(messages: list[dict[str, str]]) -> str:
    last = messages[-1]["content"]
    if "# What was done" in last:
        return "Done."
    asked = last.partition("# Done so far")[0]
    source = next(source for word, source in PROGRAMS.items() if f"Append the word {word}" in asked)
    return f"```python\n{source}\nprint('it has 2 lines')\n```"


def git(place: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=place, check=True, capture_output=True, encoding="utf-8")
    return done.stdout


def state(place: Path) -> dict[str, bytes | None]:
    """Every file but git's own, and git's index."""
    paths = [path for path in place.rglob("*") if ".git" not in path.relative_to(place).parts]
    found = {str(path.relative_to(place)): path.read_bytes() if path.is_file() else None for path in paths}
    index = place / ".git" / "index"
    return found | ({".git/index": index.read_bytes()} if index.exists() else {})


@pytest.fixture(params=["repository", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder before the run: a repository with something staged, or none."""
    folder = tmp_path / "place"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    if request.param == "repository":
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first")
        (folder / "staged.txt").write_text("staged", encoding="utf-8")
        git(folder, "add", "staged.txt")
    return folder


def done(place: Path) -> None:
    with scripted(says) as (url, _):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err


Say = Callable[..., str]


@pytest.fixture
def say(place: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """What a command in the folder prints."""

    def said(*words: str, code: int = 0) -> str:
        ended = main([*words, "--workspace", str(place)])
        shown = "".join(capsys.readouterr())
        assert ended == code, shown
        assert not [char for char in shown if ord(char) < 32 and char != "\n"]
        return shown

    return said


def test_a_run_is_shown_and_put_back_and_what_the_user_did_stays(place: Path, say: Say) -> None:
    was = state(place)
    status = git(place, "status", "--porcelain") if (place / ".git").exists() else ""
    done(place)
    index = state(place).get(".git/index")
    assert (place / "log.txt").read_text(encoding="utf-8") == "zero\none\nthree\n"
    shown = say("diff")
    assert "--- a/log.txt\n+++ b/log.txt\n@@ -1 +1,3 @@\n zero\n+one\n+three\n" in shown
    assert "+two\\x0d\n" in shown and "-gone\n" in shown and "made/: folder made\n" in shown
    assert "new\\x1b[31m.bin: no text, or too large to compare (none -> 300 bytes)\n" in shown
    assert "three" not in say("diff", "--step", "2") and "+two" in say("diff", "--step", "2")
    assert state(place).get(".git/index") == index == was.get(".git/index")
    if sys.platform != "win32":
        assert "\x1b[32m+three" in play("", place, [], task=("diff",))[1], "colours in a terminal"
    (place / "mine.txt").write_text("changed by me", encoding="utf-8")
    (place / "log.txt").write_text("changed by me", encoding="utf-8")
    before = state(place)
    refused = say("undo", code=1)
    assert "log.txt; nothing was put back; next: commander undo " in refused and "mine.txt" not in refused
    assert state(place) == before and only().outcome == "done"
    assert "these did: 1, 2, 3" in say("undo", "--step", "7", code=2)
    assert "3 put back" in say("undo", only().id[:6], "--step", "2")
    assert {"gone.txt", "data/ignored.csv"} <= state(place).keys() and "made" not in state(place)
    assert (place / "data" / "ignored.csv").read_text(encoding="utf-8") == "a,b\n"
    assert "log.txt" in say("undo", "--force")
    assert state(place) == was | {"mine.txt": b"changed by me"}
    assert "nothing is left to put back" in say("undo")
    if status:
        (place / "mine.txt").write_text(FILES["mine.txt"], encoding="utf-8")
        assert git(place, "status", "--porcelain") == status
    assert only().outcome == "undone"


def test_what_is_too_large_for_undo_is_named_before_the_run_and_cannot_be_changed(tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / "node_modules").mkdir(parents=True)
    with (place / "big.bin").open("wb") as file:
        file.truncate(51_000_000)
    tries = "```python\nopen('big.bin', 'ab').write(b'x')\nprint('The file has 51000001 bytes.')\n```"
    with scripted([tries.replace("x'", f"{n}'") for n in range(9)]) as (url, _):
        ran = run("Append a byte to big.bin and tell its size", "--max-turns", "2", cwd=place, OLLAMA_BASE_URL=url)
    told = ran.err.partition("executor")[0]
    assert "big.bin: too large for undo, not readable or in use, so read-only for code" in told
    assert "node_modules" not in told
    assert (place / "big.bin").stat().st_size == 51_000_000
