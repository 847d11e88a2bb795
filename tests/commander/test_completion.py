"""Real shells complete with the printed scripts."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commander.cli import EPILOG
from commander.completion import FIRST, SECOND, SHELLS
from commander.sessions import shelf
from tests.commander.program import SCRIPT, run
from tests.repo.test_house import HEAVY
from tools.mcp import catalog

IDS = ("0a1b2c3d", "4e5f6a7b")
SHIPPED = {*catalog.raw(catalog.SHIPPED)}
BASH = """
eval "$(commander completion bash)"
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMPREPLY=()
  _python_argcomplete commander
  printf '%s\\n' "${COMPREPLY[@]}" ---
done
"""
FISH = """
commander completion fish | source
while read --line line
  complete -C "$line" | string replace -r '\\t.*' ''
  echo ---
end
"""
POWERSHELL = """
commander completion powershell | Out-String | Invoke-Expression
while ($null -ne ($line = [Console]::In.ReadLine())) {
  $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
  $found.CompletionMatches | ForEach-Object { $_.CompletionText }
  '---'
}
"""
DRIVERS = {
    "bash": ["bash", "--norc", "--noprofile", "-c", BASH],
    "fish": ["fish", "--no-config", "-c", FISH],
    "powershell": ["pwsh", "-NoProfile", "-NonInteractive", "-Command", POWERSHELL],
}
ZSH = r"""PS1=; autoload -Uz compinit && compinit -u -D && eval "$(commander completion zsh)"
told() { zle -I; print -r -- "<$BUFFER>"; BUFFER= }; zle -N told; bindkey '^X' told
zle-line-init() { print -n rea''dy }; zle -N zle-line-init
"""
"""Ctrl-X then prints what stands on the line."""
LINES: dict[str, set[str]] = {
    "commander ": {*FIRST},
    "commander se": {"serve", "sessions"},
    "commander verif": {"verify"},
    "commander --exec": {"--executor-model"},
    "commander --route ": {"strategy", "code", "hybrid", "tools"},
    "commander --route hy": {"hybrid"},
    "commander models ": {*SECOND["models"]},
    "commander --json sessions ": {*SECOND["sessions"]},
    "commander sessions show ": {*IDS},
    "commander sessions export 0": {IDS[0]},
    "commander sessions delete 0a1b2c3d ": {*IDS},
    "commander resume 4": {IDS[1]},
    "commander undo ": {*IDS},
    "commander diff 0": {IDS[0]},
    "commander mcp test ": {*SHIPPED, "clock"},
    "commander mcp on cl": {"clock"},
    "commander mcp remove ": {"clock"},
    "commander completion ": {*SHELLS},
    "commander --file ta": {"task.txt"},
    "commander --mcp sub/": {"sub/more.json"},
    "commander --workspace ": {"sub/"},
    "commander explain ta": {"task.txt"},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files, a user with sessions and a server, and the program on the path."""
    for name in ("sub/more.json", "task.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    if sys.platform != "win32":
        (tmp_path / "task\x1b[2J.txt").touch()
    for name in IDS:
        header = {"task": f"A task\x1b[2J\nof {name}", "workspace": str(tmp_path), "version": "1"}
        shelf.make(name, {**header, "typed": {}, "settings": {}})
    catalog.write({"clock": {"command": "clock"}})
    monkeypatch.setenv("PATH", os.pathsep.join([str(SCRIPT.parent), os.environ["PATH"]]))
    return tmp_path


def installed(shell: str) -> None:
    """Skip where the shell is not there."""
    if shutil.which(shell) is None or (sys.platform == "win32" and shell != "pwsh"):
        pytest.skip(f"{shell} is not installed")


@pytest.mark.parametrize("shell", DRIVERS)
def test_a_shell_completes(shell: str, place: Path) -> None:
    installed(DRIVERS[shell][0])
    typed = "".join(f"{line}\n" for line in LINES)
    done = subprocess.run(DRIVERS[shell], cwd=place, input=typed, capture_output=True, encoding="utf-8", timeout=120)
    *answers, rest = done.stdout.split("---\n")
    found = [{word.strip() for word in answer.splitlines()} - {""} for answer in answers]
    assert dict(zip(LINES, found, strict=True)) == LINES, done
    assert (rest, done.stderr) == ("", "")


def test_zsh_completes(place: Path) -> None:
    installed("zsh")
    lines = {line: line.rpartition(" ")[0] + " " + min(words) for line, words in LINES.items() if len(words) == 1}
    assert dict(zip(lines, zsh(place, list(lines)), strict=True)) == lines


def zsh(place: Path, lines: list[str]) -> Iterator[str]:
    """What each line becomes when Tab is pressed at its end, in a terminal."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(place)
        os.environ.update(TERM="xterm", COLUMNS="200")
        os.execvp("zsh", ["zsh", "-f", "-i"])
    try:
        os.write(terminal, ZSH.encode())
        awaited(terminal, "ready")
        for line in lines:
            os.write(terminal, f"{line}\t\x18".encode())
            yield awaited(terminal, r"<(commander[^>]*)>").strip()
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def awaited(terminal: int, pattern: str) -> str:
    """What the pattern's last group finds on the terminal."""
    shown, deadline = "", time.monotonic() + 60
    while not (match := re.search(pattern, shown)):
        assert time.monotonic() < deadline, shown
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
    return match[match.lastindex or 0]


def asked(place: Path, line: str, **environment: str) -> tuple[int, str]:
    """What the program answers to a script, and how it ends; nothing may be printed."""
    answer = place / "sub" / "answer"
    told = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(answer)}
    told |= {"_ARGCOMPLETE": "1", **environment}
    ran = run("--yes", "a task that must not be done", cwd=place, seconds=90, **told)
    assert (ran.out, ran.err) == ("", "")
    return ran.code, answer.read_text(encoding="utf-8") if answer.exists() else ""


def test_an_answer_is_all_that_comes_of_it(place: Path) -> None:
    assert asked(place, "commander mcp of", _ARGCOMPLETE_IFS="\n") == (0, "off ")
    assert asked(place, "commander --file nothing/", _ARGCOMPLETE_IFS="\n") == (1, "")
    assert asked(place, "commander mcp ", COMP_POINT="x") == (1, "")
    catalog.own_file().write_text("{", encoding="utf-8")
    assert set(asked(place, "commander mcp on ", _ARGCOMPLETE_IFS="\n")[1].split()) == SHIPPED
    assert asked(place, "commander mcp remove ") == (0, "")
    shutil.rmtree(shelf.place())
    assert asked(place, "commander resume ") == (0, "")


def test_fish_shows_the_tasks_of_sessions(place: Path) -> None:
    fish = {"_ARGCOMPLETE_SHELL": "fish", "_ARGCOMPLETE_DFS": "\t", "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
    assert asked(place, "commander resume 0", **fish) == (0, "0a1b2c3d\tA task[2J of 0a1b2c3d")


def test_powershell_is_told_where_the_next_word_begins() -> None:
    ran = run("completion", "powershell", cwd=Path.cwd())
    assert '$env:COMP_LINE = "$wordToComplete".PadRight($cursorPosition)\n' in ran.out


@pytest.mark.parametrize("line", ["commander ", "commander resume ", "commander mcp on "])
def test_it_is_quick(line: str, place: Path) -> None:
    told = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(place / "answer")}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "commander"],
        cwd=place,
        env={**os.environ, **told, "_ARGCOMPLETE": "3"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0 and "argcomplete" in imported
    assert imported & (HEAVY | ({"pydantic", "tools"} if line == "commander " else set())) == set()


@pytest.mark.parametrize("words", [["tcsh"], []])
def test_another_shell_is_one_line_and_exit_2(words: list[str], tmp_path: Path) -> None:
    ran = run("completion", *words, cwd=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "next: commander completion bash (or zsh, fish, powershell)" in ran.err


def test_the_commands_are_those_of_the_help() -> None:
    assert {*re.findall(r"^  commander (\w+)", EPILOG, re.MULTILINE)} == {*FIRST}
