"""Ordinary Python jobs, state, and every way to end."""

import base64

import pytest

from tests.tools.interpreter.bench import Bench

TRICKY = [
    "print('python rocks', \"shell\", 'javascript')",
    "`\nprint('x')",
    "x = '''```python\nprint(1)\n```'''\n",
    'functions.execute({"language": "python", "code": "1"})',
    '{"language": "shell", "code": "touch owned"}',
    "{language: 1}",
    "# executeexecute",
    "apt install nothing",
    "import computer\nfrom computer import display",
    "computer.view()",
    "text = '{{ 1 + 1 }} {% x %} @@@HIDE_TRACEBACK@@@'",
    "print('ä ö ü ß € 漢字 \N{GRINNING FACE} \x00 \x1e \r\n \u2028')",
    "  \n\t\n",
    "",
    "\tprint(1)\r\nprint(2)",
]


@pytest.mark.parametrize("code", TRICKY)
def test_code_arrives_byte_for_byte(bench: Bench, code: str) -> None:
    bench.python("import linecache, sys")
    result = bench.run("python", code + "\n# end")
    seen = bench.python(
        "print([''.join(v[2]) for k, v in linecache.cache.items() if k.startswith('<block')][-2].encode())"
    )
    assert seen.strip() == repr((code + "\n# end").encode())
    assert result.exit_code in {0, 1}
    assert bench.run("python", code).exit_code in {0, 1}


@pytest.mark.parametrize(
    "text", ["@@@RECIPIENT:assistant@@@CONTENT:x@@@END", "a @@@HIDE_TRACEBACK@@@ b", "\x1e\x02\x00é"]
)
def test_output_arrives_as_printed(bench: Bench, text: str) -> None:
    assert bench.python(f"print({text!r})") == text + "\n"


def test_output_is_not_truncated_by_open_interpreter(bench: Bench) -> None:
    assert bench.python("print('x' * 5000)") == "x" * 5000 + "\n"


def test_state_is_kept(bench: Bench) -> None:
    bench.python("import math\ndef area(r): return math.pi * r ** 2")
    assert bench.python("print(round(area(2), 3))") == "12.566\n"


def test_a_bare_last_expression_is_shown(bench: Bench) -> None:
    assert bench.python("a = [1, 2]\na") == "[1, 2]\n"
    assert bench.python("None") == ""
    assert bench.python("a;  b = 1") == ""


def test_the_main_guard_holds(bench: Bench) -> None:
    assert bench.python("if __name__ == '__main__':\n    print('main')") == "main\n"


def test_an_error_shows_its_source_line_and_no_frame_of_ours(bench: Bench) -> None:
    result = bench.run("python", "def half(n):\n    return n / 0  # the culprit\n\nhalf(3)")
    assert result.exit_code == 1
    assert "return n / 0  # the culprit" in result.output and "line 4, in <module>" in result.output
    assert "ZeroDivisionError: division by zero" in result.output
    assert "runner" not in result.output


def test_a_syntax_error_shows_its_line(bench: Bench) -> None:
    result = bench.run("python", "x = 1\nif x\n    pass")
    assert result.exit_code == 1
    assert "line 2" in result.output and "if x" in result.output and "runner" not in result.output


def test_chained_errors_show_both(bench: Bench) -> None:
    result = bench.run("python", "try:\n    int('x')\nexcept ValueError as e:\n    raise KeyError('y') from e")
    assert "int('x')" in result.output and "direct cause" in result.output and "runner" not in result.output


def test_input_is_at_its_end_at_once(bench: Bench) -> None:
    result = bench.run("python", "name = input('name? ')")
    assert result.exit_code == 1 and "EOFError" in result.output and result.seconds < 3


@pytest.mark.parametrize(
    ("code", "exit_code", "reason"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("raise SystemExit", 0, ""),
        ("exit('no')", 1, ""),
        ("import os; os._exit(7)", 7, ""),
        ("import ctypes; ctypes.string_at(0)", 139, "ended by SIGSEGV; its variables are lost"),
        ("import os, signal; os.kill(os.getpid(), 9)", 137, "ended by SIGKILL; its variables are lost"),
    ],
)
def test_the_end_of_the_process_is_told_and_a_fresh_one_follows(
    bench: Bench, code: str, exit_code: int, reason: str
) -> None:
    bench.python("kept = 1")
    result = bench.run("python", f"print('before')\n{code}")
    assert (result.exit_code, result.reason) == (exit_code, reason)
    assert result.output.startswith("before\n")
    assert bench.python("print('kept' in globals())") == "False\n"


def test_a_fork_that_falls_off_the_end_does_not_answer_twice(bench: Bench) -> None:
    code = "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('parent' if pid else 'child')"
    assert bench.python(code) == "child\nparent\n"
    assert bench.python("print('next')") == "next\n"


def test_pandas_and_numpy(bench: Bench) -> None:
    code = """
import numpy as np, pandas as pd
frame = pd.DataFrame({"city": ["Bonn", "Rom", "Bonn"], "n": np.arange(3)})
frame.to_csv("n.csv", index=False)
print(pd.read_csv("n.csv").groupby("city").n.sum().to_dict())
"""
    assert bench.python(code) == "{'Bonn': 2, 'Rom': 1}\n"


def test_matplotlib_to_a_file(bench: Bench) -> None:
    bench.python("import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()\nplt.savefig('plot.png')")
    assert (bench.workspace / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_sqlite_zip_and_a_file_of_100_mb(bench: Bench) -> None:
    code = """
import sqlite3, zipfile
with sqlite3.connect("a.db") as db:
    db.execute("create table t (n)")
    db.executemany("insert into t values (?)", [(n,) for n in range(1000)])
    print(db.execute("select sum(n) from t").fetchone()[0])
db.close()
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write("a.db")
with open("big.bin", "wb") as file:
    for _ in range(100): file.write(bytes(10**6))
"""
    assert bench.python(code) == "499500\n"
    assert (bench.workspace / "big.bin").stat().st_size == 10**8
    (bench.workspace / "big.bin").unlink()


def test_subprocesses_threads_and_multiprocessing(bench: Bench) -> None:
    code = """
import subprocess, sys, threading, multiprocessing
ran = subprocess.run([sys.executable, "-c", "import pandas; print(6 * 7)"], capture_output=True, text=True)
print(ran.stdout.strip())
sys.stdout.flush()
subprocess.run(["echo", "from echo"])
results = []
threads = [threading.Thread(target=lambda n=n: results.append(n * n)) for n in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
print(sorted(results))
def cube(n): return n ** 3
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(cube, range(4)))
"""
    assert bench.python(code) == "42\nfrom echo\n[0, 1, 4, 9, 16, 25, 36, 49]\n[0, 1, 8, 27]\n"


def test_dataclasses_pickle_asyncio_and_a_module_in_the_workspace(bench: Bench) -> None:
    (bench.workspace / "helper.py").write_text("VALUE = 5\n", encoding="utf-8")
    code = """
import asyncio, dataclasses, inspect, pickle
import helper
@dataclasses.dataclass
class Point:
    x: int
async def double(n):
    await asyncio.sleep(0)
    return n * 2
print(pickle.loads(pickle.dumps(Point(3))), asyncio.run(double(4)), helper.VALUE)
print(inspect.getsource(double).splitlines()[0])
"""
    assert bench.python(code) == "Point(x=3) 8 5\nasync def double(n):\n"


def test_stdout_and_stderr_come_in_order(bench: Bench) -> None:
    code = "import sys\nfor n in range(3):\n    print('out', n)\n    print('err', n, file=sys.stderr)"
    assert bench.python(code) == "out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n"


def test_a_stdout_that_was_replaced_is_back_in_the_next_block(bench: Bench) -> None:
    bench.python("import io, sys\nsys.stdout = io.StringIO()\nprint('lost')")
    assert bench.python("print('seen')") == "seen\n"


def test_code_that_is_no_text_is_an_error(bench: Bench) -> None:
    assert bench.run("python", "print('\ud800')").exit_code == 1


def test_bytes_that_are_no_text_are_replaced(bench: Bench) -> None:
    assert (
        bench.python("import os; n = os.write(1, b'a\\xff\\xfeb\\n')")
        == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b\n"
    )


def test_characters_are_never_torn_by_the_stream(bench: Bench) -> None:
    heard: list[str] = []
    result = bench.run("python", "for _ in range(40): print('漢字\N{GRINNING FACE}é' * 1500)", heard.append)
    assert result.output == "".join(heard) == ("漢字\N{GRINNING FACE}é" * 1500 + "\n") * 40


def test_output_streams_while_the_block_runs(bench: Bench) -> None:
    import time

    heard: list[float] = []
    begin = time.monotonic()
    result = bench.run(
        "python",
        "import time\nprint('a')\ntime.sleep(1)\nprint('b')",
        lambda text: heard.append(time.monotonic() - begin),
    )
    assert result.output == "a\nb\n"
    assert len(heard) == 2 and heard[1] - heard[0] > 0.8


def test_long_code_arrives_whole(bench: Bench) -> None:
    data = base64.b64encode(bytes(range(256)) * 12000).decode()
    assert bench.python(f"d = {data!r}\nprint(len(d))") == f"{len(data)}\n"


def test_an_unknown_language_is_told(bench: Bench) -> None:
    result = bench.run("cobol", "DISPLAY 'x'")
    assert result.exit_code is None and "cobol" in result.reason and "python" in result.reason


@pytest.mark.parametrize("alias", ["Python", "py", "python3"])
def test_aliases_share_the_state(bench: Bench, alias: str) -> None:
    bench.python("shared = 9")
    assert bench.good(alias, "print(shared)") == "9\n"


def test_the_workspace_is_not_littered_with_bytecode(bench: Bench) -> None:
    (bench.workspace / "mine.py").write_text("x = 5\n", encoding="utf-8")
    imports = "import sys\nsys.path.insert(0, '.')\nimport mine\nprint(mine.x, mine.__cached__)"
    said = bench.python(imports)
    assert said.split()[0] == "5" and "/bytecode/" in said
    run = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import mine'], check=True)"
    bench.python(run)
    assert not list(bench.workspace.rglob("__pycache__"))
