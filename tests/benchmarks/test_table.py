"""Intervals, pairs and tables of results; results are read back, and run only once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.harness.report import BEGIN, END, write
from benchmarks.harness.result import Result, read
from benchmarks.harness.systems import SYSTEMS
from benchmarks.harness.table import interval, paired, table

README = Path(__file__).parents[2] / "benchmarks" / "README.md"


def result(system: str, task: str, *, right: bool = True, code: int | None = 0, group: str = "files") -> Result:
    """A try of two calls."""
    wrong = [] if right else ["wrong"]
    return Result(system, task, group, right, code, wrong, 2, 100, 40, 10, 1, 12.0, "answer")


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0, 0.2775), (0, 12, 0, 0.2425), (5, 10, 0.2366, 0.7634), (34, 40, 0.7093, 0.9294), (1, 0, 0, 1)],
)
def test_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert interval(count, of) == pytest.approx((low, high), abs=1e-4)
    assert interval(count, of)[0] >= 0


def test_row_tells_solved_from_right_and_claimed() -> None:
    own = [result("ours", "a"), result("ours", "b", code=1), result("ours", "c", right=False)]
    own.append(result("ours", "d", right=False, code=None))
    lines = list(table([*own, result("bare", "a")], ["ours", "bare", "absent"]))
    assert len(lines) == 4
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        *("ours", "4", "1 (5% to 70%)", "1", "1"),
        *("8", "400", "160", "40", "400", "4", "1.0"),
    ]


def test_without_a_call_nothing_was_evaluated_and_none_is_unknown() -> None:
    called = result("ours", "a")
    for other, told in ((replace(called, calls=0, tokens_evaluated=None), "40"), (None, "not told")):
        own = [called, other or replace(called, task="b", tokens_evaluated=None)]
        assert [cell.strip() for cell in list(table(own, ["ours"]))[2].split("|")][8] == told


def test_pairs_count_the_tasks_that_both_did() -> None:
    ours = [result("ours", name) for name in "abcd"] + [result("ours", "e", right=False), result("ours", "z")]
    bare = [result("bare", name, right=name == "e") for name in "abcde"]
    assert paired(ours + bare, "ours", "bare") == (
        "ours against bare, 5 pairs: +60.0 points (-10.1 to +130.1); 4 solved by ours alone, 1 by bare alone."
    )
    assert paired(ours, "ours", "bare") == ""


def test_results_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "results" / "a.jsonl"
    made = [result("ours", "a"), result("ours", "ção", code=None)]
    for each in made:
        each.append(file)
    with file.open("a", encoding="utf-8") as opened:
        opened.write('{"system": "ours", "ta')
    assert list(read(file)) == made
    assert list(read(tmp_path / "absent")) == []


def test_tables_stand_between_the_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}stale\n{END}after\n", encoding="utf-8")
    result("bare", "a").append(tmp_path / "results" / "one.jsonl")
    result("bare", "b", group="humaneval").append(tmp_path / "results" / "two.jsonl")
    for _ in range(2):
        write(readme, tmp_path / "results", ["bare"])
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n### The forty tasks in a folder\n")
    assert text.endswith(f"\n\n{END}after\n")
    assert "stale" not in text


def test_readme_has_the_tables_of_the_committed_results(tmp_path: Path) -> None:
    written = Path(shutil.copy(README, tmp_path))
    write(written, README.parent / "results", list(SYSTEMS))
    assert written.read_text(encoding="utf-8") == README.read_text(encoding="utf-8")
