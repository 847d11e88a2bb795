"""What code swaps while the host reads, or puts things back, leads nowhere."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from dulwich.object_store import DiskObjectStore

from tests.attacks.attempts import SECRET, attack, beside, outcomes, program
from tests.tools.interpreter.bench import Bench
from tools.snapshot import Snapshots
from tools.survey import survey
from tools.workspace import Workspace

SWAP = """
def exchange(one, other):
    return libc.renameat2(-100, one.encode(), -100, other.encode(), 2)
open("honest", "w").write("honest")
os.makedirs("honest.d/docs", exist_ok=True)
open("honest.d/secret.txt", "w").write("honest")
PLANT
swaps = 0
while not os.path.exists("enough"):
    for one, other in PAIRS:
        swaps += exchange(one, other) == 0
print("TRIED swap ->", swaps)
"""
SWAPS = {
    "file and link": ('os.symlink(outside + "/secret.txt", "other")', [("honest", "other")]),
    "file and FIFO": ('os.mkfifo("other")', [("honest", "other")]),
    "file and endless device": ('os.symlink("/dev/zero", "other")', [("honest", "other")]),
    "folder and link": ('os.symlink(outside, "other")', [("honest.d", "other")]),
    "folder and file": ('open("other", "w").write("x")', [("honest.d", "other")]),
    "inner folder": ('os.mkdir("a"); os.symlink(outside, "a/docs")', [("honest.d/docs", "a/docs")]),
}


@pytest.mark.parametrize("name", SWAPS)
def test_a_swap_under_the_readers_hand_leads_nowhere(
    bench: Bench, here: Path, outside: Path, tmp_path: Path, name: str
) -> None:
    plant, pairs = SWAPS[name]
    code = program(SWAP.replace("PLANT", plant).replace("PAIRS", repr(pairs)), outside=str(outside))
    snapshots, seen = Snapshots(here, tmp_path / "store"), [""]
    workspace = Workspace(here)

    def look() -> None:
        taken = snapshots.take()
        for path in ("honest", "honest.d/secret.txt", "honest.d/docs/secret.txt", "other"):
            seen[0] += repr(workspace.read(path, 100)) if len(seen[0]) < 1_000_000 else ""
        seen[0] += survey(workspace, 2000, "honest honest.d/secret.txt")[:2000]
        assert not any(SECRET in snapshots.unified(taken, taken, path) for path in taken.saved)

    result = beside(bench, code, look, here / "enough")
    assert int(outcomes(result)["swap"]) > 100, result
    assert SECRET not in seen[0]
    kept = DiskObjectStore(tmp_path / "store")
    assert not any(SECRET.encode() in kept[each].as_raw_string() for each in kept)


DOCS = "os.symlink(outside, 'a/docs')"
RACE = """
swaps = 0
while not os.path.exists("enough"):
    for plant in plants:
        try: eval(plant)
        except OSError: pass
    swaps += libc.renameat2(-100, one.encode(), -100, other.encode(), 2) == 0
print("TRIED swap ->", swaps)
"""
RACES = {
    "folder and link": ("honest.d", "other", "os.makedirs('honest.d/docs')", "os.symlink(outside, 'other')"),
    "inner folder": ("honest.d/docs", "a/docs", "os.makedirs('honest.d/docs')", "os.makedirs('a')", DOCS),
    "file and link": ("honest", "other", "open('honest', 'a')", "os.symlink(outside + '/secret.txt', 'other')"),
}


@pytest.mark.parametrize("name", RACES)
def test_a_swap_while_things_are_put_back_harms_nothing_outside(
    bench: Bench, here: Path, outside: Path, tmp_path: Path, name: str
) -> None:
    one, other, *plants = RACES[name]
    (here / "honest.d/docs/in").mkdir(parents=True)
    (here / "honest").write_text("honest", encoding="utf-8")
    snapshots = Snapshots(here, tmp_path / "store")
    taken = snapshots.take()

    def put_back() -> None:
        with suppress(OSError):
            snapshots.restore(taken)

    code = program(RACE, outside=str(outside), one=one, other=other, plants=plants)
    result = beside(bench, code, put_back, here / "enough")
    assert int(outcomes(result)["swap"]) > 10, result
    told = {file.name: file.read_text(encoding="utf-8") for file in outside.iterdir()}
    assert told == {"secret.txt": SECRET, "kept.txt": "kept"}
    assert snapshots.restore(taken) == []
    assert snapshots.take() == taken and (here / "honest").read_text(encoding="utf-8") == "honest"


def test_a_change_that_hides_its_traces_is_seen(bench: Bench, here: Path, tmp_path: Path) -> None:
    (here / "figures.csv").write_text("1,2,3\n", encoding="utf-8")
    os.utime(here / "figures.csv", (1_000_000_000, 1_000_000_000))
    snapshots = Snapshots(here, tmp_path / "store")
    before = snapshots.take()
    code = """
def forge():
    open("figures.csv", "r+").write("9")
    os.utime("figures.csv", (1_000_000_000, 1_000_000_000))
attempt("forge", forge)
"""
    assert attack(bench, code) == {"forge": "done None"}
    assert (here / "figures.csv").stat().st_mtime == 1_000_000_000
    assert snapshots.diff(before, snapshots.take()).changed == ("figures.csv",)
    assert snapshots.restore(before) == []
    assert (here / "figures.csv").read_text(encoding="utf-8") == "1,2,3\n"
