"""Small modules with one mistake, which the task names."""

from benchmarks.tasks.fixes import task

RULES = '''\
"""Rules of the calendar."""


def is_leap(year):
    """Whether the year has a 29th of February."""
    return year % 4 == 0


def days_in_year(year):
    """How many days the year has."""
    return 366 if is_leap(year) else 365
'''
RULES_LINE = "return year % 4 == 0"
RULES_RIGHT = (RULES_LINE, "return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)")
RULES_WRONG = (RULES_LINE, "return year % 4 == 0 and year % 100 != 0")
RULES_CASES = [
    ("is_leap(1900)", "False"),
    ("is_leap(2000)", "True"),
    ("is_leap(2024)", "True"),
    ("is_leap(2023)", "False"),
    ("is_leap(2100)", "False"),
    ("days_in_year(2100)", "365"),
    ("days_in_year(2400)", "366"),
]

MARKS = """\
def media(notas):
    return sum(notas) / len(notas)
"""
MARKS_LINE = "    return sum(notas) / len(notas)"
MARKS_RIGHT = (MARKS_LINE, "    return sum(notas) / len(notas) if notas else 0")
MARKS_WRONG = (MARKS_LINE, "    return sum(notas) / len(notas) if notas else None")
MARKS_CASES = [
    ("media([10, 14, 18])", "14"),
    ("media([7])", "7"),
    ("media([12, 13])", "12.5"),
    ("media([])", "0"),
]

TASKS = [
    task(
        "leap-year",
        "The function is_leap(year) in calendar_rules.py consists of the line\n\n"
        "    return year % 4 == 0\n\n"
        "That is wrong for full centuries: 1900 was not a leap year, 2000 was one (a year that can be divided by 100 "
        "is a leap year only when it can be divided by 400). Replace this line in the file by the right one; the rest "
        "of the file stays as it is.",
        "calendar_rules",
        RULES_CASES,
        RULES,
        [RULES_RIGHT],
        [RULES_WRONG],
    ),
    task(
        "media-vazia",
        "O ficheiro notas.py contém só esta função:\n\n"
        "    def media(notas):\n"
        "        return sum(notas) / len(notas)\n\n"
        "Com uma lista vazia dá um ZeroDivisionError; nesse caso deve devolver 0. Grava a função corrigida em "
        "notas.py, no lugar da antiga.",
        "notas",
        MARKS_CASES,
        MARKS,
        [MARKS_RIGHT],
        [MARKS_WRONG],
    ),
]
