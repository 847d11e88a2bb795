"""The lines offered for a CSV file read it rightly in real pandas; none is offered where the plain call does."""

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # pandas-stubs would be one more dependency
import pytest

from tools.survey import survey
from tools.workspace import Workspace


def lines(root: Path, data: bytes, name: str = "x.csv") -> list[str]:
    (root / name).write_bytes(data)
    shown = survey(Workspace(root), 4000, f"read {name}").splitlines()
    begin = next((n for n, line in enumerate(shown) if line.startswith("  read it with: ")), len(shown))
    return [line.strip().removeprefix("read it with: ") for line in shown[begin:]]


def read(root: Path, monkeypatch: pytest.MonkeyPatch, code: list[str]) -> dict[str, list[Any]]:
    """What the lines read, as plain values: dates as text, missing ones as None."""
    monkeypatch.chdir(root)
    scope: dict[str, Any] = {"pd": pd}
    exec("\n".join(code), scope)
    frame = scope["df"]
    assert isinstance(frame, pd.DataFrame)
    return {str(name): [_plain(value) for value in frame[name]] for name in frame}


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.isoformat(" ", "minutes").removesuffix(" 00:00") if isinstance(value, pd.Timestamp) else value


FORMS: dict[str, tuple[bytes, dict[str, list[Any]]]] = {
    "semicolons": (b"a;b\n1;x\n2;y\n", {"a": [1, 2], "b": ["x", "y"]}),
    "tabs": (b"a\tb\n1\tx,y\n", {"a": [1], "b": ["x,y"]}),
    "pipes": (b"a|b\n1|x\n", {"a": [1], "b": ["x"]}),
    "decimal commas": (b"id;v\n1;1,5\n2;1234,25\n", {"id": [1, 2], "v": [1.5, 1234.25]}),
    "points for thousands": (b"id;v\n1;1.234,50\n2;7\n3;1.000\n", {"id": [1, 2, 3], "v": [1234.5, 7, 1000]}),
    "blanks for thousands": (b"id;v\n1;1 234,50\n2;7,1\n", {"id": [1, 2], "v": [1234.5, 7.1]}),
    "hard blanks for thousands": ("id;v\n1;1\u00a0234,50\n2;7,1\n".encode(), {"id": [1, 2], "v": [1234.5, 7.1]}),
    "commas for thousands": (b'a,v\nx,"1,239.97"\ny,2\nz,"12,000"\n', {"a": ["x", "y", "z"], "v": [1239.97, 2, 12000]}),
    "points and commas in one file": (
        b"a;v;w\n1.5;1.234,5;x\n2.25;7,25;y\n",
        {"a": [1.5, 2.25], "v": [1234.5, 7.25], "w": ["x", "y"]},
    ),
    "thousands and decimal commas in one file": (
        b"a;v\n1,234.5;1.234,5\n7.1;7,25\n",
        {"a": [1234.5, 7.1], "v": [1234.5, 7.25]},
    ),
    "latin-1": ("nome;v\nJosé;1\n".encode("latin-1"), {"nome": ["José"], "v": [1]}),
    "cp1252": ("a,b\n“q”,1\n".encode("cp1252"), {"a": ["“q”"], "b": [1]}),
    "utf-16": ("a,b\né,1\n".encode("utf-16"), {"a": ["é"], "b": [1]}),
    "no header": (b"1,x\n2,y\n", {"column 1": [1, 2], "column 2": ["x", "y"]}),
    "no header, many columns": (
        b"1,2,3,4,5,6,7,8,9\n1,2,3,4,5,6,7,8,9\n",
        {f"column {n}": [n, n] for n in range(1, 10)},
    ),
    "leading zeros": (b"zip,n\n01000,1\n4050,2\n", {"zip": ["01000", "4050"], "n": [1, 2]}),
    "marks for missing": (b"a,b\n1,x\n-,y\n3,z\n", {"a": [1, None, 3], "b": ["x", "y", "z"]}),
    "blanks for missing": (b"a,b\n1,x\n ,y\n3,z\n", {"a": [1, None, 3], "b": ["x", "y", "z"]}),
    "decimal commas between commas": (b'a,v\nx,"1,5"\ny,"2,25"\n', {"a": ["x", "y"], "v": [1.5, 2.25]}),
    "three decimals after a comma": (b"a;v\nx;1,234\ny;0,125\n", {"a": ["x", "y"], "v": [1.234, 0.125]}),
    "decimal commas that look like thousands": (b"a;v\nx;1,234\ny;2,125\n", {"a": ["x", "y"], "v": [1.234, 2.125]}),
    "telephone numbers": (b"t\n+351912345678\n912345678\n", {"t": ["+351912345678", "912345678"]}),
    "numbers of cards": (b"t\n12345678901234567890123\n5\n", {"t": ["12345678901234567890123", "5"]}),
    "words for missing beside the same words": (
        b"n,w\n1,none\nna,low\n3,na\n",
        {"n": [1, None, 3], "w": ["none", "low", "na"]},
    ),
    "several marks": (b"a\n1.5\n?\nn.a.\nNONE\n", {"a": [1.5, None, None, None]}),
    "day first": (
        b"d,n\n01/02/2024,1\n25/02/2024,2\n,3\n",
        {"d": ["2024-02-01", "2024-02-25", None], "n": [1, 2, 3]},
    ),
    "day first with dots and decimal commas": (
        b"d;v\n01.02.2024;1.234,5\n13.02.2024;2,5\n",
        {"d": ["2024-02-01", "2024-02-13"], "v": [1234.5, 2.5]},
    ),
    "only dots and decimal commas": (
        b"d;v\n01.02.2024;1.234,5\n03.02.2024;2,5\n",
        {"d": ["2024-02-01", "2024-02-03"], "v": [1234.5, 2.5]},
    ),
    "day first with a time": (
        b"d\n01/02/2024 10:30\n25/02/2024 09:05\n",
        {"d": ["2024-02-01 10:30", "2024-02-25 09:05"]},
    ),
    "two digits of a year": (b"d\n01/02/24\n25/02/24\n", {"d": ["2024-02-01", "2024-02-25"]}),
    "several forms of dates": (
        b"d\n2025-03-07\n07/03/2025\n14/11/2024\n7 Mar 2025\n",
        {"d": ["2025-03-07", "2025-03-07", "2024-11-14", "2025-03-07"]},
    ),
    "several forms of dates and times": (
        b'd\n2025-03-07 10:00\n07/03/2025 11:30\n14/11/2024\n"March 7, 2025"\n',
        {"d": ["2025-03-07 10:00", "2025-03-07 11:30", "2024-11-14", "2025-03-07"]},
    ),
    "several forms, blanks around": (b"d\n 2025-03-07\n14/11/2024 \n", {"d": ["2025-03-07", "2024-11-14"]}),
    "mostly numbers": (b"a\n" + b"5\n" * 9 + b"many\n", {"a": [5] * 9 + [None]}),
    "mostly numbers with commas": (b'a\n"1,250.5"\n' + b"5\n" * 9 + b"many\n", {"a": [1250.5, *[5] * 9, None]}),
    "mostly decimal commas": (b"a;b\n" + b"1.000,5;1\n" * 9 + b"oops;1\n", {"a": [1000.5] * 9 + [None], "b": [1] * 10}),
    "percentages": (b"a,b\n5%,1\n12.5 %,2\n", {"a": [5, 12.5], "b": [1, 2]}),
    "dollars": (b'a\n"$1,200.50"\n$5\n-$3\n', {"a": [1200.5, 5, -3]}),
    "euros": ("a;b\n1.200,50 €;1\n5,00 €;2\n".encode(), {"a": [1200.5, 5], "b": [1, 2]}),
    "a mark at the end of each row": (b"a,b\n1,x,\n2,y,\n", {"a": [1, 2], "b": ["x", "y"]}),
    "addresses beside points for thousands": (
        b"ip;v\n10.0.0.1;1.000,5\n10.0.0.2;2,5\n",
        {"ip": ["10.0.0.1", "10.0.0.2"], "v": [1000.5, 2.5]},
    ),
    "lists of digits beside commas for thousands": (
        b'l,v\n"1,2,3","1,000.5"\n"4,5",2\n',
        {"l": ["1,2,3", "4,5"], "v": [1000.5, 2]},
    ),
    "a name with quotes and accents": (
        'preço "x";d\n1,5;25/12/2024\n'.encode(),
        {'preço "x"': [1.5], "d": ["2024-12-25"]},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_pandas_reads_the_right_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    data, wanted = FORMS[form]
    assert read(tmp_path, monkeypatch, lines(tmp_path, data)) == wanted


PLAIN = {
    "numbers": (b"a,b\n1,2.5\n3,\n", {"a": [1, 3], "b": [2.5, None]}),
    "known marks": (b"a,b\n1,x\nn/a,y\nNULL,NaN\n", {"a": [1, None, None], "b": ["x", "y", None]}),
    "a byte order mark": (b"\xef\xbb\xbfa,b\n1,2\n", {"a": [1], "b": [2]}),
    "quotes": (b'a,b\n1,"x, ""y"""\n', {"a": [1], "b": ['x, "y"']}),
    "blanks around numbers": (b"a,b\n 1,2\n 3 ,4\n", {"a": [1, 3], "b": [2, 4]}),
    "utf-8": ("a,b\né,1\n".encode(), {"a": ["é"], "b": [1]}),
}


@pytest.mark.parametrize("form", PLAIN)
def test_nothing_is_said_where_the_plain_call_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    data, wanted = PLAIN[form]
    assert lines(tmp_path, data) == []
    assert read(tmp_path, monkeypatch, ['df = pd.read_csv("x.csv")']) == wanted


@pytest.mark.parametrize(
    "data",
    [b"d\n2024-03-01\n2024-12-31\n", b"d\n01/02/2024\n01/31/2024\n", b"d\n7 Mar 2025\n", b"d\n2024-03-01 10:00\n"],
)
def test_dates_that_pandas_reads_by_itself_need_no_line(tmp_path: Path, data: bytes) -> None:
    assert lines(tmp_path, data) == []
    column = pd.read_csv(tmp_path / "x.csv")["d"]
    assert (
        pd.to_datetime(column).dt.month.tolist() == [3, 12]
        if b"12-31" in data
        else pd.to_datetime(column).notna().all()
    )


def test_the_place_of_the_file_is_as_it_must_be_typed(tmp_path: Path) -> None:
    (tmp_path / "my data").mkdir()
    assert lines(tmp_path, b"a;b\n1;2\n", "my data/é x.csv") == ['df = pd.read_csv("my data/é x.csv", sep=";")']
