"""Disks that are full, folders that are closed or gone: one line, and nothing half done."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.commander.kept import only
from tests.commander.program import Ran, command, run
from tools.embedded.scripted import Messages, scripted, twice

TASK = "Write 15 to five.txt and tell me the sum"
WRITES = "```python\nopen('five.txt', 'w').write('15')\nprint('The sum is 15.')\n```"
GROWS = "```python\nimport os\nopen('five.txt', 'wb').write(os.urandom(300_000))\nprint('The sum is 15.')\n```"
FULL = {"journal": ("200k", WRITES, 0), "snapshot": ("96k", GROWS, 1), "first": ("4k", WRITES, 1)}
"""What finds the disk full, with the room on it, the program, and the exit code."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    return folder


def mounted(mount: str, place: Path, url: str, *words: str) -> Ran:
    """The program with a mount of its own; skipped where none can be had."""
    unshare = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    try:
        subprocess.run([*unshare, mount], cwd=place, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no mounts here: {error}")
    done = subprocess.run(
        [*unshare, f'{mount} && cd "$PWD" && exec "$@"', "sh", *command(*words)],
        cwd=place,
        env={**os.environ, "OLLAMA_BASE_URL": url},
        capture_output=True,
        encoding="utf-8",
        timeout=90,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_journal_that_cannot_be_written_is_said_once_and_the_task_is_done(place: Path, user: Path) -> None:
    (user / "no-folder").write_text("", encoding="utf-8")
    with scripted(twice(WRITES)) as (url, _):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url, XDG_DATA_HOME=str(user / "no-folder"))
    assert ran.code == 0, ran.err
    assert ran.err.count("no journal of this run") == 1
    assert (place / "five.txt").read_text(encoding="utf-8") == "15"


@pytest.mark.parametrize(
    ("room", "script", "code"),
    [("200k", WRITES, 0), ("96k", GROWS, 1), ("4k", WRITES, 1)],
    ids=["journal", "snapshot", "first"],
)
def test_a_full_disk_is_one_line(place: Path, room: str, script: str, code: int) -> None:
    long = script.replace("```python\n", f"```python\n# {os.urandom(75_000).hex()}\n")
    with scripted([long if code == 0 else script] * 9) as (url, _):
        ran = mounted(f'mount -t tmpfs -o size={room} tmpfs "$XDG_DATA_HOME"', place, url, TASK)
    assert ran.code == code, ran.err
    said = [line for line in ran.err.splitlines() if "No space left" in line]
    assert len(said) == 1, ran.err
    assert said[0].startswith("commander: " if code else "  the journal ends here"), said
    assert "Traceback" not in ran.err and "Exception ignored" not in ran.err
    assert {path.name for path in place.iterdir()} == ({"kept.txt"} if code else {"kept.txt", "five.txt"})


def test_a_read_only_folder_is_said_and_can_still_be_read(place: Path) -> None:
    reads = "```python\nprint('It holds', open('kept.txt').read())\n```"
    with scripted(twice(reads)) as (url, _):
        ran = mounted(
            'mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD"', place, url, "Print what kept.txt holds"
        )
    assert (ran.code, ran.out) == (0, "It holds kept\n"), ran.err
    assert ran.err.count(f"{place} is read-only for you") == 1


def test_a_folder_that_is_deleted_in_the_middle_is_one_line(place: Path) -> None:
    def says(messages: Messages) -> str:
        if len(engine.asks) == 2:
            for path in place.iterdir():
                path.unlink()
            place.rmdir()
        return WRITES

    with scripted(says) as (url, engine):
        ran = run("--workspace", place, TASK, cwd=place.parent, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    last = ran.err.splitlines()[-1]
    assert last.startswith("commander: ") and str(place) in last and "; next: " in last
    assert "Traceback" not in ran.err
    assert only().outcome == "failed"


def test_output_that_goes_into_the_folder_is_whole(place: Path) -> None:
    wrong = WRITES.replace("five", "four")
    with scripted([wrong, *twice(WRITES)]) as (url, _), (place / "log.jsonl").open("wb") as log:
        environment = {**os.environ, "OLLAMA_BASE_URL": url}
        ended = subprocess.run(command("--json", TASK), cwd=place, env=environment, stdout=log, timeout=90)
    assert ended.returncode == 0
    events = [json.loads(line) for line in (place / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["kind"] for event in events][-1] == "finished"
    assert events[-1]["added"] == ["five.txt"] and events[-1]["changed"] == []
