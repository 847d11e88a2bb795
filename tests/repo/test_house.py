"""What a stranger reads is true: the help, the README, `.env.example`, the licence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from commander.chat.commands import COMMANDS
from config import settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/models.md",
    "docs/chat.md",
    "docs/mcp.md",
    "docs/completion.md",
    "docs/events.md",
    "docs/after-effects.md",
    "docs/security.md",
]
HEAVY = {
    "autogen_core",
    "autogen_agentchat",
    "autogen_ext",
    "interpreter",
    "openai",
    "ollama",
    "xllamacpp",
    "pandas",
    "numpy",
}
FOLDERS = r"(?:docs|scripts|tests|benchmarks|Modelfiles|config|tools|agents|teams|commander|\.ci)"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Our Python with these arguments, in the repository."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)


def text_files() -> dict[str, str]:
    """What is, or will be, in the repository, by its place."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    places = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout.splitlines()
    texts = {}
    for place in places:
        try:
            texts[place] = (ROOT / place).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return texts


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    done = python("-X", "importtime", "-m", "commander", option)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert imported & HEAVY == set()
    assert "commander" in imported


def test_help_is_complete() -> None:
    options = re.findall(r"(?<![\w-])--[a-z][a-z-]+", (ROOT / "commander/cli.py").read_text(encoding="utf-8"))
    shown = python("-m", "commander", "--help").stdout
    assert [option for option in options if option not in shown] == []


def test_env_example_is_what_the_settings_say() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert example == settings.example()
    for name, field in settings.Settings.model_fields.items():
        assert re.search(rf"^(# ?)?{name.upper()}=", example, re.MULTILINE)
        assert field.description
        assert field.description in example


def test_documents_name_files_that_are_there() -> None:
    named = {
        place
        for document in DOCUMENTS
        for place in re.findall(rf"(?<![\w./-])({FOLDERS}/[\w./-]*\w)", (ROOT / document).read_text(encoding="utf-8"))
    }
    assert [place for place in sorted(named) if not (ROOT / place).exists()] == []


def test_documents_name_options_that_are_there() -> None:
    shown = python("-m", "commander", "--help").stdout
    text = "\n".join((ROOT / document).read_text(encoding="utf-8") for document in DOCUMENTS)
    commands = re.findall(r"(?:-m commander|(?<![\w/.-])commander) (.*)", text)
    options = {option for command in commands for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", command)}
    assert [option for option in sorted(options) if option not in shown] == []


def test_the_chat_s_page_names_its_commands() -> None:
    text = (ROOT / "docs/chat.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`/{name}" not in text] == []
    named = set(re.findall(r"`/(\w+)", text))
    assert named <= set(COMMANDS)


def test_readme_has_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install uv" in readme
    assert 'uv run python -m commander "' in readme
    assert "uv run pytest" in readme


def test_ci_runs_what_the_readme_says() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert "uv run pytest" in lines
    assert "uv run python scripts/check" in lines


def test_licence() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n")
    assert "AGPL-3.0" in licence


def test_folders_of_programs_are_no_packages() -> None:
    assert [place for name in ("scripts", "tests", "benchmarks") for place in (ROOT / name).rglob("__init__.py")] == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only git knows what is in the repository")
def test_nothing_names_a_package_registry_or_its_own_making() -> None:
    words = re.compile(
        "|".join(["py" + r"pi\.org", "python" + "hosted", "co-authored" + "-by", "generated (by|with) [A-Z]"])
    )
    assert [place for place, text in text_files().items() if words.search(text)] == []
