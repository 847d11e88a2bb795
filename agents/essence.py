"""What matters of a file that a program made, when two programs are compared: not how numbers or times are written."""

import csv
import io
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable

from agents.expectation import SOURCE, suffix
from agents.probe import BEHAVES, same

NEVER_EQUAL = SOURCE - {".html", ".css"} | {".png", ".svg", ".pdf"}
"""Scripts and pictures: two programs never make the same."""
SAYS = "says "
"""Before the numbers that a program printed, in what two are compared by."""
ROOM = 20_000_000
"""Bytes of an archive that are unpacked."""
_GZIP = 31


def alike(one: str, other: str) -> bool:
    """Whether two outcomes are the same, or one only says more numbers than the other, and not others.

    Of two modules it is whether their functions behave alike.
    """
    here, there = BEHAVES.search(one), BEHAVES.search(other)
    if here and there:
        return same(here[1], there[1])
    (did, _, said), (does, _, says) = one.partition(SAYS), other.partition(SAYS)
    few, many = sorted((set(said.split()), set(says.split())), key=len)
    return one == other or (did == does and bool(few) and few <= many)


def numbers(text: str) -> list[str]:
    """The numbers in a text: whole ones exactly, others to two decimals, or to six digits where that is more."""
    found = (number.replace(",", "") for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))
    return [
        f"{float(each):.{max(6, each.find('.') + 2)}g}" if "." in each else each.lstrip("0") or "0" for each in found
    ]


def essence(path: str, data: bytes, *, asked: bool, ordered: bool = True) -> bytes:
    """Equal for two files that say the same: values of tables and JSON, members of archives.

    Of a script or a picture that is `asked` for it is only that it is there: no two are alike. Not `ordered`: the rows
    of a table may stand in any order.
    """
    ending = suffix(path)
    if asked and ending in NEVER_EQUAL:
        return b"there" if data else b""
    try:
        if ending == ".json":
            return json.dumps(json.loads(data, parse_float=_number), sort_keys=True).encode()
        if ending in {".csv", ".tsv"}:
            file = io.StringIO(data.decode("utf-8-sig"))
            rows = _table(csv.reader(file, delimiter="\t" if ending == ".tsv" else ","))
            return repr(rows if ordered else [*rows[:1], *sorted(rows[1:])]).encode()
        if ending == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return repr(sorted((each.filename, each.file_size, each.CRC) for each in archive.infolist())).encode()
        if path.endswith((".tar.gz", ".tgz", ".tar")):
            return _tar(data if ending == ".tar" else zlib.decompressobj(_GZIP).decompress(data, ROOM))
    except (ValueError, OSError, csv.Error, RecursionError, zlib.error, zipfile.BadZipFile, tarfile.TarError):
        pass
    return b" ".join(data.split())


def _number(text: str) -> float | str:
    """What floating point adds in the last places is left out; an integer is one, however it is written."""
    return float(short) if "." in (short := f"{float(text):.10g}") else int(short) if short.isdigit() else short


def _table(rows: Iterable[list[str]]) -> list[list[str]]:
    """The cells; names of columns are told apart by their number alone: which are asked for is checked elsewhere."""
    found = [[_plain(cell) for cell in row] for row in rows if row]
    named = len(found) > 1 and not any(map(_is_number, found[0])) and any(map(_is_number, found[1]))
    return [[f"column {n}" for n in range(len(found[0]))], *found[1:]] if named else found


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d[\d.]*(?:e[-+]?\d+)?", cell))


def _plain(cell: str) -> str:
    try:
        return f"{float(cell):.10g}"
    except ValueError:
        return cell.strip()


def _tar(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return repr(sorted((each.name.removeprefix("./"), each.size) for each in archive if each.isfile())).encode()
