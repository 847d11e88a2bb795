"""Shell: real exit codes, carried state, and nothing that can hang or corrupt it."""

import pytest

from tests.tools.interpreter.bench import Bench


def test_folder_variables_and_functions_are_carried(bench: Bench) -> None:
    bench.shell("mkdir -p 'a b'; cd 'a b'; export NAME='x\ny'; plain=1; list=(1 '2 3'); greet() { echo \"hi $1\"; }")
    assert (
        bench.shell('basename "$PWD"; echo "$NAME"; echo $plain "${list[1]}"; greet you')
        == "a b\nx\ny\n1 2 3\nhi you\n"
    )
    assert bench.shell("cd ..; python -c 'import os; print(os.environ[\"NAME\"])'") == "x\ny\n"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("exit 4", 4),
        ("false", 1),
        ("set -e\nfalse\necho never", 1),
        ("set -eu -o pipefail\necho $nothing", 1),
        ("no-such-command", 127),
        ("echo 'open", 2),
        ("cat <<EOF\nno end", 0),
        ("if true; then", 2),
        ("kill -9 $$", 137),
        ("exec sh -c 'exit 6'", 6),
        ("trap 'echo mine' EXIT; exit 5", 5),
        ("return 3", 3),
        ("cd /no/such/folder", 1),
        ("read -r line", 1),
        ("", 0),
    ],
)
def test_each_end_has_its_code_and_harms_no_state(bench: Bench, code: str, exit_code: int) -> None:
    bench.shell("mark=kept")
    result = bench.run("shell", code)
    assert result.exit_code == exit_code, result
    assert "never" not in result.output
    assert result.seconds < 3
    assert bench.shell("set +e; echo $mark") == "kept\n"


def test_heredocs_quotes_and_backslashes_come_through(bench: Bench) -> None:
    code = "cat > doc.txt <<'EOF'\n$HOME `x` \\n \"q\" {{ a }}\n\tünï\nEOF\ncat doc.txt"
    assert bench.shell(code) == '$HOME `x` \\n "q" {{ a }}\n\tünï\n'


def test_apt_install_is_a_command_like_any_other(bench: Bench) -> None:
    result = bench.run("shell", "apt install no-such-package-here")
    assert result.exit_code not in {0, None} and "installed successfully" not in result.output


def test_tracing_does_not_show_our_own_lines(bench: Bench) -> None:
    output = bench.shell("set -x\necho 1")
    assert "echo 1" in output and "__save" not in output and "compgen" not in output


def test_an_error_names_the_line(bench: Bench) -> None:
    assert "line 2: nope: command not found" in bench.run("shell", "true\nnope").output


def test_python_of_the_box_is_first_on_the_path(bench: Bench) -> None:
    assert bench.shell("python -c 'import pandas; print(1)'") == "1\n"


def test_node_leaves_the_output_of_others_whole(bench: Bench) -> None:
    if "javascript" not in bench.box.languages:
        pytest.skip("no node here")
    code = "node -e 'console.log(1)'; python -c 'for n in range(20000): print(\"x\" * 40)'"
    assert len(bench.shell(code)) == 2 + 41 * 20000


def test_a_grandchild_that_holds_stdout_does_not_hold_the_block(bench: Bench) -> None:
    result = bench.run("shell", "(sleep 30; echo late) &\necho now")
    assert (result.exit_code, result.output) == (0, "now\n")
    assert result.seconds < 3
    result = bench.run("python", "import subprocess; p = subprocess.Popen(['sleep', '30']); print('now')")
    assert (result.exit_code, result.output) == (0, "now\n")
    assert result.seconds < 3


def test_a_server_in_the_background_serves_the_next_block(bench: Bench) -> None:
    bench.shell("echo hello > index.html; python -u -m http.server 8765 --bind 127.0.0.1 &\nsleep 1")
    code = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8765/index.html').read())"
    assert "b'hello\\n'" in bench.python(code)
