"""Functions that do too much: what they compare and call is counted."""

from pathlib import Path

from benchmarks.tasks.hidden import failures
from benchmarks.tasks.task import Task, write

SEARCH = '''\
def index_of(items, wanted):
    """The place of `wanted` in the sorted list `items`, or -1 when it is not there."""
    for place, item in enumerate(items):
        if item == wanted:
            return place
    return -1
'''
SEARCH_RIGHT = '''\
from bisect import bisect_left


def index_of(items, wanted):
    """The place of `wanted` in the sorted list `items`, or -1 when it is not there."""
    place = bisect_left(items, wanted)
    return place if place < len(items) and items[place] == wanted else -1
'''
SEARCH_WRONG = '''\
def index_of(items, wanted):
    """The place of `wanted` in the sorted list `items`, or -1 when it is not there."""
    low, high = 0, len(items) - 1
    while low < high:
        middle = (low + high) // 2
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1
'''
MOST = 40
SEARCH_TESTS = """
from search import index_of

class Counted:
    count = 0
    def __init__(self, value):
        self.value = value
    def __hash__(self):
        Counted.count += 1
        return hash(self.value)
    def __repr__(self):
        return str(self.value)

def counting(name):
    def compare(self, other):
        Counted.count += 1
        return getattr(self.value, name)(other.value)
    return compare

for name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Counted, name, counting(name))

def test(size, value):
    items = [Counted(2 * number) for number in range(size)]
    Counted.count = 0
    place = index_of(items, Counted(value))
    right = value // 2 if value % 2 == 0 and 0 <= value < 2 * size else -1
    if place != right:
        wrong.append(f"index_of gives {place} instead of {right} for {value} among {size} items")
    if Counted.count > MOST:
        wrong.append(f"{Counted.count} comparisons for {value} among {size} items")

for value in (*range(-1, 2001, 7), 0, 1998, 1000, 2000):
    test(1000, value)
for size in (0, 1, 2, 3):
    for value in range(-1, 2 * size + 1):
        test(size, value)
wrong = wrong[:5]
""".replace("MOST", str(MOST))

TOTALS = '''\
def order_totals(orders, fetch_price):
    """The total of each order, in the order in which they come; an order is a list of (article, quantity)."""
    totals = []
    for order in orders:
        total = 0
        for article, quantity in order:
            total += quantity * fetch_price(article)
        totals.append(total)
    return totals
'''
TOTALS_RIGHT = '''\
def order_totals(orders, fetch_price):
    """The total of each order, in the order in which they come; an order is a list of (article, quantity)."""
    prices = {article: fetch_price(article) for article in {article for order in orders for article, _ in order}}
    return [sum(quantity * prices[article] for article, quantity in order) for order in orders]
'''
TOTALS_WRONG = '''\
def order_totals(orders, fetch_price, prices={}):
    """The total of each order, in the order in which they come; an order is a list of (article, quantity)."""
    totals = []
    for order in orders:
        for article, quantity in order:
            if article not in prices:
                prices[article] = fetch_price(article)
        totals.append(sum(quantity * prices[article] for article, quantity in order))
    return totals
'''
TOTALS_TESTS = """
from totals import order_totals

ORDERS = [[("a", 2), ("b", 1)], [], [("a", 1), ("c", 3), ("a", 4)], [("b", 10)]]

def test(prices, right):
    asked = []
    def fetch(article):
        asked.append(article)
        return prices[article]
    given = [list(order) for order in ORDERS]
    found = list(order_totals(given, fetch))
    if found != right:
        wrong.append(f"the totals are {found} instead of {right}")
    if len(asked) != len(set(asked)):
        wrong.append(f"fetch_price was called for {asked}")
    if given != ORDERS:
        wrong.append("the orders were changed")

test({"a": 5, "b": 7, "c": 11, "d": 0}, [17, 0, 58, 70])
test({"a": 1, "b": 2, "c": 3}, [4, 0, 14, 20])
if order_totals([], None) != []:
    wrong.append("no orders have totals")
"""


def rewrite(folder: Path, module: str, code: str) -> str:
    """The module, written anew."""
    write(folder, f"{module}.py", code)
    return f"{module}.py does less now."


TASKS = [
    Task(
        "binary-search",
        "optimise",
        "index_of(items, wanted) in search.py goes through the whole list, although items is always sorted (and no "
        "item is in it twice). Rewrite search.py so that index_of needs at most 40 comparisons of items for a list of "
        "1000. It returns the index of wanted, or -1 when wanted is not in the list.",
        lambda folder: write(folder, "search.py", SEARCH),
        lambda folder, answer: failures(folder, SEARCH_TESTS),
        lambda folder: rewrite(folder, "search", SEARCH_RIGHT),
        lambda folder: rewrite(folder, "search", SEARCH_WRONG),
    ),
    Task(
        "fetch-once",
        "optimise",
        "This is totals.py:\n\n"
        f"```python\n{TOTALS}```\n\n"
        "fetch_price is slow. Change the file so that one call of order_totals calls fetch_price at most once for each "
        "article. Prices change, so nothing may be remembered from one call of order_totals to the next. The "
        "parameters and the results stay as they are.",
        lambda folder: write(folder, "totals.py", TOTALS),
        lambda folder, answer: failures(folder, TOTALS_TESTS),
        lambda folder: rewrite(folder, "totals", TOTALS_RIGHT),
        lambda folder: rewrite(folder, "totals", TOTALS_WRONG),
    ),
]
