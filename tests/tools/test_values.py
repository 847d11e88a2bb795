"""What is said of a column's values: their form, what is missing, what a program would stumble over."""

import pytest

from tools.values import column


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["1", "2"], "integer"),
        (["1", "2.5", "1e3"], "number"),
        (["01", "2"], "digits with leading zeros"),
        (["1,239.97", "5"], "number with thousands commas"),
        (["1,234", "2,000"], "number with thousands commas"),
        (["1,234", "2,5"], "number with decimal comma"),
        (["1.234,5", "1.000", "7"], "number with decimal comma"),
        (["1.234,5", "1.05"], "text"),
        (["1,234.5", "2,5"], "text"),
        (["5%", "7.5 %"], "percentage"),
        (["$5", "$1,000"], "amount of money"),
        (["yes", "no"], "boolean"),
        (["a", "b"], "text"),
        ([*"aabaab"], "text, one of 2"),
        (["Lisboa", "lisboa", "Porto"], "text, the same words in upper and lower case"),
        ([" a ", "b"], "text, some with blanks around"),
        (["2024-01-05"], "date YYYY-MM-DD"),
        (["2024-01-05 10:00", "2024-01-06 11:30"], "date and time YYYY-MM-DD HH:MM"),
        (["2024-01-05T10:00:00Z"], "date and time YYYY-MM-DDTHH:MM:SS and zone"),
        (["2024/01/05"], "date YYYY/MM/DD"),
        (["01/02/2024", "25/02/2024"], "date DD/MM/YYYY"),
        (["01/02/2024", "02/25/2024"], "date MM/DD/YYYY"),
        (["01-02-2024", "25-02-2024"], "date DD-MM-YYYY"),
        (["1.2.2024", "25.2.2024"], "date DD.MM.YYYY"),
        (["01/02/2024"], "date DD/MM/YYYY, from the values not clear whether the day is first"),
        (["25/02/2024", "02/25/2024"], "dates, the day first in some and the month first in others: DD/MM/YYYY"),
        (["2024-01-05", "25/01/2024", "7 Mar 2024"], "dates in 3 forms: YYYY-MM-DD, DD/MM/YYYY, D Mon YYYY"),
        (["3 de março de 2024"], "date D Mês YYYY"),
        (["99/99/2024"], "text"),
        (["10.0.0.1"], "text"),
        ([*"12345678", "x"], "mostly integer"),
        (["1.5", *"1234567", "x"], "mostly number"),
        (["1", "x", "y"], "text"),
        (["", "-"], "empty"),
        ([], "empty"),
    ],
)
def test_forms_of_values(values: list[str], wanted: str) -> None:
    assert column("a", values).type == wanted


def test_examples_show_what_differs() -> None:
    assert column("a", ["x", "y", "Lisboa", "z", "lisboa", "w", "v"]).examples == ("Lisboa", "lisboa")
    assert column("a", [*"xyzwv", " b "]).examples[0] == " b "
    assert column("a", [*"123456789", "many"]).examples == ("1", "2", "many")
    assert column("a", ["2024-01-05", "2024-01-06", "25/01/2024"]).examples == ("2024-01-05", "25/01/2024")


def test_missing_values_are_counted_in_whatever_way_they_are_written() -> None:
    assert column("a", ["1", "", " ", "n/a", "NULL", "-", "None", "2"]).missing == 6


def test_what_comes_late_in_a_long_column_is_seen() -> None:
    values = [str(n) for n in range(50_000)] + ["many"] * 500
    assert column("a", values).type == "mostly integer"
