"""The tables of benchmarks/README.md, from the raw results."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.harness.result import Result, read
from benchmarks.harness.table import paired, table

BEGIN, END = "<!-- tables: written by solve.py --table -->\n", "<!-- end of tables -->\n"


def tables(results: Sequence[Result], systems: Sequence[str]) -> Iterator[str]:
    """One for each set that has results."""
    groups: dict[str, list[Result]] = {name: [] for name in ("smoke", "forty", "more", "humaneval", "humaneval-more")}
    for result in results:
        groups[result.group if result.group in groups else "forty"].append(result)
    function = [*groups["humaneval"], *groups["humaneval-more"]]
    yield from titled("Smoke tasks", groups["smoke"], systems)
    yield from titled("The forty tasks in a folder", groups["forty"], systems)
    yield from titled("The tasks that were not drawn", groups["more"], systems)
    yield from titled("HumanEval, all systems", groups["humaneval"], systems)
    yield from titled("HumanEval", [each for each in function if each.system in {"commander", "bare"}], systems)
    yield paired(function, "commander", "bare")


def titled(title: str, results: Sequence[Result], systems: Sequence[str]) -> Iterator[str]:
    """A table under its title."""
    if results:
        yield from (f"### {title}", "", *table(results, systems), "")


def write(readme: Path, folder: Path, systems: Sequence[str]) -> int:
    """Put the tables of the results in the folder between the marks of the file."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    results = [result for file in sorted(folder.glob("*.jsonl")) for result in read(file)]
    lines = "\n".join(tables(results, systems)).strip()
    readme.write_text(f"{before}{BEGIN}\n{lines}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0
