"""Where the user's embedded server is: its state file, and how to speak to whoever is at that address."""

import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

PROTOCOL = 1
"""Raise it when what a client and a server of ours say to each other changes."""

NONCE = "x-commander-nonce"


@dataclass(frozen=True)
class Address:
    """A living server: `base_url` without a slash at its end, and the token that each request carries."""

    base_url: str
    token: str
    model: str = ""
    """The name of the model that was asked for."""

    @property
    def headers(self) -> dict[str, str]:
        """What each request carries."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Record:
    """What a server writes of itself."""

    port: int
    pid: int
    token: str
    version: int = PROTOCOL

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The record in the folder, None when there is none or it is damaged."""
        try:
            values = json.loads((folder / "embedded.json").read_text("utf-8"))
            return cls(int(values["port"]), int(values["pid"]), str(values["token"]), int(values["version"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Whole at once, and readable by its owner alone."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = folder / f"embedded.{self.pid}.part"
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(asdict(self), file)
        part.replace(folder / "embedded.json")

    def remove(self, folder: Path) -> None:
        """Unless another server has written its own in the meantime."""
        if Record.read(folder) == self:
            with suppress(OSError):
                (folder / "embedded.json").unlink()

    def protocol(self) -> int | None:
        """What the server there speaks; None when nobody there knows the token, whoever has its port by now.

        The token is not sent: who answers proves that it has it.
        """
        nonce = secrets.token_hex(16)
        answer = self._send("GET", "/commander", None, {NONCE: nonce}, timeout=5.0) or {}
        known = secrets.compare_digest(str(answer.get("proof", "")), proof(self.token, nonce))
        return int(answer["protocol"]) if known else None

    def ask(self, path: str, body: dict[str, Any], timeout: float = 5.0) -> dict[str, Any] | None:
        """The server's answer to a POST; None when it gives none."""
        return self._send("POST", path, body, {"Authorization": f"Bearer {self.token}"}, timeout)

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str], timeout: float
    ) -> dict[str, Any] | None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)  # not through a proxy
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            value = json.loads(connection.getresponse().read())
            return value if isinstance(value, dict) else None
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()


def proof(token: str, nonce: str) -> str:
    """What only who has the token can say to the nonce."""
    return hmac.new(token.encode(), nonce.encode(), "sha256").hexdigest()
