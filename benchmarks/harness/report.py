"""The tables of benchmarks/README.md, from the raw results."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.harness.result import Result, read
from benchmarks.harness.table import paired, table

BEGIN, END = "<!-- tables: written by solve.py --table -->\n", "<!-- end of tables -->\n"


def tables(results: Sequence[Result], systems: Sequence[str]) -> Iterator[str]:
    """One for each set that has results."""
    more = {result.task for result in results if result.group == "humaneval-more"}
    wide = {result.task for result in results if result.group == "humaneval"}
    smoke = {result.task for result in results if result.group == "smoke"}
    own = {result.task for result in results} - more - wide - smoke
    yield from titled("Smoke tasks", [result for result in results if result.task in smoke], systems)
    yield from titled("Tasks in a folder", [result for result in results if result.task in own], systems)
    yield from titled("HumanEval, all systems", [result for result in results if result.task in wide], systems)
    function = [result for result in results if result.task in wide | more]
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
