"""What one does at a prompt: find, count, pack."""

import re
import tarfile
import zlib
from pathlib import Path

from benchmarks.tasks.task import Task, dice, lines, write

SIZES = {
    "data/readings.bin": 9120,
    "data/raw/morning.bin": 31744,
    "data/raw/evening.bin": 4096,
    "data/raw/spare/night.bin": 27003,
    "data/raw/spare/noon.bin": 1200,
    "data/maps/coast.bin": 18432,
    "data/maps/inland.bin": 26991,
    "data/maps/small/harbour.bin": 650,
    "data/labels.txt": 2210,
}


def sized(folder: Path) -> None:
    """Files of known size in several folders."""
    for place, size in SIZES.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(dice(size).randbytes(size))


def largest() -> list[tuple[int, str]]:
    """The three largest, with their sizes."""
    return sorted(((size, place) for place, size in SIZES.items()), reverse=True)[:3]


def largest_problems(folder: Path, answer: str) -> list[str]:
    """Three lines with size and place."""
    found = [line.replace("\\", "/") for line in lines(folder, "largest.txt")]
    if len(found) != 3:
        return [f"largest.txt: {len(found)} lines instead of 3"]
    right = [
        re.search(rf"(?<!\d){size}(?!\d)", line) and line.rstrip("\"'").endswith(place)
        for line, (size, place) in zip(found, largest(), strict=True)
    ]
    return [f"largest.txt: line {number} is wrong" for number, fits in enumerate(right, 1) if not fits]


def write_largest(folder: Path, found: list[tuple[int, str]]) -> str:
    """Size and place, a line each."""
    write(folder, "largest.txt", "".join(f"{size} {place}\n" for size, place in found))
    return "largest.txt names the three largest files."


COUNTS = {"py": 9, "md": 6, "json": 4, "sh": 3, "txt": 2, "toml": 1}
PLACES = ("project", "project/v1.2", "project/v1.2/deep", "project/tests")


def project(folder: Path) -> None:
    """Files of several kinds at all levels; a folder has a point in its name."""
    for extension, count in COUNTS.items():
        for number in range(count):
            place = PLACES[(number + len(extension)) % len(PLACES)]
            write(folder, f"{place}/part{number}.{extension}", f"{extension} {number}\n")


def count_problems(folder: Path, answer: str) -> list[str]:
    """The extensions with their counts, the commonest first; `uniq -c` has the count in front."""
    found = []
    for line in lines(folder, "extensions.txt"):
        words = re.findall(r"[a-z]+|\d+", line)
        found.append((words[-1], int(words[0])) if line.split()[0].isdigit() else (words[0], int(words[-1])))
    return [] if found == list(COUNTS.items()) else [f"extensions.txt: has {found}"]


def write_counts(folder: Path, pattern: str) -> str:
    """Counts of the files that fit, the commonest extension first."""
    endings = [path.suffix[1:] for path in (folder / "project").glob(pattern) if path.is_file()]
    ranked = sorted({(-endings.count(each), each) for each in endings})
    write(folder, "extensions.txt", "".join(f"{each} {-count}\n" for count, each in ranked))
    return "The counts are in extensions.txt."


REPORTS = {
    "january.txt": "sales 410\n",
    "february.txt": "sales 388\n",
    "march.txt": "sales 512\n",
    "april.txt": "sales 497\n",
    "draft.tmp": "sales ???\n",
    "march.txt.tmp": "sales 5\n",
    "logo.svg": "<svg/>\n",
}


def reports(folder: Path) -> None:
    """Reports among files that do not belong into the package."""
    for name, text in REPORTS.items():
        write(folder, f"reports/{name}", text)


def packed(folder: Path) -> dict[str, str]:
    """The files of the package, without their folders."""
    with tarfile.open(folder / "reports.tar.gz", "r:gz") as package:
        members = [member for member in package.getmembers() if member.isfile()]
        texts = {member.name.rpartition("/")[2]: package.extractfile(member) for member in members}
        return {name: text.read().decode() for name, text in texts.items() if text}


def pack_problems(folder: Path, answer: str) -> list[str]:
    """A script that packs, and the package."""
    problems = [] if "tar" in "".join(lines(folder, "pack.sh")) else ["pack.sh: is not there, or packs nothing"]
    try:
        found = packed(folder)
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        return [*problems, f"reports.tar.gz: {type(error).__name__}"]
    wanted = {name: text for name, text in REPORTS.items() if name.endswith(".txt")}
    return problems + [f"reports.tar.gz: holds {sorted(found)}"] * (found != wanted)


def pack(folder: Path, pattern: str) -> str:
    """The script, and what it does."""
    write(folder, "pack.sh", f"#!/bin/bash\ntar -czf reports.tar.gz reports/{pattern}\n")
    with tarfile.open(folder / "reports.tar.gz", "w:gz") as package:
        for path in sorted((folder / "reports").glob(pattern)):
            package.add(path, f"reports/{path.name}")
    return "pack.sh has made reports.tar.gz."


TASKS = [
    Task(
        "largest",
        "shell",
        "With bash: find the three largest files under data, in all its subfolders, and write them to largest.txt, the "
        "largest first, one per line: the size in bytes, a space, the path (like data/labels.txt).",
        sized,
        largest_problems,
        lambda folder: write_largest(folder, largest()),
        lambda folder: write_largest(folder, [each for each in largest() if "spare" not in each[1]]),
    ),
    Task(
        "extensions",
        "shell",
        "Use shell commands to count how many files of each extension there are below the folder project, all levels "
        "included. Save it as extensions.txt with lines like `py 12`, the most frequent extension first.",
        project,
        count_problems,
        lambda folder: write_counts(folder, "**/*"),
        lambda folder: write_counts(folder, "*/*"),
    ),
    Task(
        "pack",
        "shell",
        "Write me a bash script pack.sh that packs the .txt files of the folder reports, and only those, into "
        "reports.tar.gz, and run it once.",
        reports,
        pack_problems,
        lambda folder: pack(folder, "*.txt"),
        lambda folder: pack(folder, "*.t*"),
    ),
]
