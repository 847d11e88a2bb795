"""Settings: the command line, then the environment, then the program's `.env`, then the user's own `.env`.

A `.env` in the workspace is never read: what generated code can write must not steer the program.
"""

import os
import re
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config import folders
from config.errors import UsageError

_SECRET = re.compile(r"key|token|secret|passw|passphrase|credential|_pwd$|_pass$", re.I)


class Settings(BaseSettings):
    """Every setting, with the name of its environment variable in lower case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True, env_file_encoding="utf-8")

    default_model: str = Field("", description="Model of the Commander; unset: chosen from what is installed")
    executor_model: str = Field("", description="Model of the Executor; unset: the default model (single-model mode)")
    ollama_base_url: str = Field("", description="The Ollama server; unset: localhost:11434, else the embedded server")
    embedded_model: str = Field("", description="A GGUF file for the embedded server; unset: Qwen2.5-Coder-1.5B")
    embedded_max_loaded_models: int = Field(2, ge=1, description="Models that the embedded server keeps in memory")
    commander_python: str = Field(
        "", description="Python that runs generated code; unset: the workspace's .venv or ours"
    )
    commander_unasked: str = Field(
        "all",
        pattern=r"^(all|none|(python|shell|javascript)(,(python|shell|javascript))*)$",
        description="What runs in the jail without a question: all, none, or languages, as python,javascript",
    )
    commander_max_turns: int = Field(12, ge=1, le=200, description="Turns of all agents in one run")
    commander_parallel: int = Field(
        1, ge=1, le=16, description="Requests to the model at once, for independent steps; as OLLAMA_NUM_PARALLEL"
    )
    commander_timeout: float = Field(900, gt=0, description="Seconds for a whole run")
    commander_load_timeout: float = Field(3600, gt=0, description="Seconds for the server to load a model")
    commander_first_token_timeout: float = Field(600, gt=0, description="Seconds for an answer to begin")
    commander_idle_timeout: float = Field(300, gt=0, description="Seconds between two pieces of an answer")
    commander_retry_pause: float = Field(1, ge=0, description="Seconds before a failed request is made again")
    commander_block_timeout: float = Field(120, gt=0, description="Seconds for one block of code")
    commander_memory_mb: int = Field(4096, ge=256, description="Memory for generated code, MiB")
    commander_processes: int = Field(256, ge=16, description="Processes and threads for generated code")


def env_files() -> list[Path]:
    """The `.env` files that are read, the stronger one last."""
    return [folders.settings_folder() / ".env", folders.ROOT / ".env"]


def load(**overrides: Any) -> Settings:
    """Settings with the command line's `overrides` on top (None: not given).

    Raises:
        UsageError: a value is not of its kind; the message names the variable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(_env_file=env_files(), **given)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}", f"ls -l {error.filename}") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise UsageError(*_explain(error)) from error


def _explain(error: ValidationError | UnicodeDecodeError) -> tuple[str, str]:
    if isinstance(error, UnicodeDecodeError):
        return "a .env file is not UTF-8 text", f"save it as UTF-8: {' or '.join(map(str, env_files()))}"
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    return (
        f"{name}={first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}",
        f"correct {name} in the environment or in .env",
    )


def foreign(name: str) -> str:
    """A variable of other programs (Ollama's, a proxy's) for `commander doctor` to tell of; empty when unset."""
    return os.environ.get(name, "")


def secrets() -> list[str]:
    """The values of variables, also of the `.env` files, whose names say that they are secret; not what is a path."""
    known: dict[str, str | None] = {}
    for file in env_files():
        known |= dotenv_values(file, encoding="utf-8", interpolate=False)
    secret = {value for name, value in (*known.items(), *os.environ.items()) if value and _SECRET.search(name)}
    return sorted(
        (value for value in secret if len(value) >= 8 and not Path(value).is_absolute()), key=len, reverse=True
    )


def example() -> str:
    """The text of `.env.example`: each setting with its default, commented out."""
    lines = ["# Copy to .env and uncomment what you want to change. The environment wins over this file."]
    for name, info in Settings.model_fields.items():
        lines += ["", f"# {info.description}", f"# {name.upper()}={info.default}"]
    return "\n".join(lines) + "\n"
