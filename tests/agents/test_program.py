"""From a reply to the block that runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.checks import expected
from agents.expectation import Expectation, expectation
from agents.ledger import Try
from agents.program import chosen_program, form, program_tail, saving
from tools.interpreter.box import BlockResult
from tools.snapshot import Changes
from tools.workspace import Workspace


def test_blocks_of_the_wanted_language_are_one_program() -> None:
    reply = "First:\n```python\na = 1\n```\nthen\n```bash\nls\n```\n```python\nprint(a)\n```\n"
    found = chosen_program(reply, Expectation())
    assert found is not None
    assert found.code.split() == ["a", "=", "1", "print(a)"]


def test_another_language_runs_when_the_wanted_one_is_missing() -> None:
    found = chosen_program("```bash\nls -l\n```\n", Expectation())
    assert found is not None
    assert found.language == "shell"


def test_no_block_is_no_program() -> None:
    assert chosen_program("I would list the files.", Expectation()) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a script for bash")
def test_a_script_among_several_files_is_written_and_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    expects = expectation(
        "Write a bash script pack.sh that packs the .txt files into all.tar.gz, and run it.", ["a.txt"]
    )
    found = chosen_program("```bash\ntar -czf all.tar.gz *.txt\necho packed\n```", expects)
    assert found is not None
    ran = subprocess.run([sys.executable, "-c", found.code], cwd=tmp_path, check=True, capture_output=True)
    assert ran.stdout.split() == [b"wrote", b"pack.sh", b"packed"]
    assert "tar" in (tmp_path / "pack.sh").read_text(encoding="utf-8") and (tmp_path / "all.tar.gz").exists()
    writes = "```bash\nprintf 'tar -czf all.tar.gz *.txt' > pack.sh; bash pack.sh\n```"
    itself = chosen_program(writes, expects)
    assert itself is not None and itself.language == "shell"


@pytest.mark.parametrize(
    "text", ["x = 'a'\n", 'doc = """quoted"""\n', "back\\slash\\", 'ends with "', "win\r\nends\r\n", "ü {{x}} `y`\n"]
)
def test_saving_writes_byte_for_byte(text: str, tmp_path: Path) -> None:
    program = saving(Expectation(file="sub/file.txt"), text)
    subprocess.run([sys.executable, "-c", program.code], cwd=tmp_path, check=True, capture_output=True)
    written = (tmp_path / "sub" / "file.txt").read_bytes().decode()
    assert written.replace("\r\n", "\n").rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")


def test_saved_python_is_run_and_its_failure_is_told(tmp_path: Path) -> None:
    good, bad = (
        subprocess.run(
            [sys.executable, "-c", saving(Expectation(file=name), text).code], cwd=tmp_path, capture_output=True
        )
        for name, text in (("a.py", "print('hi')"), ("b.py", "1 / 0"))
    )
    assert good.returncode == 0
    assert b"hi" in good.stdout
    assert bad.returncode == 1
    assert b"ZeroDivisionError" in bad.stderr


def test_on_windows_the_shell_is_powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    task = expectation("With a shell command, count the .py files", ["a.py"])
    assert "```shell" in program_tail(task, [])
    monkeypatch.setattr("agents.program.SHELL", "PowerShell")
    assert "complete PowerShell program" in program_tail(task, [])
    assert "```PowerShell" in program_tail(task, [])


@pytest.mark.parametrize(
    ("tries", "corrects"),
    [("", False), ("-", True), ("--", False), ("---", True), ("+", False), ("+-", True), ("+--", False), ("-+-", True)],
)
def test_a_program_that_failed_is_corrected_once(tries: str, corrects: bool) -> None:
    ran = BlockResult(0, "", 0.1)
    made = [
        Try("python", f"print({number})", ran, Changes(), () if each == "+" else ("There are 6 rows.",))
        for number, each in enumerate(tries)
    ]
    tail = program_tail(expectation("Write a.csv with 3 rows", []), made)
    assert (f"```python\nprint({len(tries) - 1})\n```" in tail) == corrects


@pytest.mark.parametrize(
    ("data", "shows"),
    [
        ("def f():\n    return 'é'\n".encode("utf-8-sig"), "utf-8-sig"),
        ("# coding: latin-1\ndef f():\n    return 'é'\n".encode("latin-1"), "latin-1"),
        ("def f():\n    return 'é'\n".encode("latin-1"), "utf-8"),
        ("def f():\n    return 'é'\n".encode(), "utf-8"),
    ],
)
def test_a_file_is_saved_in_the_encoding_that_it_has(tmp_path: Path, data: bytes, shows: str) -> None:
    (tmp_path / "a.py").write_bytes(data)
    expects = expected("Fix the function f in a.py", Workspace(tmp_path))
    assert (expects.file, form(expects, 0)) == ("a.py", "change")
    program = chosen_program("```python\ndef f():\n    return 'ó'\n```", expects)
    assert program is not None
    done = subprocess.run(
        [sys.executable, "-c", program.code.split("\nimport subprocess")[0]], cwd=tmp_path, check=True
    )
    assert done.returncode == 0
    assert (tmp_path / "a.py").read_bytes() == expects.source.replace("é", "ó").encode(shows)


def test_a_file_that_does_not_parse_is_asked_for_whole_and_a_huge_one_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(:\n    return 1\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("x = 1\n" * 100_000, encoding="utf-8")
    assert form(expected("Fix the syntax error in a.py", Workspace(tmp_path)), 0) == "file"
    assert expected("Fix the function f in b.py", Workspace(tmp_path)).file == ""


def test_what_the_user_wrote_stays_where_a_function_is_put_into_the_file(tmp_path: Path) -> None:
    own = 'def is_text(path):\n    return path.suffix == "txt"  # never true\n'
    (tmp_path / "a.py").write_text(f"{own}\n\ndef total(amounts):\n    return 0\n", encoding="utf-8")
    expects = expected("Fix the function total in a.py", Workspace(tmp_path))
    reply = "```python\ndef total(amounts):\n    print(amounts[0].suffix == 'csv')\n    return sum(amount)\n```"
    program = chosen_program(reply, expects)
    assert program is not None and own in program.text
    assert "amounts[0].suffix == '.csv'" in program.text and "sum(amounts)" in program.text
