"""Slips that are put right."""

import subprocess
from pathlib import Path

import pytest

from agents.slips import put_right, put_right_shell, respelled


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('path.suffix.lower() == "md"', 'path.suffix.lower() == ".md"'),
        ("if f.suffix != 'txt':", "if f.suffix != '.txt':"),
        ('p.suffix in ("jpg", "png")', 'p.suffix in (".jpg", ".png")'),
        ("p.suffix.lower() not in ['a', '.b']", "p.suffix.lower() not in ['.a', '.b']"),
    ],
)
def test_a_suffix_has_its_dot(written: str, meant: str) -> None:
    assert put_right(written) == meant
    assert put_right(meant) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SELECT name, SUM(o.cents) / 100 AS t FROM o", "SELECT name, SUM(o.cents) / 100.0 AS t FROM o"),
        ("SELECT SUM(a * b)/1000 FROM t", "SELECT SUM(a * b) / 1000.0 FROM t"),
        ("SELECT round(price_cents / 100, 2) FROM t", "SELECT round(price_cents / 100.0, 2) FROM t"),
        ("SELECT SUM(cents) / 100.0 FROM t", "SELECT SUM(cents) / 100.0 FROM t"),
        ("SELECT year / 100 FROM t", "SELECT year / 100 FROM t"),
        ("euros = cents / 100", "euros = cents / 100"),
    ],
)
def test_a_sum_of_cents_keeps_its_decimals_in_sql(written: str, meant: str) -> None:
    source = f"query = {written!r}\n" if written.startswith("SELECT") else written
    assert put_right(source) == (f"query = {meant!r}\n" if written.startswith("SELECT") else meant)


def test_a_name_is_looked_for_among_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("box").mkdir()
    Path("box", "a.txt").touch()
    source = "found = [x for x in wanted if x in Path('box').rglob('*.txt')]\n"
    source += "lost = [x for x in wanted if x not in sorted(Path('box').iterdir())]\n"
    scope = {"Path": Path, "wanted": ["a.txt", "b.txt", Path("box/a.txt"), "box/a.txt"]}
    exec(put_right(source), scope)
    assert scope["found"] == ["a.txt", Path("box/a.txt"), "box/a.txt"]
    assert scope["lost"] == ["b.txt"]
    loop = "for x in Path('box').iterdir():\n    print(x)\n"
    assert put_right(loop) == loop


def test_the_hour_of_a_line_is_of_its_characters() -> None:
    source = "lines = open('a.log')\nhours = [line.split()[11:13] for line in lines]\n"
    assert put_right(source) == source.replace(".split()", "")
    assert put_right("words = input().split()[1:3]\n") == "words = input().split()[1:3]\n"


def test_what_find_joins_comes_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("part 3", "part 1", "part 2"):
        (tmp_path / f"{name}.txt").write_text(name[-1])
    for action in ("{} +", "{} \\;", "'{}' ';'"):
        source = f"find . -type f -name '*.txt' -exec cat {action} > all.md"
        assert put_right_shell(source) != source
        subprocess.run(["bash", "-c", put_right_shell(source)], cwd=tmp_path, check=True)
        assert (tmp_path / "all.md").read_text() == "123"
    other = "find . -name '*.txt' -exec wc -l {} +"
    assert put_right_shell(other) == other


def test_the_names_of_groups_are_not_lost() -> None:
    wrong = "g = df.groupby('name')['n'].sum().sort_values()\ng.to_csv('a.csv', index=False)\n"
    assert "g.reset_index().to_csv('a.csv', index=False)" in put_right(wrong)
    for right in (
        "g = df.groupby('name')['n'].sum().reset_index()\ng.to_csv('a.csv', index=False)\n",
        "g = df.groupby('name', as_index=False)['n'].sum()\ng.to_csv('a.csv', index=False)\n",
        "g = df.groupby('name')['n'].sum()\ng = g.reset_index()\ng.to_csv('a.csv', index=False)\n",
        "g = df.groupby('name')['n'].sum()\ng.to_csv('a.csv')\n",
        "g = df.groupby('name')['n'].sum()\nh = pd.DataFrame({'a': g.index})\nh.to_csv('a.csv', index=False)\n",
    ):
        assert put_right(right) == right


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("t = df['a'] * df['b'].sum()", "t = (df['a'] * df['b']).sum()"),
        ('print(df["a b"].sum() * df["c"].sum())', 'print((df["a b"] * df["c"]).sum())'),
        ("t = df['a'] / n * df['b'].sum()", "t = df['a'] / n * df['b'].sum()"),
        ("t = one['a'] * two['b'].sum()", "t = one['a'] * two['b'].sum()"),
        ("t = (df['a'] * df['b']).sum()", "t = (df['a'] * df['b']).sum()"),
    ],
)
def test_a_sum_of_products_is_one(written: str, meant: str) -> None:
    assert put_right(written, products=True) == meant
    assert put_right(written) == written


@pytest.mark.parametrize(
    "right",
    [
        'path.suffix.lstrip(".") == "md"',
        'path.suffix[1:] == "md"',
        'kind == "md"',
        'x = path.suffix + "md"',
        'path.suffix == ""',
    ],
)
def test_what_is_right_stays(right: str) -> None:
    assert put_right(right) == right


def test_a_name_is_spelled_as_it_was_made() -> None:
    wrong = "transportes_despesas = [1]\ntotal = sum(transporte_despesas)\nprint(f'{total} {transporte_despesas}')\n"
    right = wrong.replace("transporte_despesas", "transportes_despesas")
    assert respelled(wrong) == right == respelled(right)


@pytest.mark.parametrize(
    "program",
    [
        "total = 1\nprint(other)",
        "rows_a = 1\nrows_b = 2\nprint(rows_c)",
        "from math import *\nsqrts = 2\nprint(sqrt(4))",
        "value = 1\nprint(thing.valu)",
        "Paths = 1\nprint(Path('.'))",
        "print('",
    ],
)
def test_other_names_stay(program: str) -> None:
    assert respelled(program) == program
