"""By which columns two tables belong together."""

import pytest

from agents.joins import join


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (("students.csv", "id name"), ("scores.csv", "student_id test score"), 'left_on="id", right_on="student_id"'),
        (("orders.csv", "id customer_id total"), ("customers.csv", "id name"), 'left_on="customer_id", right_on="id"'),
        (("orders.csv", "order_id customer_id"), ("customers.csv", "customer_id name"), 'on="customer_id"'),
        (("a/sales.csv", "day sku n"), ("prices.csv", "sku price day"), 'on="sku"'),
        (("a.csv", "city n"), ("b.csv", "city m"), 'on="city"'),
        (("a.csv", "x"), ("b.csv", "y"), ""),
    ],
)
def test_join(one: tuple[str, str], other: tuple[str, str], wanted: str) -> None:
    assert join((one[0], one[1].split()), (other[0], other[1].split())) == wanted
