"""What must not be written down: secrets of the user's, by their values, and what looks like one."""

import re
from collections.abc import Callable, Iterable
from typing import Any

HIDDEN = "[redacted]"
_SHAPES = [
    (mark, re.compile(shape, re.DOTALL | re.MULTILINE))
    for mark, shape in (
        ("@", r"(?<=://)[^\s/@:'\"]*:[^\s/@'\"]+(?=@)"),  # a user and a password in an address
        ("PRIVATE KEY-----", r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
        ("sk-", r"\bsk-[\w-]{16,}"),  # OpenAI, Anthropic and others
        ("k_", r"\b[spr]k_(?:live|test)_\w{10,}"),  # Stripe
        ("gh", r"\bgh[pousr]_\w{20,}"),
        ("github_pat_", r"\bgithub_pat_\w{20,}"),
        ("glpat-", r"\bglpat-[\w-]{16,}"),
        ("hf_", r"\bhf_\w{20,}"),
        ("pypi-", r"\bpypi-[\w-]{20,}"),
        ("npm_", r"\bnpm_\w{20,}"),
        ("AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
        ("AIza", r"\bAIza[\w-]{30,}"),
        ("xox", r"\bxox[abeprs]-[\w-]{10,}"),
        ("eyJ", r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"),  # JSON web tokens
        ("earer ", r"(?<=[Bb]earer )[\w.~+/-]{12,}=*"),
        ("=", r"^((?:export +)?[A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)=)[^\s'\"]{6,}"),
    )
]
"""What must stand in a text that holds a secret of the shape: most texts hold none of them, and cost little."""


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Hides these values, and what has the shape of a secret, in a text."""
    values = sorted(secrets, key=len, reverse=True)

    def hide(text: str) -> str:
        for value in values:
            text = text.replace(value, HIDDEN)
        for mark, shape in _SHAPES:
            if mark in text:
                text = shape.sub(rf"\g<1>{HIDDEN}" if shape.groups else HIDDEN, text)
        return text

    return hide


def redacted(value: Any, hide: Callable[[str], str]) -> Any:
    """JSON with every text in it redacted."""
    match value:
        case str():
            return hide(value)
        case list() | tuple():
            return [redacted(each, hide) for each in value]
        case dict():
            return {name: redacted(each, hide) for name, each in value.items()}
    return value
