"""One server of an `mcp.json`, in the form that other programs use too."""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from config.errors import UsageError

Transport = Literal["stdio", "sse", "http"]
Lookup = Callable[[str], str]
"""The value of a variable; empty where it is not set."""
_VARIABLE = re.compile(r"\$\{(?:env:)?(\w+)(?::-([^}]*))?\}")


class Entry(BaseModel):
    """What starts or reaches a server, which of its tools are offered, and when the user is asked."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str = Field("", validation_alias=AliasChoices("type", "transport"))
    command: str = ""
    args: list[str] = []
    env: dict[str, str] = {}
    cwd: str = ""
    url: str = Field("", validation_alias=AliasChoices("url", "httpUrl", "serverUrl"))
    headers: dict[str, str] = {}
    disabled: bool = False
    include: list[str] = Field(["*"], validation_alias="includeTools", min_length=1)
    exclude: list[str] = Field([], validation_alias="excludeTools")
    approval: Literal["kind", "always", "never"] = "kind"
    free: list[str] = Field([], validation_alias=AliasChoices("autoApprove", "alwaysAllow"))
    uncounted: list[str] = Field([], validation_alias="callsModel")
    about: str = ""
    hidden: dict[str, list[str]] = Field({}, validation_alias="hideParameters")
    shows: list[str] = Field([], validation_alias="showPage")
    fetches: bool = False
    timeout: float = Field(60, gt=0, le=3600)
    start: float = Field(60, gt=0, le=3600, validation_alias="startTimeout")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("needs either a command or a url")
        return self

    @property
    def transport(self) -> Transport:
        """How it is spoken to."""
        if self.command:
            return "stdio"
        return "sse" if self.type == "sse" or (not self.type and self.url.rstrip("/").endswith("/sse")) else "http"

    def offers(self, tool: str) -> bool:
        """Whether its lists let a tool of that name through."""
        return _any(tool, self.include) and not _any(tool, self.exclude)

    def asks(self, tool: str, *, reads: bool) -> bool:
        """Whether the user is asked before a call; `reads`: the server says that the tool changes nothing."""
        if self.approval != "kind":
            return self.approval == "always"
        return not (reads or _any(tool, self.free))

    def counts(self, tool: str) -> bool:
        """Whether no call of this tool makes the server itself call a model."""
        return not _any(tool, self.uncounted)

    def filled(self, look_up: Lookup) -> "Entry":
        """The same with every `${NAME}` and `${NAME:-otherwise}` replaced.

        Raises:
            UsageError: a variable is not set.
        """
        replace = _replacement(look_up)
        changed: dict[str, Any] = {name: replace(getattr(self, name)) for name in ("command", "cwd", "url")}
        changed["args"] = [replace(each) for each in self.args]
        changed["env"] = {name: replace(value) for name, value in self.env.items()}
        changed["headers"] = {name: replace(value) for name, value in self.headers.items()}
        return self.model_copy(update=changed)


def _any(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _replacement(look_up: Lookup) -> Callable[[str], str]:
    def value(match: re.Match[str]) -> str:
        found = look_up(match[1]) or match[2]
        if found is None:
            raise UsageError(
                f"the variable {match[1]} is not set",
                f"export {match[1]}=..., or {match[1]}=... in .env of the config folder",
            )
        return found

    return lambda text: _VARIABLE.sub(value, text)


def joined(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two entries of one name: the keys of the one above win; another command or address replaces all."""
    return dict(above) if {"command", "url", "httpUrl", "serverUrl"} & set(above) else {**below, **above}
