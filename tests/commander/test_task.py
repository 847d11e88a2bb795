"""Tasks by the command line, from outside: exit code, output, files."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import folders
from tests.commander.program import run
from tools.embedded.scripted import Reply, model, scripted, twice
from tools.interpreter.jail import probe

WRITES = "```python\nopen('five.txt', 'w').write('1\\n2\\n3\\n4\\n5\\n')\nprint('The sum is 15.')\n```"
TASK = "Write the numbers 1 to 5 to five.txt, one per line, and tell me their sum"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_a_task_is_done_and_told(place: Path) -> None:
    with scripted(twice(WRITES)) as (url, engine):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err
    assert ran.out == "The sum is 15.\n"
    assert (place / "five.txt").read_text(encoding="utf-8") == "1\n2\n3\n4\n5\n"
    assert "+ five.txt" in ran.err
    assert "2 model calls" in ran.err
    assert len(engine.asks) == 2
    assert not [char for char in ran.out + ran.err if ord(char) < 32 and char != "\n"]


def test_json_is_one_event_a_line_and_nothing_else(place: Path) -> None:
    with scripted(twice(WRITES)) as (url, _):
        ran = run("--json", TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0
    kinds = ran.kinds()
    assert kinds[0] == "route" and kinds[-1] == "finished"
    assert {"phase", "delta", "call", "code", "output", "result", "review"} <= set(kinds)
    last = ran.events[-1]
    assert (last["exit_code"], last["verified"], last["added"], last["calls"]) == (0, True, ["five.txt"], 2)


def test_tries_that_failed_leave_nothing_and_the_run_says_what_is_missing(place: Path) -> None:
    (place / "kept.txt").write_text("kept", encoding="utf-8")
    wrong = [f"```python\nopen('junk{n}.txt', 'w').write('x')\nopen('kept.txt', 'w').write('x')\n```" for n in range(9)]
    with scripted(wrong) as (url, _):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert "five.txt was not written" in ran.err
    assert [path.name for path in place.iterdir()] == ["kept.txt"]
    assert (place / "kept.txt").read_text(encoding="utf-8") == "kept"


def test_what_the_task_leaves_alone_is_put_back_and_the_rest_counts(place: Path) -> None:
    for name in ("index.md", "archive/old.md"):
        (place / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "docs" / name).write_text("Acme", encoding="utf-8")
    everywhere = (
        "```python\nfrom pathlib import Path\nfor path in Path('docs').rglob('*.md'):\n    path.write_text({})\n"
        "print('Lumen it is')\n```"
    )
    programs = [everywhere.format(text) for text in ("'Lumen'", "path.read_text().replace('Acme', 'Lumen')")]
    with scripted(programs) as (url, engine):
        task = "In all .md files under docs, replace Acme by Lumen. Leave docs/archive as it is."
        ran = run(task, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err
    assert len(engine.asks) == 2
    assert (place / "docs" / "index.md").read_text(encoding="utf-8") == "Lumen"
    assert (place / "docs" / "archive" / "old.md").read_text(encoding="utf-8") == "Acme"
    assert "put back, since the task leaves it alone: docs/archive/old.md" in ran.err


def test_a_question_is_answered_by_the_commander_alone(place: Path) -> None:
    with scripted(["A hash table maps keys to values."]) as (url, engine):
        ran = run("Explain what a hash table is", cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0
    assert ran.out == "A hash table maps keys to values.\n"
    assert "answered, not verified" in ran.err
    assert len(engine.asks) == 1


def test_an_answer_that_was_cut_off_is_not_done(place: Path) -> None:
    with scripted([Reply("A hash table is", reason="length")]) as (url, _):
        ran = run("Explain what a hash table is", cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert "cut off" in ran.err


def test_a_terminal_without_the_signs_for_lines_is_readable(place: Path) -> None:
    with scripted(twice("```python\nprint('Olá │')\n```")) as (url, _):
        ran = run("Compute the sum of 1 to 10", cwd=place, OLLAMA_BASE_URL=url, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.out.strip()) == (0, "Ol\\xe1 |"), ran.err
    assert "  ` exit 0" in ran.err


@pytest.mark.parametrize("way", ["-", "--file"])
def test_the_task_comes_from_elsewhere(place: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "task.txt").write_text(TASK, encoding="utf-8")
    arguments = ["-"] if way == "-" else ["--file", str(tmp_path / "task.txt")]
    with scripted(twice(WRITES)) as (url, _):
        ran = run(*arguments, cwd=place, stdin=TASK if way == "-" else "", OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ([], {}, "no task is given"),
        (["--workspace", "missing", "x"], {}, "is not a folder"),
        (["--file", "missing.txt"], {}, "cannot be read"),
        (["x"], {"COMMANDER_MAX_TURNS": "none"}, "COMMANDER_MAX_TURNS"),
        (["x"], {"OLLAMA_BASE_URL": "http://"}, "not a web address"),
        (["--workspace", str(folders.ROOT), "x"], {}, str(folders.ROOT)),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    place: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    ran = run(*arguments, cwd=place, seconds=90, **environment)
    assert ran.code == 2
    last = ran.err.splitlines()[-1]
    assert last.startswith("commander: ") and said in last and "; next: " in last


def test_what_is_missing_is_one_line_and_exit_3(place: Path) -> None:
    silent = run("x", cwd=place, OLLAMA_BASE_URL="http://127.0.0.1:9")
    assert silent.code == 3
    assert "no Ollama answers" in silent.err and "next: ollama serve" in silent.err
    with scripted([]) as (url, _):
        unknown = run("x", cwd=place, OLLAMA_BASE_URL=url, DEFAULT_MODEL="nobody")
    assert unknown.code == 3
    assert "next: ollama pull nobody" in unknown.err
    with scripted([], model(show={"template": "{{ .Prompt }}", "modelfile": ""})) as (url, _):
        bare = run("x", cwd=place, OLLAMA_BASE_URL=url)
    assert bare.code == 3
    assert "no chat template" in bare.err


def test_a_litellm_prefix_is_dropped_with_a_warning(place: Path) -> None:
    with scripted(twice(WRITES)) as (url, _):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url, DEFAULT_MODEL="ollama/scripted")
    assert ran.code == 0
    assert "the prefix is not part of the name" in ran.err


PLANTED = ("csv.py", "rich.py", "httpx.py", "pathlib.py", "fnmatch.py", "argparse.py", "config/__init__.py")


def plant(place: Path, *names: str) -> Path:
    """Modules that tell when they are imported, by a file that is handed back."""
    told = place.with_name("imported")
    for name in names:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(f"open({str(told)!r}, 'a').write(__file__)\n1/0\n", encoding="utf-8")
    return told


def test_what_lies_in_the_workspace_is_never_imported_nor_read_as_settings(place: Path) -> None:
    told = plant(place, *PLANTED, "commander/__init__.py", "sitecustomize.py")
    (place / ".env").write_text("OLLAMA_BASE_URL=http://127.0.0.1:9\n", encoding="utf-8")
    with scripted(twice(WRITES)) as (url, _):
        ran = run(TASK, "--base-url", url, cwd=place)
    assert ran.code == 0, ran.err
    assert not told.exists()


def test_nor_is_it_when_python_is_asked_for_the_module(place: Path) -> None:
    told = plant(place, *PLANTED, "commander/__init__.py", "commander/__main__.py")
    ran = subprocess.run(
        [sys.executable, "-m", "commander", "--version"], cwd=place, capture_output=True, encoding="utf-8", timeout=30
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not told.exists()


def test_without_a_terminal_what_must_be_asked_is_refused_told_and_named(place: Path) -> None:
    with scripted([WRITES] * 9) as (url, engine):
        ran = run("--ask", TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert "there is no terminal" in ran.err and "refused: " in ran.err
    assert not list(place.iterdir())
    assert any("refused to run it" in str(ask.messages) for ask in engine.asks[1:])


def test_time_and_turns_are_limited(place: Path) -> None:
    with scripted([Reply("```python\n", fault="hang", after=2)]) as (url, _):
        timed = run("--timeout", "6", TASK, cwd=place, OLLAMA_BASE_URL=url, seconds=40)
    assert timed.code == 1
    assert "time limit of 6 s" in timed.err
    with scripted(["no code here"] * 9) as (url, engine):
        ran = run("--max-turns", "2", TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert "limit of turns" in ran.err
    assert len(engine.asks) == 2


def test_a_server_that_dies_half_way_is_told_and_exit_3(place: Path) -> None:
    with scripted([Reply(WRITES, fault="die", after=3)] * 3) as (url, _):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 3
    assert "; next: " in ran.err.splitlines()[-1]


def test_from_the_checkout_the_workspace_is_its_folder_work(tmp_path: Path) -> None:
    made = not (folders.ROOT / "work").exists()
    try:
        with scripted(["A hash table maps keys to values."]) as (url, _):
            ran = run("Explain what a hash table is", cwd=folders.ROOT, OLLAMA_BASE_URL=url)
        assert ran.code == 0, ran.err
        assert f"workspace {folders.ROOT / 'work'}" in ran.err
    finally:
        if made:
            shutil.rmtree(folders.ROOT / "work", ignore_errors=True)


def test_a_plan_is_made_done_step_by_step_and_reported(place: Path) -> None:
    def says(messages: list[dict[str, Any]]) -> str:
        last, nth = messages[-1]["content"], len(engine.asks)
        if "Reply as JSON" in last:
            return '{"steps": ["Write 1 to 3 to a.txt", "Write the sum of a.txt to b.txt"]}'
        if "# What was done" in last:
            return "a.txt holds 1 to 3 and b.txt their sum, 6."
        if "The step to do now, and no other\nWrite 1 to 3" in last:
            return f"```python\nopen('a.txt', 'w').write('1\\n2\\n3\\n')\nprint('wrote a.txt')  # {nth}\n```"
        assert "a.txt: 6 bytes" in last, last
        sums = "open('b.txt', 'w').write(str(sum(map(int, open('a.txt')))))"
        return f"```python\n{sums}\nprint('wrote b.txt')  # {nth}\n```"

    with scripted(says) as (url, engine):
        ran = run("--route", "hybrid", "Make a.txt, then b.txt", cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err
    assert ran.out == "a.txt holds 1 to 3 and b.txt their sum, 6.\n"
    assert "1. Write 1 to 3 to a.txt" in ran.err and "2. Write the sum of a.txt to b.txt" in ran.err
    assert (place / "b.txt").read_text(encoding="utf-8") == "6"
    assert len(engine.asks) == 6
    heads = {str(ask.messages[0]) for ask in engine.asks}
    assert len(heads) == 1, "both roles share the head"


def test_when_programs_fail_the_commander_is_asked_once_if_its_model_is_another(place: Path) -> None:
    def says(messages: list[dict[str, Any]]) -> str:
        last = messages[-1]["content"]
        if "# What the Executor tried" in last:
            return "It must write the file with open()."
        return (
            WRITES.replace("\nopen", f"\n# {len(engine.asks)}\nopen")
            if "# Advice of the Commander" in last
            else f"```python\nraise ValueError({len(engine.asks)})\n```"
        )

    with scripted(says, model("brain"), model("hand")) as (url, engine):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url, DEFAULT_MODEL="brain", EXECUTOR_MODEL="hand")
    assert ran.code == 0, ran.err
    assert len(engine.asks) == 6
    assert ran.out == "The sum is 15.\n"
    with scripted(says) as (url, engine):
        ran = run(TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert not any("# What the Executor tried" in str(ask.messages) for ask in engine.asks)


def test_without_a_terminal_a_plan_that_must_be_asked_for_is_refused(place: Path) -> None:
    with scripted(['{"steps": ["Write five.txt"]}'] * 2) as (url, engine):
        ran = run("--plan", TASK, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 1
    assert "refused: the plan: it would have to be asked for, and there is no terminal" in ran.err
    assert len(engine.asks) == 1


@pytest.mark.parametrize("option", [["--network"], []])
def test_the_network_is_open_only_where_it_was_asked_for(place: Path, option: list[str]) -> None:
    if reason := probe():
        pytest.skip(reason)
    with scripted([]) as (page, _):
        fetch = f"import urllib.request as r\nprint(r.urlopen('{page}/api/version', timeout=5).read())"
        with scripted([f"```python\n{fetch}\n```", *(f"```python\n{fetch}  # {n}\n```" for n in range(9))]) as (url, _):
            ran = run(*option, "--route", "code", "Print the version of the server", cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == (0 if option else 1), ran.err
    assert ("version" in ran.out) == bool(option)
    assert ("the network is open" in ran.err) == bool(option)


def test_what_keeps_settings_or_the_server_from_being_read_is_one_line(place: Path) -> None:
    far = run("--base-url", "http://192.0.2.1:11434", TASK, cwd=place, ALL_PROXY="socks5://127.0.0.1:9")
    assert (far.code, far.err.strip().count("Traceback")) == (3, 0)
    assert "SOCKS" in far.err and "next: unset ALL_PROXY" in far.err


def test_what_functions_share_is_cut_out_without_the_model(place: Path) -> None:
    loop = "    total = 0\n    for line in lines:\n        total += line * 2\n"
    module = "".join(f"def {name}(lines):\n{loop}    return total + {n}\n\n\n" for n, name in enumerate(("one", "two")))
    (place / "sums.py").write_text(module, encoding="utf-8")
    test = "from sums import one, two\n\ndef test_sums():\n    assert (one([1, 2]), two([1, 2])) == (6, 7)\n"
    (place / "test_sums.py").write_text(test, encoding="utf-8")
    with scripted([]) as (url, engine):
        task = "one and two in sums.py contain the same loop: move it into a new function. test_sums.py passes."
        ran = run(task, cwd=place, OLLAMA_BASE_URL=url)
    assert ran.code == 0, ran.err
    assert engine.asks == []
    assert "cut out of them by rope" in ran.err
    assert (place / "sums.py").read_text(encoding="utf-8").count("for line in lines:") == 1
