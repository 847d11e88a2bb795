"""The modules that are to be refactored, with their tests and with ways to do it, good and bad."""

_LOOP = """\
    net = 0
    for name, quantity, cents in lines:
        if quantity < 0:
            raise ValueError(f"{name}: negative quantity")
        amount = quantity * cents
        if quantity >= 10:
            amount = amount * 95 // 100
        net += amount
"""
_INVOICE = '''\
"""Totals of invoices in cents; a line is (name, quantity, unit price in cents)."""

{shared}
def domestic_total(lines):
    """With 23 % tax."""
{first}    return net + net * 23 // 100


def export_total(lines):
    """Without tax, with 1500 for the customs."""
{second}    return net + 1500


def member_total(lines):
    """10 % off, then with 23 % tax."""
{third}    net = net * 90 // 100
    return net + net * 23 // 100
'''
_SHARED = f'\ndef net_total(lines):\n    """Ten of a thing cost 5 % less."""\n{_LOOP}    return net\n\n'
_CALL = "    net = net_total(lines)\n"
INVOICE = _INVOICE.format(shared="", first=_LOOP, second=_LOOP, third=_LOOP)
INVOICE_RIGHT = _INVOICE.format(shared=_SHARED, first=_CALL, second=_CALL, third=_CALL)
INVOICE_HALF = _INVOICE.format(shared=_SHARED, first=_CALL, second=_CALL, third=_LOOP)
INVOICE_TESTS = """\
import unittest

from invoice import domestic_total, export_total, member_total

LINES = [("pen", 12, 150), ("ink", 1, 890)]


class Totals(unittest.TestCase):
    def test_domestic(self):
        self.assertEqual(domestic_total(LINES), 3198)

    def test_export(self):
        self.assertEqual(export_total(LINES), 4100)

    def test_member(self):
        self.assertEqual(member_total(LINES), 2878)

    def test_negative(self):
        with self.assertRaises(ValueError):
            export_total([("pen", -1, 150)])


if __name__ == "__main__":
    unittest.main()
"""
INVOICE_CASES = [
    ("domestic_total([])", "0"),
    ("export_total([])", "1500"),
    ("domestic_total([('a', 9, 101), ('b', 10, 33)])", "1503"),
    ("member_total([('a', 9, 101), ('b', 10, 33)])", "1351"),
    ("export_total([('a', 9, 101), ('b', 10, 33)])", "2722"),
    ("domestic_total([('a', -2, 5)])", "ValueError"),
    ("member_total([('a', -2, 5)])", "ValueError"),
]

VISITS = '''\
"""Summaries of visits."""


def summarise(lines):
    """A summary of lines such as `2025-03-07;Ana;45` (day, name, minutes).

    Empty lines and lines that begin with # are skipped; lines that are not of this form are counted as bad.
    """
    visits = 0
    bad = 0
    minutes_by_person = {}
    days = {}
    longest = None
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if line.startswith("#"):
            continue
        parts = line.split(";")
        if len(parts) != 3:
            bad += 1
            continue
        day, name, minutes = parts
        if not minutes.isdigit():
            bad += 1
            continue
        minutes = int(minutes)
        visits += 1
        minutes_by_person[name] = minutes_by_person.get(name, 0) + minutes
        days.setdefault(day, set()).add(name)
        if longest is None or minutes > longest[1]:
            longest = (name, minutes)
    busiest = None
    for day in sorted(days):
        if busiest is None or len(days[day]) > len(days[busiest]):
            busiest = day
    return {
        "visits": visits,
        "bad": bad,
        "minutes": minutes_by_person,
        "longest": longest,
        "busiest": busiest,
    }
'''
VISITS_RIGHT = '''\
"""Summaries of visits."""


def parsed(line):
    """Day, name and minutes of a line; None when it is bad."""
    parts = line.split(";")
    if len(parts) != 3 or not parts[2].isdigit():
        return None
    return parts[0], parts[1], int(parts[2])


def minutes_by_person(visits):
    """The minutes of each."""
    minutes = {}
    for _, name, length in visits:
        minutes[name] = minutes.get(name, 0) + length
    return minutes


def busiest_day(visits):
    """The first day with the most different people."""
    days = {}
    for day, name, _ in visits:
        days.setdefault(day, set()).add(name)
    return max(sorted(days), key=lambda day: len(days[day]), default=None)


def summarise(lines):
    """A summary of lines such as `2025-03-07;Ana;45` (day, name, minutes)."""
    stripped = [line.strip() for line in lines]
    read = [parsed(line) for line in stripped if line and not line.startswith("#")]
    visits = [visit for visit in read if visit]
    longest = max(visits, key=lambda visit: visit[2], default=None)
    return {
        "visits": len(visits),
        "bad": len(read) - len(visits),
        "minutes": minutes_by_person(visits),
        "longest": longest and longest[1:],
        "busiest": busiest_day(visits),
    }
'''
VISITS_WRONG = VISITS_RIGHT.replace('line and not line.startswith("#")', "line")
VISITS_TESTS = """\
import unittest

from visits import summarise

LINES = ["2025-03-07;Ana;45", "2025-03-07;Bo;30\\n", "", "2025-03-08;Ana;45", "2025-03-08;Ana;x"]


class Summary(unittest.TestCase):
    def test_all(self):
        self.assertEqual(
            summarise(LINES),
            {
                "visits": 3,
                "bad": 1,
                "minutes": {"Ana": 90, "Bo": 30},
                "longest": ("Ana", 45),
                "busiest": "2025-03-07",
            },
        )

    def test_nothing(self):
        self.assertEqual(summarise([])["longest"], None)


if __name__ == "__main__":
    unittest.main()
"""
VISITS_CASES = [
    ("summarise(['# a;b;3', '  ', 'x', 'd;A;7;8'])['bad']", "2"),
    ("summarise(['# a;b;3'])", "{'visits': 0, 'bad': 0, 'minutes': {}, 'longest': None, 'busiest': None}"),
    ("summarise(['b;A;7', 'a;B;7', 'a;B;6'])['longest']", "('A', 7)"),
    ("summarise(['b;A;7', 'a;B;7', 'a;B;6'])['busiest']", "'a'"),
    ("summarise(['b;A;7', 'b;C;7', 'a;B;6', 'c;A;1', 'c;B;1'])['busiest']", "'b'"),
    (
        "summarise(['b;A;0', 'b;A;-4'])",
        "{'visits': 1, 'bad': 1, 'minutes': {'A': 0}, 'longest': ('A', 0), 'busiest': 'b'}",
    ),
]
