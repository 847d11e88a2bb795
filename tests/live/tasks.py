"""Eight short tasks for a small model, each set up in a folder with unrelated files and judged from outside.

Each has three wordings; the third was written after the prompts were frozen.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Task:
    """A task: how its folder is made, how its result is judged, and what may be said."""

    name: str
    wordings: tuple[str, str, str]
    prepare: Callable[[Path], None]
    done: Callable[[Path, str], bool]


def write(folder: Path, name: str, text: str) -> None:
    """A file in the folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def unrelated(folder: Path) -> None:
    """What lies about in any folder."""
    write(folder, "notes/shopping.txt", "milk\nbread\neggs\n")
    write(folder, "settings.json", json.dumps({"theme": "dark", "volume": 7}))
    write(folder, "budget.csv", "month,amount\nJan,120\nFeb,95\n")


def read(folder: Path, name: str) -> str:
    """A file's text; empty when there is none."""
    path = folder / name
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]


def primes_done(folder: Path, answer: str) -> bool:
    """The primes, one a line, and their sum."""
    return read(folder, "primes.csv").split() == [str(prime) for prime in PRIMES] and "639" in answer


LOG = [
    f"2026-03-{day:02d} {hour:02d}:15:00 {'ERROR' if (day * hour) % 17 == 3 else 'INFO'} worker-{(day + hour) % 4} "
    f"{'disk full on /dev/sdb7' if (day, hour) == (19, 21) else 'heartbeat'}"
    for day in range(1, 29)
    for hour in range(0, 24, 3)
]


def fact_prepare(folder: Path) -> None:
    """A log in which one line tells."""
    write(folder, "server.log", "\n".join(LOG) + "\n")


def fact_done(folder: Path, answer: str) -> bool:
    """The date of that line."""
    return "2026-03-19" in answer


BUGGY = '''def median(values):
    """The median of a list of numbers."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 0:
        return ordered[middle] + ordered[middle - 1] / 2
    return ordered[middle]
'''


def fix_done(folder: Path, answer: str) -> bool:
    """The function gives the right medians."""
    check = "from stats import median; print(median([4, 1, 3, 2]), median([5, 1, 9]), median([2, 4]))"
    ran = subprocess.run([sys.executable, "-c", check], cwd=folder, capture_output=True, encoding="utf-8", timeout=30)
    return ran.stdout.split() == ["2.5", "5", "3.0"]


def rename_prepare(folder: Path) -> None:
    """Photographs with the wrong ending."""
    for number in range(1, 6):
        write(folder, f"photo{number}.jpeg", f"picture {number}")
    write(folder, "readme.txt", "Holiday photographs.\n")


def rename_done(folder: Path, answer: str) -> bool:
    """All renamed, their contents kept, the rest untouched."""
    right = all(read(folder, f"photo{number}.jpg") == f"picture {number}" for number in range(1, 6))
    return right and not list(folder.glob("*.jpeg")) and read(folder, "readme.txt") == "Holiday photographs.\n"


def number_done(folder: Path, answer: str) -> bool:
    """Numbers below 1000 that 3 or 5 divides: 233168."""
    return "233168" in answer.replace(",", "")


PEOPLE = [
    {"name": "Ana", "age": 34, "city": "Porto"},
    {"name": "Bruno", "age": 41, "city": "Lisboa"},
    {"name": "Chloé", "age": 29, "city": "Lyon"},
]


def people_prepare(folder: Path) -> None:
    """People as JSON."""
    write(folder, "people.json", json.dumps(PEOPLE, ensure_ascii=False))


def people_done(folder: Path, answer: str) -> bool:
    """The same people as CSV, in order."""
    rows = list(csv.DictReader(read(folder, "people.csv").splitlines()))
    return rows == [{key: str(value) for key, value in person.items()} for person in PEOPLE]


def lines_prepare(folder: Path) -> None:
    """Python files of known length, in two folders."""
    write(folder, "src/a.py", "x = 1\n" * 17)
    write(folder, "src/deep/b.py", "y = 2\n" * 25)
    write(folder, "src/c.md", "text\n" * 9)


def lines_done(folder: Path, answer: str) -> bool:
    """17 and 25 are 42."""
    return "42" in answer


WORDS = "the cat and the dog and the bird saw the fish\nthe end\n"


def words_prepare(folder: Path) -> None:
    """A text with one word that comes most often."""
    write(folder, "story.txt", WORDS)


def words_done(folder: Path, answer: str) -> bool:
    """The counts as JSON: `the` five times, and so on."""
    try:
        counts = json.loads(read(folder, "counts.json"))
    except ValueError:
        return False
    wanted = {word: WORDS.split().count(word) for word in WORDS.split()}
    return bool(counts == wanted)


TASKS = [
    Task(
        "csv",
        (
            "Write the first 20 prime numbers to primes.csv, one per line, and tell me their sum",
            "Create a file primes.csv with the first 20 primes, one per line without a header. What do they add up to?",
            "Please save the first twenty prime numbers in primes.csv (a single number on every line, no title) and say what their total is.",
        ),
        lambda folder: None,
        primes_done,
    ),
    Task(
        "fact",
        (
            "On which date did server.log report that the disk was full?",
            "Look through server.log and tell me the day on which a disk ran full.",
            "server.log has an entry about a full disk. What date does it carry?",
        ),
        fact_prepare,
        fact_done,
    ),
    Task(
        "fix",
        (
            "Fix the bug in stats.py: median([4, 1, 3, 2]) should be 2.5",
            "The function median in stats.py gives a wrong result for lists of even length. Repair it.",
            "There is a mistake in stats.py: median([2, 4]) gives 4.0 where it should give 3.0. Correct it.",
        ),
        lambda folder: write(folder, "stats.py", BUGGY),
        fix_done,
    ),
    Task(
        "rename",
        (
            "Rename all .jpeg files in this folder so that they end in .jpg",
            "Change the extension of every .jpeg file here to .jpg",
            "Give each .jpeg photo in the folder the ending .jpg and keep its name otherwise.",
        ),
        rename_prepare,
        rename_done,
    ),
    Task(
        "number",
        (
            "What is the sum of all natural numbers below 1000 that are multiples of 3 or 5?",
            "Compute the sum of the multiples of 3 or 5 below 1000.",
            "Which number do you get by adding all positive integers smaller than 1000 that are divisible by 3 or by 5?",
        ),
        lambda folder: None,
        number_done,
    ),
    Task(
        "convert",
        (
            "Convert people.json to people.csv with a header row",
            "Turn the list in people.json into a CSV file people.csv, columns in the same order.",
            "Make people.csv out of people.json: first a line with the column names, then one line per person.",
        ),
        people_prepare,
        people_done,
    ),
    Task(
        "shell",
        (
            "Using bash, count the lines of all .py files under src together and tell me the total",
            "With a shell command, tell me how many lines the Python files below src have in all.",
            "Write a bash one-liner that adds up the number of lines of every Python file in src, subfolders included, and give me the sum.",
        ),
        lines_prepare,
        lines_done,
    ),
    Task(
        "javascript",
        (
            "With JavaScript, count how often each word occurs in story.txt and write the counts as a JSON object to counts.json",
            "Use Node.js: read story.txt and save to counts.json an object that gives for each word the number of times it occurs.",
            "In JavaScript: how many times is each word used in story.txt? Put the result into counts.json as one object, words as keys.",
        ),
        words_prepare,
        words_done,
    ),
]
