"""A file that is written is checked by what the task and the folder say of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.checks import expected
from agents.program import saving, useful
from tools.workspace import Workspace

MODULE = '''
def double(x):
    """Twice.

    >>> double(2)
    4
    """
    return {}
'''
RIGHT, WRONG = MODULE.format("x * 2"), MODULE.format("x + x + x")
UNITTEST = """
import unittest
from numbers_ import double

class Tests(unittest.TestCase):
    def test_double(self):
        self.assertEqual(double(3), 6)
"""
PYTEST = "from numbers_ import double\n\ndef test_double():\n    assert double(3) == 6\n"


def saved(folder: Path, task: str, text: str) -> subprocess.CompletedProcess[str]:
    """What the program that saves `text` for `task` says."""
    program = saving(expected(task, Workspace(folder)), text)
    return subprocess.run([sys.executable, "-c", program.code], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    "task",
    [
        "Write numbers_.py with a function double; double(5) should give 10",
        "Write numbers_.py with this function:\n```python\ndef double(x):\n    '''>>> double(2)\n    4\n    '''\n```",
        "Escreve numbers_.py com a função double: double(2.5) == 5.0 e double(0) deve devolver 0",
    ],
)
def test_examples_of_the_task_decide(tmp_path: Path, task: str) -> None:
    assert saved(tmp_path, task, RIGHT).returncode == 0
    bad = saved(tmp_path, task, WRONG)
    assert bad.returncode == 1
    assert "should give" in bad.stdout


def test_examples_of_the_docstrings_that_were_there_decide(tmp_path: Path) -> None:
    place = Path(tmp_path, "numbers_.py")
    place.write_text(WRONG, encoding="utf-8")
    assert saved(tmp_path, "Fix numbers_.py", "def double(x):\n    return 2 * x\n").returncode == 0
    place.write_text(WRONG, encoding="utf-8")
    assert "double(2) gives 6, should give 4" in saved(tmp_path, "Fix numbers_.py", WRONG).stdout


def test_what_a_call_gives_by_mistake_must_change(tmp_path: Path) -> None:
    Path(tmp_path, "numbers_.py").write_text(WRONG.replace(">>> double(2)\n    4\n", ""), encoding="utf-8")
    task = "double(7) gives 21. Fix numbers_.py."
    assert saved(tmp_path, task, RIGHT).returncode == 0
    assert "which is the mistake" in saved(tmp_path, task, WRONG).stdout


def test_an_example_may_import_from_the_workspace_when_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "factor.py").write_text("TWO = 2\n", encoding="utf-8")
    told = "def double(x):\n    from factor import TWO\n\n    return TWO * x\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "numbers_.py").write_text("def double(x):\n    return x\n", encoding="utf-8")
    checked = saved(tmp_path, "Fix sub/numbers_.py: double(2) should give 4", told)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_function_that_ends_the_program_holds_no_example(tmp_path: Path) -> None:
    ended = saved(tmp_path, "Write numbers_.py: double(2) == 4", MODULE.format("exit(0)"))
    assert ended.returncode == 1
    assert "double(2) gives SystemExit(0), should give 4" in ended.stdout


def test_an_example_that_does_not_end_is_told_soon(tmp_path: Path) -> None:
    endless = saved(
        tmp_path, "Write numbers_.py: double(2) == 4", RIGHT.replace("return", "while x:\n        pass\n    return")
    )
    assert endless.returncode == 1
    assert "double(2) does not end within 10 s" in endless.stdout
    assert "Traceback" not in endless.stderr


def test_what_a_user_is_shown_to_allow_is_the_text_and_one_command(tmp_path: Path) -> None:
    code = saving(expected("Write numbers_.py: double(2) == 4", Workspace(tmp_path)), RIGHT).code
    assert f"path.write_text(r'''{RIGHT}'''" in code
    assert code.count("subprocess.call(") == 1
    assert len(code.removeprefix(RIGHT).splitlines()) < 25


ROOM = '''
import re


def room(text):
    """The number of a room such as `B12`; anything else raises ValueError.

    >>> room("B12")
    12
    """
    found = re.{}(r"[A-C]([0-9]+)", text)
    {}
    return int(found.group(1))
'''
CARE = "if not found:\n        raise ValueError(text)"


def test_what_is_of_another_form_must_be_refused_where_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "rooms.py").write_text(ROOM.format("search", "pass"), encoding="utf-8")
    task = "Fix rooms.py: it takes what is no room."
    assert 'room("B12§") gives 12, should raise ValueError' in saved(tmp_path, task, ROOM.format("match", CARE)).stdout
    assert 'room("B12§") gives AttributeError' in saved(tmp_path, task, ROOM.format("fullmatch", "pass")).stdout
    assert saved(tmp_path, task, ROOM.format("fullmatch", CARE)).returncode == 0
    (tmp_path / "rooms.py").write_text(
        ROOM.format("search", "pass").replace("; anything else", ", or"), encoding="utf-8"
    )
    assert saved(tmp_path, task, ROOM.format("match", CARE)).returncode == 0


def test_a_function_that_is_missing_fails(tmp_path: Path) -> None:
    bad = saved(tmp_path, "Write numbers_.py with a function triple: triple(1) == 3", RIGHT)
    assert "triple" in bad.stdout
    assert bad.returncode == 1


@pytest.mark.parametrize("tests", [UNITTEST, PYTEST])
@pytest.mark.parametrize("place", ["test_numbers_.py", "tests/test_numbers_.py"])
def test_the_tests_beside_a_module_are_run(tmp_path: Path, tests: str, place: str) -> None:
    Path(tmp_path, place).parent.mkdir(exist_ok=True)
    Path(tmp_path, place).write_text(tests, encoding="utf-8")
    Path(tmp_path, "numbers_.py").write_text(WRONG, encoding="utf-8")
    plain = RIGHT.replace(">>> double(2)\n    4\n", "")
    assert saved(tmp_path, "Fix numbers_.py", plain).returncode == 0
    assert saved(tmp_path, "Fix numbers_.py", plain.replace("x * 2", "x")).returncode == 1


def test_a_module_of_a_package_is_imported_by_its_full_name(tmp_path: Path) -> None:
    for name, text in {"pkg/__init__.py": "", "pkg/other.py": "N = 2\n", "pkg/mod.py": "def f(x):\n    pass\n"}.items():
        Path(tmp_path, name).parent.mkdir(exist_ok=True)
        Path(tmp_path, name).write_text(text, encoding="utf-8")
    task = "Fix pkg/mod.py: f(2) should give 4"
    assert saved(tmp_path, task, "from .other import N\n\ndef f(x):\n    return x * N\n").returncode == 0


def test_frames_of_the_written_file_are_told(tmp_path: Path) -> None:
    bad = saved(tmp_path, "Write deep.py", "import json\n\n\ndef broken():\n    json.loads('{')\n\n\nbroken()\n")
    told = useful(bad.stderr)
    assert "json.loads('{')" in told
    assert "decoder.py" not in told


USAGE = "import sys\n\nif len(sys.argv) < 2:\n    sys.exit('Usage: a.py FILE')\n"
PARSER = "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('a')\nparser.parse_args()\n"
SERVER = "import http.server as h\n\nh.HTTPServer(('127.0.0.1', 0), h.BaseHTTPRequestHandler).serve_forever()\n"
MAIN = "\n\nif __name__ == '__main__':\n    import sys\n\n    print(double(int(sys.argv[1])))\n"


@pytest.mark.parametrize(
    ("text", "says", "right"),
    [
        (USAGE, "wants arguments or input", True),
        (PARSER, "wants", True),
        ("import sys\n\nprint(sys.argv[1])\n", "wants", True),
        ("name = input('Name? ')\n", "wants", True),
        (SERVER, "was started, and stopped", True),
        ("import sys\n\nprint([1][2], sys.path)\n", "IndexError", False),
        ("import sys\n\nwords = sys.argv[1:]\nprint(words[0])\n", "IndexError", False),
        ("import sys\n\nsys.argv\nraise ValueError('broken')\n", "ValueError", False),
        (SERVER.replace(" 0)", " -5)"), "Error", False),
    ],
)
def test_a_program_that_wants_arguments_or_serves_for_ever_has_not_failed(
    tmp_path: Path, text: str, says: str, right: bool
) -> None:
    ended = saved(tmp_path, "Write a.py", text)
    assert says in ended.stdout + ended.stderr
    assert (ended.returncode == 0) == right


def test_the_examples_of_a_program_that_wants_arguments_decide(tmp_path: Path) -> None:
    assert saved(tmp_path, "Write a.py: double(2) == 4", RIGHT + MAIN).returncode == 0
    assert "should give 4" in saved(tmp_path, "Write a.py: double(2) == 4", WRONG + MAIN).stdout
