"""Slips that are put right."""

import pytest

from agents.slips import put_right, respelled


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
