"""The settings as they are read, and the mistakes in `.env` files that nothing else tells of."""

import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from pydantic import ValidationError

from config.settings import Settings, env_files, foreign
from tools.doctor.check import Check, broken, ok, quoted, warning
from tools.doctor.variables import NAMES
from tools.events import ignore
from tools.ollama.models import plain

KNOWN = tuple(name.upper() for name in Settings.model_fields)
ADDRESSES = {"API_BASE", "BASE_URL", "LITELLM_API_BASE", "OLLAMA_API_BASE", "OLLAMA_HOST", "OLLAMA_URL"}
ADDRESSES |= {"OPENAI_API_BASE", "OPENAI_BASE_URL"}
"""What other programs call the server's address."""
MODELS = {"MODEL", "OLLAMA_MODEL", "OPENAI_MODEL", "LITELLM_MODEL", "COMMANDER_MODEL"}
_USER = re.compile(r"^(\w[\w+.-]*://)?[^/@]*@")


def read(typed: Mapping[str, Any], files: Iterable[Path] | None = None) -> tuple[Settings, list[Check]]:
    """The settings with what was typed on top; a wrong value counts as not given, and is told."""
    given = {name: value for name, value in typed.items() if value is not None}
    readable = [file for file in (env_files() if files is None else files) if _text(file) is not None]
    problems: list[Check] = []
    while True:
        try:
            return Settings(_env_file=readable, **given), problems
        except ValidationError as error:
            for each in error.errors():
                name = str(each["loc"][0])
                said = f"{name.upper()}={each['input']!r}: {each['msg']}; the rest is looked at without it"
                problems.append(broken("settings", said, f"correct {name.upper()} in the environment or in .env"))
                given[name] = Settings.model_fields[name].default


def origins(given: Settings, typed: Mapping[str, Any], files: Iterable[Path] | None = None) -> Iterator[Check]:
    """What is set, and where; what hides what."""
    inside = [(file, _values(file)) for file in reversed(env_files() if files is None else [*files])]
    told = []
    for name, info in Settings.model_fields.items():
        value = getattr(given, name)
        if value != info.default:
            told.append(f"{name.upper()}={masked(str(value))} ({_origin(name, typed, inside)})")
        yield from _hidden(name.upper(), typed, inside)
    yield ok("settings", ", ".join(told) or "nothing is set: the defaults hold")


def files(places: Iterable[Path]) -> Iterator[Check]:
    """Each `.env` that is read: whether it can be, and whether it says what the program knows."""
    for place in places:
        if place.is_file():
            yield from _file(place)


def ignored(places: Iterable[Path], read: Sequence[Path]) -> Iterator[Check]:
    """A `.env` in the current folder or in the workspace, which is not read: generated code could write it."""
    known = {file.resolve() for file in read}
    users, programs = read[0], read[-1]
    target = programs if programs.with_name("pyproject.toml").is_file() else users
    for place in dict.fromkeys(folder / ".env" for folder in places):
        ours = [name for name in _values(place) if name in KNOWN] if place.resolve() not in known else []
        if ours:
            verb = f"move these lines into {target}" if target.exists() else f"cp {quoted(place)} {quoted(target)}"
            make = "" if target.parent.exists() else f"mkdir -p {quoted(target.parent)} && "
            why = "is not read: what generated code can write must not steer the program"
            yield warning(".env", f"{place} sets {', '.join(ours)}, and {why}", make + verb)


def models(given: Settings) -> Iterator[Check]:
    """Names of models as LiteLLM writes them."""
    for setting in ("DEFAULT_MODEL", "EXECUTOR_MODEL"):
        value = getattr(given, setting.lower())
        name = plain(setting, value, ignore)
        if name != value.strip():
            yield warning(
                "settings", f"{setting}={value}: the prefix is LiteLLM's; {name} is used", f"{setting}={name}"
            )


def masked(text: str) -> str:
    """An address without the name and the password that it may hold."""
    return _USER.sub(r"\1***@", text)


def _file(place: Path) -> Iterator[Check]:
    text = _text(place)
    if text is None:
        yield _unreadable(place)
        return
    lines = [*parse_stream(io.StringIO(text))]
    names = [line.key for line in lines if line.key]
    problems = [*_unparsed(place, lines), *_repeated(place, names), *_unknown(place, names)]
    yield from problems
    good = [name for name in dict.fromkeys(names) if name.upper() in KNOWN]
    if good or not problems:
        yield ok(".env", f"{place}: {', '.join(good) or 'sets nothing'}")


def _unreadable(place: Path) -> Check:
    try:
        start = place.read_bytes()[:2]
    except OSError as error:
        return broken(".env", f"{place} cannot be read: {error.strerror}", f"ls -l {quoted(place)}")
    kind = "UTF-16" if start in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
    to = quoted(place.with_name(".env.utf8"))
    convert = f"iconv -f {kind} -t UTF-8 {quoted(place)} > {to} && mv {to} {quoted(place)}"
    return broken(".env", f"{place} is not UTF-8 text (it looks like {kind})", convert)


def _unparsed(place: Path, lines: Iterable[Binding]) -> Iterator[Check]:
    """The text itself is not told: it may be a secret."""
    for number in (line.original.line for line in lines if line.error):
        yield warning(".env", f"{place}:{number} is no NAME=value and is not read", f"correct line {number} of {place}")


def _repeated(place: Path, names: Iterable[str]) -> Iterator[Check]:
    for name, count in Counter(name.upper() for name in names).items():
        if count > 1:
            yield warning(
                ".env", f"{place} sets {name} {count} times; the last one holds", f"leave one {name} in {place}"
            )


def _unknown(place: Path, names: Iterable[str]) -> Iterator[Check]:
    for name in dict.fromkeys(names):
        if name.upper() not in KNOWN:
            yield warning(
                ".env", f"{place}: {name} is no setting of the program and is not read", _instead(name, place)
            )


def _instead(name: str, place: Path) -> str:
    upper = name.upper()
    if upper in ADDRESSES:
        return f"name it OLLAMA_BASE_URL in {place}"
    if upper in NAMES:
        return f"it is a setting of the server: {name}=... ollama serve"
    near = ["DEFAULT_MODEL"] if upper in MODELS else difflib.get_close_matches(upper, KNOWN, 1)
    return f"name it {near[0]} in {place}" if near else f"take it out of {place}   (.env.example has all names)"


def _hidden(name: str, typed: Mapping[str, Any], inside: Iterable[tuple[Path, Mapping[str, str]]]) -> Iterator[Check]:
    """A value in a file that the environment overrides: who edits the file sees no change."""
    outside = _environment(name)
    for place, values in inside:
        if typed.get(name.lower()) is None and outside and values.get(name) not in (None, "", outside):
            said = f"the environment's {name}={masked(outside)} hides the one in {place}"
            yield warning("settings", said, f"unset {name}")


def _origin(name: str, typed: Mapping[str, Any], inside: Iterable[tuple[Path, Mapping[str, str]]]) -> str:
    if typed.get(name) is not None:
        return "typed"
    if _environment(name.upper()):
        return "environment"
    return next((str(place) for place, values in inside if values.get(name.upper())), "default")


def _environment(name: str) -> str:
    return foreign(name) or foreign(name.lower())


def _values(place: Path) -> dict[str, str]:
    if _text(place) is None:
        return {}
    return {name.upper(): value or "" for name, value in dotenv_values(place, encoding="utf-8").items()}


def _text(place: Path) -> str | None:
    """None where there is no file, or none that can be read."""
    try:
        return place.read_text(encoding="utf-8-sig") if place.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None
