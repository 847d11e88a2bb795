"""What looks like a secret is hidden; what only sounds like one stays."""

from pathlib import Path

import pytest

from config import folders, settings
from tools.redaction import HIDDEN, redactor

SECRETS = [
    ("http://ana:hunter22@example.org/x", "http://[redacted]@example.org/x"),
    ("postgres://u:p%40ss@db:5432/x", "postgres://[redacted]@db:5432/x"),
    ("OPENAI_API_KEY=sk-proj-abcdefghijklmnop1234", "OPENAI_API_KEY=[redacted]"),
    ("token ghp_" + "a" * 36, "token [redacted]"),
    ("github_pat_" + "a1" * 20, "[redacted]"),
    ("AKIAIOSFODNN7EXAMPLE!", "[redacted]!"),
    ("Authorization: Bearer abcdef0123456789==", "Authorization: Bearer [redacted]"),
    ("DB_PASSWORD=correct-horse", "DB_PASSWORD=[redacted]"),
    ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSM", "[redacted]"),
    ("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n[redacted]\nb"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "[redacted]"),
    ("hf_" + "abcd" * 8, "[redacted]"),
]
PLAIN = [
    "max_tokens = 100000\npassword_is_valid(x)",
    "http://127.0.0.1:11434/api/chat and user@example.org",
    "tokens: 1,204 in, 402 out; the key is 'id'",
    "def token(self): return self.tokens[0]",
    "task-1234567890-abcdefghij",
]


@pytest.mark.parametrize(("text", "kept"), SECRETS)
def test_what_looks_like_a_secret_is_hidden(text: str, kept: str) -> None:
    assert redactor([])(text) == kept


@pytest.mark.parametrize("text", PLAIN)
def test_what_does_not_stays(text: str) -> None:
    assert redactor([])(text) == text


def test_the_longer_value_is_hidden_whole() -> None:
    assert redactor(["secret-1", "secret-123.*"])("a secret-123.* b secret-1 c") == f"a {HIDDEN} b {HIDDEN} c"


def test_values_come_from_the_environment_and_the_env_files(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "from the environment")
    monkeypatch.setenv("MY_KEY_FILE", str(user))
    monkeypatch.setenv("MY_SHORT_KEY", "short")
    folders.settings_folder().mkdir(parents=True, exist_ok=True)
    (folders.settings_folder() / ".env").write_text(
        "SMTP_PASSWORD='from the file'\nPLAIN=not a secret\n", encoding="utf-8"
    )
    found = settings.secrets()
    assert {"from the environment", "from the file"} <= set(found)
    assert not {"not a secret", "short", str(user)} & set(found)
