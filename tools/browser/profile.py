"""How Browser-Use is set up: its settings file, the browser's own options, and an environment that tells it nothing."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOWHERE = "http://127.0.0.1:9/v1"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""Hosts that are open unless others are named."""


@dataclass(frozen=True)
class Model:
    """A model for Browser-Use's own agent, on a server that speaks /v1."""

    name: str
    address: str
    key: str = "none"


@dataclass(frozen=True)
class Profile:
    """One session: nothing of it is left in the user's own folders."""

    folder: Path
    chromium: Path
    sites: Sequence[str] = LOCAL
    sandboxed: bool = True
    """Whether Chromium's own sandbox is used; in our jail it cannot be, nor as root."""
    shown: bool = False
    model: Model | None = None

    def write(self) -> None:
        """Put the settings where Browser-Use looks for them."""
        for name in ("config", "profile", "downloads"):
            (self.folder / name).mkdir()
        (self.folder / "config" / "config.json").write_text(json.dumps(self._settings()), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """Its variables: no telemetry, no look for news, no downloads of extensions, no cloud."""
        home = str(self.folder)
        return {
            "HOME": home,
            "USERPROFILE": home,
            "BROWSER_USE_CONFIG_DIR": str(self.folder / "config"),
            "ANONYMIZED_TELEMETRY": "false",
            "BROWSER_USE_CLOUD_SYNC": "false",
            "BROWSER_USE_VERSION_CHECK": "false",
            "BROWSER_USE_CLOUD_HINTS": "false",
            "BROWSER_USE_DISABLE_EXTENSIONS": "1",
            "BROWSER_USE_LOGGING_LEVEL": "error",
            "TIMEOUT_BrowserStartEvent": "60",
            "TIMEOUT_BrowserLaunchEvent": "60",
            # Its settings file has no place for an address: what is not here would go to a company (0.13.14).
            "OPENAI_BASE_URL": self.model.address if self.model else NOWHERE,
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }

    def _settings(self) -> dict[str, Any]:
        # Without all three parts it makes a file of its own, with a placeholder for a key: then a client is made that
        # could send a page's text to a company (browser-use 0.13.14).
        head = {"id": "commander", "default": True, "created_at": "2026-01-01T00:00:00"}
        model = {}
        if self.model:
            model = {"model": self.model.name, "api_key": self.model.key, "temperature": 0.0}
        return {
            "browser_profile": {"commander": {**head, **self._browser()}},
            "llm": {"commander": {**head, **model}},
            "agent": {"commander": {**head, "max_steps": 30, "use_vision": False}},
        }

    def _browser(self) -> dict[str, Any]:
        everywhere = "*" in self.sites
        return {
            "headless": not self.shown,
            "executable_path": str(self.chromium),
            "chromium_sandbox": self.sandboxed,
            "user_data_dir": str(self.folder / "profile"),
            "downloads_path": str(self.folder / "downloads"),
            "file_system_path": str(self.folder / "files"),
            "enable_default_extensions": False,
            "keep_alive": True,
            "args": _options(None if everywhere else self.sites),
            **({} if everywhere else {"allowed_domains": [site.strip("[]") for site in self.sites]}),
        }


def _options(sites: Sequence[str] | None) -> list[str]:
    """Chromium's options; `sites`: no other host has an address, whatever a page asks for."""
    quiet = ["--disable-sync", "--no-pings", "--disable-domain-reliability", "--disable-client-side-phishing-detection"]
    quiet += ["--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"]
    if sys.platform == "linux":
        quiet.append("--disable-dev-shm-usage")
    if sites is None:
        return quiet
    return [*quiet, "--host-resolver-rules=MAP * ~NOTFOUND" + "".join(f", EXCLUDE {site}" for site in sites)]
