"""The environment is what pyproject.toml pins, and nobody else's modules bear our names."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
NAME = PYPROJECT["project"]["name"]
OURS = {"commander", "teams", "agents", "tools", "config", "scripts", "tests", "benchmarks"}
INSTALLERS = {"pip", "uv", "wheel"}


def here(lines: list[str]) -> Iterator[Requirement]:
    """The requirements whose marker holds on this system and Python."""
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def installed() -> dict[str, str]:
    """Name and version of each distribution but ours and those that install."""
    found = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    return {name: version for name, version in found.items() if name not in {NAME, *INSTALLERS}}


def modules(distribution: Distribution) -> set[str]:
    """The top-level names that it brings to `import`."""
    files = [file for file in distribution.files or [] if file.suffix in {".py", ".so", ".pyd"}]
    return {file.parts[0].partition(".")[0] for file in files if ".." not in file.parts}


def test_installed_versions_are_the_pinned_ones() -> None:
    pins: dict[str, str] = {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in here(PYPROJECT["tool"]["uv"]["constraint-dependencies"])
        if str(pin.specifier).startswith("==")
    }
    wrong = {name: (version, pins.get(name)) for name, version in installed().items() if pins.get(name) != version}
    assert not wrong, "installed, pinned; next: uv sync, or scripts/lock when a dependency is new"


def test_direct_dependencies_are_installed() -> None:
    wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]
    assert {canonicalize_name(each.name) for each in here(wanted)} <= installed().keys()


def test_build_system_is_pinned() -> None:
    pins = set(PYPROJECT["tool"]["uv"]["build-constraint-dependencies"])
    assert set(PYPROJECT["build-system"]["requires"]) <= pins


def test_nobody_else_has_modules_of_our_names() -> None:
    taken = {
        f"{each.metadata['Name']}: {name}"
        for each in distributions()
        if canonicalize_name(each.metadata["Name"]) != NAME
        for name in modules(each) & OURS
    }
    assert taken <= {"open-interpreter: scripts"}
