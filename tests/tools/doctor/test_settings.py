"""Mistakes in `.env` files and in the environment, each made for real."""

from pathlib import Path

import pytest

from tools.doctor.check import Check
from tools.doctor.settings import files, ignored, masked, models, origins, read


def looked(folder: Path, text: str | bytes) -> list[Check]:
    """What is said of a `.env` that holds this."""
    place = folder / ".env"
    place.write_bytes(text.encode() if isinstance(text, str) else text)
    return [*files([folder / "missing" / ".env", place])]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("DEFAULT_MODLE=a", "name it DEFAULT_MODEL in"),
        ("default_models=a", "name it DEFAULT_MODEL in"),
        ("EXECUTER_MODEL=a", "name it EXECUTOR_MODEL in"),
        ("COMMANDER_TIME_OUT=3", "name it COMMANDER_TIMEOUT in"),
        ("api_base=http://localhost:11434", "name it OLLAMA_BASE_URL in"),
        ("OPENAI_API_BASE=http://localhost:11434/v1", "name it OLLAMA_BASE_URL in"),
        ("OLLAMA_HOST=0.0.0.0:11500", "name it OLLAMA_BASE_URL in"),
        ("OLLAMA_MODEL=a", "name it DEFAULT_MODEL in"),
        ("OLLAMA_KEEP_ALIVE=1h", "it is a setting of the server: OLLAMA_KEEP_ALIVE=... ollama serve"),
        ("HF_TOKEN=secret", "take it out of"),
    ],
)
def test_a_name_that_is_not_known(line: str, advice: str, tmp_path: Path) -> None:
    (found,) = looked(tmp_path, f"# mine\n{line}\n")
    assert (found.name, found.state) == (".env", "warning")
    assert found.seen == f"{tmp_path / '.env'}: {line.partition('=')[0]} is no setting of the program and is not read"
    assert found.next.startswith(advice)
    assert "secret" not in str(found)


def test_what_is_right_is_ok(tmp_path: Path) -> None:
    text = "\ufeffexport DEFAULT_MODEL='a b'\n\n# COMMANDER_TIMEOUT=\nexecutor_model = x # the hand\n"
    assert looked(tmp_path, text) == [Check(".env", "ok", f"{tmp_path / '.env'}: DEFAULT_MODEL, executor_model")]
    assert looked(tmp_path, "") == [Check(".env", "ok", f"{tmp_path / '.env'}: sets nothing")]


def test_lines_that_cannot_be_read_and_names_that_come_twice(tmp_path: Path) -> None:
    found = looked(tmp_path, "DEFAULT_MODEL=a\nmy password\nEXECUTOR_MODEL='b\nDEFAULT_MODEL=c\n")
    assert [check.state for check in found] == ["warning", "warning", "warning", "ok"]
    assert [f".env:{line} is no NAME=value" in check.seen for line, check in zip((2, 3), found, strict=False)] == [
        True
    ] * 2
    assert "sets DEFAULT_MODEL 2 times; the last one holds" in found[2].seen
    assert "password" not in str(found)


@pytest.mark.parametrize(
    ("data", "kind"),
    [("DEFAULT_MODEL=a\r\n".encode("utf-16"), "UTF-16"), ("DEFAULT_MODEL=größe\n".encode("cp1252"), "WINDOWS-1252")],
)
def test_what_is_not_utf_8_is_broken_and_the_rest_is_read(data: bytes, kind: str, tmp_path: Path) -> None:
    (found,) = looked(tmp_path, data)
    assert (found.state, kind in found.seen) == ("broken", True)
    assert found.next.startswith(f"iconv -f {kind} -t UTF-8 ")
    given, problems = read({"executor_model": "x"}, [tmp_path / ".env"])
    assert (given.default_model, given.executor_model, problems) == ("", "x", [])


def test_wrong_values_are_broken_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / ".env"
    place.write_text("COMMANDER_TIMEOUT=soon\nCOMMANDER_PROCESSES=2\nDEFAULT_MODEL=a\n", encoding="utf-8")
    monkeypatch.setenv("COMMANDER_MAX_TURNS", "0")
    given, problems = read({"default_model": None}, [place])
    assert (given.default_model, given.commander_timeout, given.commander_max_turns) == ("a", 900, 12)
    assert [problem.state for problem in problems] == ["broken"] * 3
    told = {problem.seen.partition(":")[0]: problem.next for problem in problems}
    assert told["COMMANDER_TIMEOUT='soon'"] == "correct COMMANDER_TIMEOUT in the environment or in .env"
    assert set(told) == {"COMMANDER_TIMEOUT='soon'", "COMMANDER_PROCESSES='2'", "COMMANDER_MAX_TURNS='0'"}


def test_where_each_setting_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users, programs = tmp_path / "user.env", tmp_path / "program.env"
    users.write_text("EXECUTOR_MODEL=weak\nCOMMANDER_TIMEOUT=5\n", encoding="utf-8")
    programs.write_text("EXECUTOR_MODEL=strong\nDEFAULT_MODEL=hidden\n", encoding="utf-8")
    monkeypatch.setenv("DEFAULT_MODEL", "seen")
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://ana:secret@gpu:11434")
    places = [users, programs]
    typed: dict[str, object] = {"commander_max_turns": 3, "default_model": None}
    given, problems = read(typed, places)
    hidden, told = origins(given, typed, places)
    assert problems == []
    assert (hidden.state, hidden.next) == ("warning", "unset DEFAULT_MODEL")
    assert hidden.seen == f"the environment's DEFAULT_MODEL=seen hides the one in {programs}"
    assert told == Check(
        "settings",
        "ok",
        f"DEFAULT_MODEL=seen (environment), EXECUTOR_MODEL=strong ({programs}), OLLAMA_BASE_URL=http://***@gpu:11434 "
        f"(environment), COMMANDER_MAX_TURNS=3 (typed), COMMANDER_TIMEOUT=5.0 ({users})",
    )
    typed = {"default_model": "typed"}
    assert [check.state for check in origins(read(typed, places)[0], typed, places)] == ["ok"], "typed on purpose"


def test_a_dotenv_in_the_current_folder_is_not_read(tmp_path: Path) -> None:
    here, program, users = tmp_path / "my project", tmp_path / "program", tmp_path / "config" / "user"
    here.mkdir()
    program.mkdir()
    (here / ".env").write_text("DJANGO_SECRET=x\nexport DEFAULT_MODEL=a\n", encoding="utf-8")
    places = [users / ".env", program / ".env"]
    (found,) = ignored([here, here], places)
    assert (found.name, found.state) == (".env", "warning")
    assert f"{here / '.env'} sets DEFAULT_MODEL, and is not read" in found.seen
    assert found.next == f"mkdir -p {users} && cp '{here / '.env'}' {users / '.env'}"
    (program / "pyproject.toml").touch()
    assert [check.next for check in ignored([here], places)] == [f"cp '{here / '.env'}' {program / '.env'}"]
    places[1].touch()
    assert [check.next for check in ignored([here], places)] == [f"move these lines into {program / '.env'}"]
    assert [*ignored([program, tmp_path], places)] == []
    (here / ".env").write_text("DJANGO_SECRET=x\n", encoding="utf-8")
    assert [*ignored([here], places)] == [], "another program's"


def test_litellm_prefixes(tmp_path: Path) -> None:
    typed = {"default_model": "ollama/qwen2.5:14b", "executor_model": "ollama_chat/a"}
    found = [*models(read(typed, [])[0])]
    assert [check.next for check in found] == ["DEFAULT_MODEL=qwen2.5:14b", "EXECUTOR_MODEL=a"]
    assert [*models(read({"default_model": "hf.co/ollama/x"}, [])[0])] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://ana:secret@proxy:3128/", "http://***@proxy:3128/"),
        ("ana:secret@proxy:3128", "***@proxy:3128"),
        ("socks5h://x@h", "socks5h://***@h"),
        ("http://proxy/a@b", "http://proxy/a@b"),
        ("/home/ana@work/a.gguf", "/home/ana@work/a.gguf"),
    ],
)
def test_passwords_in_addresses_are_not_shown(text: str, shown: str) -> None:
    assert masked(text) == shown
