"""The program itself: its Python, its environment, its packages. Needs nothing that is not Python's own."""

import re
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

from tools.doctor.check import Check, broken, ok, quoted, warning

NAME = "local-commander"
ROOT = Path(__file__).resolve().parents[2]
SHOWN = ("autogen-agentchat", "autogen-ext", "open-interpreter", "openai", "ollama", "xllamacpp")
"""The packages whose versions are told; a few that other people's reports name."""
_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*([^;]*);?(.*)")
_BOUND = re.compile(r"(==|>=|<)\s*([\d.]+)")


def program(root: Path = ROOT) -> Iterator[Check]:
    """What can be seen before any package is imported."""
    try:
        about = metadata(NAME)
    except PackageNotFoundError:
        yield broken("packages", f"{NAME} is not installed for {sys.executable}", sync(root))
        return
    yield python(".".join(map(str, sys.version_info[:3])), about["Requires-Python"], root)
    yield environment(Path(sys.prefix), Path(sys.base_prefix), root)
    yield packages(about.get_all("Requires-Dist") or [], root)


def python(found: str, asked: str, root: Path = ROOT) -> Check:
    """Whether the version is one that the program was made for."""
    seen = f"Python {found} at {sys.executable}"
    if fits(found, asked):
        return ok("python", seen)
    again = f"uv run --project {quoted(root)} --python 3.12 python -m commander doctor"
    return broken("python", f"{seen}; the program needs {asked}", again)


def environment(prefix: Path, base: Path, root: Path = ROOT) -> Check:
    """Whether the packages are the program's own: others' would change under it."""
    own = root / ".venv"
    again = f"uv run --project {quoted(root)} python -m commander doctor"
    if prefix == base:
        return warning("environment", f"{prefix} is the system's Python, no environment of the program's own", again)
    if (own / "pyvenv.cfg").is_file() and prefix.resolve() != own.resolve():
        return warning("environment", f"{prefix} is not the program's own environment, {own}", again)
    return ok("environment", str(prefix))


def packages(wanted: Sequence[str], root: Path = ROOT) -> Check:
    """Whether what the program declares is there, in the versions that it was made with."""
    found = {name: (bounds, _version(name)) for name, bounds in _requirements(wanted)}
    missing = [name for name, (_, have) in found.items() if not have]
    wrong = [f"{name} {have} ({bounds})" for name, (bounds, have) in found.items() if have and not fits(have, bounds)]
    if missing or wrong:
        parts = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"wrong: {', '.join(wrong)}"] * bool(wrong)
        return broken("packages", "; ".join(parts), sync(root))
    told = ", ".join(f"{name} {found[name][1]}" for name in SHOWN if name in found)
    return ok("packages", f"{len(found)} are there, in the right versions: {told}")


def fits(version: str, bounds: str) -> bool:
    """Whether a version is within bounds such as `<3.14,>=3.11`."""
    have = _numbers(version)
    tests = {"==": have.__eq__, ">=": have.__ge__, "<": have.__lt__}
    return all(tests[sign](_numbers(bound)) for sign, bound in _BOUND.findall(bounds))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _requirements(wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names and bounds of those that this system needs."""
    for requirement in wanted:
        found = _REQUIREMENT.match(requirement)
        if not found or "extra" in found[3]:
            continue
        platform = re.search(r"sys_platform == ['\"](\w+)", found[3])
        if not platform or platform[1] == sys.platform:
            yield found[1], found[2].strip()


def _version(name: str) -> str:
    try:
        return str(version(name))
    except PackageNotFoundError:
        return ""


def sync(root: Path) -> str:
    """The command that makes the environment whole."""
    return f"uv sync --project {quoted(root)}"
