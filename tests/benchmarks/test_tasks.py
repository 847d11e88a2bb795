"""Each task can be solved, is not solved by doing nothing, and is not solved by what is nearly right."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.tasks.answer import MANY, name_problems, number_problems, numbers
from benchmarks.tasks.catalog import GROUPS, HARD, MORE, PLAIN, TASKS
from benchmarks.tasks.hidden import call_failures, failures
from benchmarks.tasks.picture import picture_problems
from benchmarks.tasks.table import Cell, table_problems
from benchmarks.tasks.task import UNRELATED, Task, contents, write

ROOT = Path(__file__).parents[2]
ALL = [*HARD, *PLAIN]
EACH = pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
LARGEST = 200_000
WANTED: list[list[Cell]] = [["Porto", 1234.5], ["Faro", 7]]
NUMBERS = (
    "duplicates sales despesas inventory server-errors longest-job receipt monthly-sales "
    "count-lines average-stars clients-lisbon"
).split()
"""Tasks that ask for a number in the answer."""


def prepared(task: Task, folder: Path) -> Path:
    """The task's folder."""
    folder.mkdir()
    task.prepare(folder)
    return folder


def test_forty_tasks_in_groups() -> None:
    assert len(TASKS) == 40
    assert len({task.name for task in ALL}) == 68
    assert {task.name for task in ALL} == {task.name for task in [*TASKS, *MORE]}
    assert Counter(task.group for task in TASKS) == {group: sum(counts) for group, counts in GROUPS.items()}


@EACH
def test_reference_solves_it(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    assert task.check(folder, task.reference(folder)) == []


@EACH
def test_nothing_done_does_not(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    assert task.check(folder, "")


@EACH
def test_claim_alone_does_not(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    assert task.check(folder, "The task is done: " + task.text)


@EACH
def test_plausible_wrong_result_does_not(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    assert task.check(folder, task.wrong(folder))


@EACH
def test_what_is_unrelated_stays(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    answer = task.reference(folder)
    write(folder, next(iter(UNRELATED)), "other")
    assert task.check(folder, answer) == [f"{next(iter(UNRELATED))}: was changed"]


@EACH
def test_folder_is_small_and_the_same_each_time(task: Task, tmp_path: Path) -> None:
    first = contents(prepared(task, tmp_path / "a"))
    assert first == contents(prepared(task, tmp_path / "b"))
    assert sum(map(len, first.values())) < LARGEST
    assert first.keys() >= UNRELATED.keys()


@EACH
def test_many_numbers_are_no_answer(task: Task, tmp_path: Path) -> None:
    folder = prepared(task, tmp_path / "a")
    answer = f"{task.reference(folder)}\n{' '.join(map(str, range(60_000, 60_001 + MANY)))}"
    assert any("numbers" in each for each in task.check(folder, answer)) == (task.name in NUMBERS)


@EACH
def test_text_is_neither_a_word_nor_a_book(task: Task) -> None:
    assert 80 < len(task.text) < 1000


@pytest.mark.parametrize(
    "answer", ["1234.5", "1,234.50 in all", "1.234,50 €", "1 234,5", "1'234.50", "It is 1.2345e3."]
)
def test_number_in_any_form(answer: str) -> None:
    assert number_problems(answer, 1234.5) == []


@pytest.mark.parametrize("answer", ["1235.5", "12345", "11234.5", "x1234.5", "-1234.5", "", "1.234.5"])
def test_other_number(answer: str) -> None:
    assert number_problems(answer, 1234.5)


def test_dates_and_names_are_no_numbers() -> None:
    assert numbers("2025-03-07 12:30 and 7/3/2025, K-12x of sales2").keys() <= {"12"}
    assert number_problems("12,15,18", 15) == []


def test_right_name_comes_first() -> None:
    names = ["Porto", "Faro", "Braga", "Beja"]
    assert name_problems("**Porto**, before Faro", "Porto", names) == []
    assert name_problems("Faro, before Porto", "Porto", names)
    assert name_problems("Porto, Faro, Braga, Beja", "Porto", names)
    assert name_problems("Portos", "Porto", names)


@pytest.mark.parametrize(
    "text",
    [
        "city,sum\nPorto,1234.50\nFaro,7\n",
        "Porto,1234.5\nFaro,7.00",
        'city;sum\r\n"Porto";1.234,50\r\n\r\nFaro; 7 \r\n',
        "city\tsum\nPorto\t1,234.5\nFaro\t7\n",
    ],
)
def test_table_in_any_form(text: str, tmp_path: Path) -> None:
    write(tmp_path, "a.csv", text)
    assert table_problems(tmp_path, "a.csv", WANTED) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "city,sum\nFaro,7\nPorto,1234.5\n",
        "city,sum\nPorto,1234.5\n",
        "city,sum\nPorto,1234.5\nFaro,8\n",
        "city,sum\nPorto,1234.5\nFaro,7\nFaro,7\n",
        ",city,sum\n0,Porto,1234.5\n1,Faro,7\n",
        "city,sum\nPorto,nan\nFaro,7\n",
    ],
)
def test_other_table(text: str, tmp_path: Path) -> None:
    write(tmp_path, "a.csv", text)
    assert table_problems(tmp_path, "a.csv", WANTED)


def test_utf16_of_powershell_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Porto,1234.5\nFaro,7\n", encoding="utf-16")
    assert table_problems(tmp_path, "a.csv", WANTED) == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("def f(): return 1", ""),
        ("def f(): return True", "f() gives True"),
        ("def f(): return 2", "f() gives 2"),
        ("def f(): raise KeyError", "KeyError"),
        ("import os; os._exit(0)", "did not end"),
        ("raise SystemExit", "did not end"),
        ("print('[]')\ndef f(: pass", "did not end"),
        ("while True: pass", "took more than"),
    ],
)
def test_hidden_tests_report(code: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.tasks.hidden.SECONDS", 2)
    write(tmp_path, "module.py", code)
    found = call_failures(tmp_path, "module", [("f()", "1")])
    assert problem in found[0] if problem else found == []


def test_hidden_tests_leave_nothing(tmp_path: Path) -> None:
    write(tmp_path, "module.py", "A = 1")
    assert failures(tmp_path, "import module\nwrong.append(module.A)") == ["1"]
    assert [path.name for path in tmp_path.iterdir()] == ["module.py"]


def test_blank_picture_is_none(tmp_path: Path) -> None:
    script = "from PIL import Image; Image.new('RGB', (640, 480), 'white').save('a.png')"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    write(tmp_path, "b.png", "no picture")
    assert picture_problems(tmp_path, "a.png") == ["a.png: 0.0% of it is drawn on"]
    assert picture_problems(tmp_path, "c.png") == ["c.png: is not there"]
    with pytest.raises(OSError, match=r"b\.png"):
        picture_problems(tmp_path, "b.png")


def test_scripts_beside_the_tasks_can_import_them(tmp_path: Path) -> None:
    script = tmp_path / "benchmarks" / "run.py"
    write(tmp_path, "benchmarks/run.py", "from benchmarks.tasks.catalog import TASKS\nprint(len(TASKS))\n")
    ran = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert ran.stdout.split() == ["40"], ran.stderr
