"""Files renamed, sorted by year, copied by a list."""

import re
from pathlib import Path

from benchmarks.tasks.task import Task, contents, differences, lines, read, write

SCANS = [
    "May 3 bill.pdf",
    "letter.pdf",
    "rent contract 2024.pdf",
    "tax-form.pdf",
    "Aunt Vera.jpg",
    "insurance policy page 2.pdf",
    "map.png",
    "old keys list.txt",
]


def scans(folder: Path) -> None:
    """Files with blanks in their names, and without."""
    for name in SCANS:
        write(folder, f"scans/{name}", f"this was {name}\n")


def scan_problems(folder: Path, answer: str) -> list[str]:
    """Each file under its new name."""
    wanted = {name.replace(" ", "_"): f"this was {name}\n".encode() for name in SCANS}
    return differences(contents(folder / "scans"), wanted)


def rename(folder: Path, most: int) -> str:
    """So many blanks of each name replaced; -1 means all."""
    for path in sorted((folder / "scans").iterdir()):
        path.rename(path.with_name(path.name.replace(" ", "_", most)))
    return "The files have their new names."


IMAGES = [
    "IMG_2022-08-01_004.jpg",
    "IMG_2022-12-24_001.jpg",
    "IMG_2023-05-14_001.jpg",
    "IMG_2023-05-14_002.jpg",
    "IMG_2023-11-30_017.jpg",
    "IMG_2024-01-01_002.jpg",
    "IMG_2024-02-29_003.jpg",
    "IMG_2025-06-10_008.jpg",
]


def images(folder: Path) -> None:
    """Pictures of several years."""
    for name in IMAGES:
        write(folder, f"imagens/{name}", f"isto era {name}\n")


def image_problems(folder: Path, answer: str) -> list[str]:
    """Each picture in the subfolder of its year."""
    wanted = {f"{name[4:8]}/{name}": f"isto era {name}\n".encode() for name in IMAGES}
    return differences(contents(folder / "imagens"), wanted)


def move_images(folder: Path, pattern: str) -> str:
    """To subfolders named by the part of the name that fits."""
    for name in IMAGES:
        place = folder / "imagens" / re.findall(pattern, name)[0]
        place.mkdir(exist_ok=True)
        (folder / "imagens" / name).rename(place / name)
    return f"{len(IMAGES)} imagens foram movidas."


ARCHIVE = ["anthem.txt", "ballad.txt", "carol.txt", "dirge.txt", "elegy.txt", "fugue.txt", "gavotte.txt", "hymn.txt"]
LISTED = ["carol.txt", "hymn.txt", "lament.txt", "anthem.txt", "polka.txt", "fugue.txt"]


def archive(folder: Path) -> None:
    """Songs, and a list with some of them and some others."""
    for name in ARCHIVE:
        write(folder, f"archive/{name}", f"this is {name}\n")
    write(folder, "list.txt", "\n".join(LISTED) + "\n")


def copy_problems(folder: Path, answer: str) -> list[str]:
    """The listed ones are in both folders; the missing ones have been written down."""
    texts = {name: f"this is {name}\n".encode() for name in ARCHIVE}
    problems = differences(contents(folder / "archive"), texts)
    problems += differences(contents(folder / "selected"), {name: texts[name] for name in LISTED if name in texts})
    found = [line.strip() for line in lines(folder, "missing.txt")]
    missing = sorted(name for name in LISTED if name not in ARCHIVE)
    return problems + [f"missing.txt: {found}"] * (sorted(found) != missing)


def copy(folder: Path, names: list[str], missing: list[str]) -> str:
    """These copied, those written down."""
    for name in names:
        write(folder, f"selected/{name}", read(folder, f"archive/{name}"))
    write(folder, "missing.txt", "\n".join(missing) + "\n")
    return f"{len(names)} files were copied."


TASKS = [
    Task(
        "rename-spaces",
        "files",
        "Please rename the files in the folder scans: replace every space in a file name by an underscore, so that "
        "scans/May 3 bill.pdf becomes scans/May_3_bill.pdf. Files without a space keep their name.",
        scans,
        scan_problems,
        lambda folder: rename(folder, -1),
        lambda folder: rename(folder, 1),
    ),
    Task(
        "fotos-por-ano",
        "files",
        "Os ficheiros da pasta imagens têm nomes como IMG_2023-05-14_001.jpg, com a data depois de IMG_. Move cada "
        "ficheiro para uma subpasta com o nome do ano, por exemplo para imagens/2023/IMG_2023-05-14_001.jpg. Os nomes "
        "dos ficheiros ficam iguais.",
        images,
        image_problems,
        lambda folder: move_images(folder, r"\d{4}"),
        lambda folder: move_images(folder, r"\d{4}-\d\d"),
    ),
    Task(
        "copy-by-list",
        "files",
        "The file list.txt has one file name per line. Copy the files with these names from the folder archive to a "
        "new folder selected. If a name from the list does not exist in archive, write it to missing.txt, one name "
        "per line.",
        archive,
        copy_problems,
        lambda folder: copy(folder, [n for n in LISTED if n in ARCHIVE], [n for n in LISTED if n not in ARCHIVE]),
        lambda folder: copy(folder, [n for n in LISTED if n in ARCHIVE], [n for n in ARCHIVE if n not in LISTED]),
    ),
]
