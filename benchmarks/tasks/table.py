"""Tables that somebody wrote: separator, header and the form of numbers are free, the cells are not."""

import csv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tasks.answer import readings
from benchmarks.tasks.task import read, write

Cell = str | float
TOLERANCE = 0.006


def rows(folder: Path, name: str, width: int) -> list[list[str]]:
    """The rows of a file, read with the separator that gives so many columns; blanks around cells are nothing."""
    text = [line for line in read(folder, name).splitlines(keepends=True) if line.strip()]
    for separator in ",;\t|":
        found = [[cell.strip() for cell in row] for row in csv.reader(text, delimiter=separator)]
        if found and all(len(row) == width for row in found):
            return found
    return [[cell.strip() for cell in row] for row in csv.reader(text)]


def value(cell: str) -> set[float]:
    """What a cell may say as a number; nothing when it is none."""
    bare = cell.strip().removesuffix("€").removeprefix("€").removesuffix("EUR").strip()
    try:
        return readings(bare)
    except ValueError:
        return set()


def same(cell: str, wanted: Cell, tolerance: float = TOLERANCE) -> bool:
    """Whether a cell says what is wanted."""
    if isinstance(wanted, str):
        return cell == wanted
    return any(abs(each - wanted) <= tolerance for each in value(cell))


def table_problems(
    folder: Path, name: str, wanted: Sequence[Sequence[Cell]], *, ordered: bool = True, tolerance: float = TOLERANCE
) -> list[str]:
    """Whether the file has exactly these rows, with a header or without."""
    found = rows(folder, name, len(wanted[0]))
    if found and not any(all(map(same, found[0], row)) for row in wanted) and not any(map(value, found[0])):
        found = found[1:]
    return row_problems(name, found, wanted, ordered=ordered, tolerance=tolerance)


def row_problems(
    name: str,
    found: Sequence[Sequence[str]],
    wanted: Sequence[Sequence[Cell]],
    *,
    ordered: bool = True,
    tolerance: float = TOLERANCE,
) -> list[str]:
    """Whether these are the rows, each once."""
    if len(found) != len(wanted):
        return [f"{name}: {len(found)} rows instead of {len(wanted)}"]
    left = list(found)
    problems = []
    for row in wanted:
        fits = [place for place, cells in enumerate(left) if _alike(cells, row, tolerance)]
        if not fits or (ordered and fits[0] != 0):
            problems.append(f"{name}: no row {list(row)}" + " in its place" * bool(fits))
        left.pop(fits[0] if fits else 0)
    return problems


def _alike(cells: Sequence[str], wanted: Sequence[Cell], tolerance: float) -> bool:
    return len(cells) == len(wanted) and all(
        same(cell, each, tolerance) for cell, each in zip(cells, wanted, strict=True)
    )


def write_table(folder: Path, name: str, header: str, body: Sequence[Sequence[Cell]]) -> None:
    """A plain CSV file: no cell needs quotes."""
    write(folder, name, "\n".join([header, *(",".join(map(str, row)) for row in body)]) + "\n")
