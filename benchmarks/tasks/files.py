"""Files put in order, freed of copies, edited together."""

import hashlib
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, contents, dice, differences, read, write

DOWNLOADS = [
    "Budget 2025.xlsx",
    "invoice_03.pdf",
    "Scan.PDF",
    "holiday.jpg",
    "IMG_0042.JPG",
    "song.mp3",
    "todo.txt",
    "Notes.TXT",
    "LICENSE",
    "Makefile",
    "slides.final.pptx",
    "backup.zip",
    "addresses.csv",
]


def downloads(folder: Path) -> None:
    """Files of all kinds in one folder."""
    for name in DOWNLOADS:
        write(folder, f"downloads/{name}", f"this was {name}\n")


def kind(name: str) -> str:
    """The subfolder for a file."""
    return Path(name).suffix.lower().removeprefix(".") or "other"


def organise_problems(folder: Path, answer: str) -> list[str]:
    """Each file in its subfolder, none elsewhere."""
    wanted = {f"{kind(name)}/{name}": f"this was {name}\n".encode() for name in DOWNLOADS}
    return differences(contents(folder / "downloads"), wanted)


def organise(folder: Path, names: list[str]) -> str:
    """These files moved to where they belong."""
    for name in names:
        (folder / "downloads" / kind(name)).mkdir(exist_ok=True)
        (folder / "downloads" / name).rename(folder / "downloads" / kind(name) / name)
    return f"{len(names)} files are in their subfolders."


PHOTOS = {
    "amendoeira.jpg": 1,
    "barco.jpg": 2,
    "castelo.jpg": 1,
    "dunas.jpg": 3,
    "elevador.jpg": 4,
    "farol.jpg": 2,
    "gaivota.jpg": 5,
    "horta.jpg": 2,
    "igreja.jpg": 6,
    "jardim.jpg": 7,
    "lagoa.jpg": 4,
    "moinho.jpg": 8,
}
"""Photographs with the number of what is on them."""
SIZES = {1: 2311, 2: 4870, 3: 2311, 4: 1523, 5: 3098, 6: 1523, 7: 4112, 8: 977}
"""Some that differ are equally large."""


def photo(number: int) -> bytes:
    """What is on a photograph."""
    return dice(number).randbytes(SIZES[number])


def photos(folder: Path) -> None:
    """The photographs, some of them several times."""
    (folder / "fotos").mkdir()
    for name, number in PHOTOS.items():
        (folder / "fotos" / name).write_bytes(photo(number))


def kept() -> dict[str, bytes]:
    """The first of each that are equal."""
    first = {number: name for name, number in reversed(PHOTOS.items())}
    return {name: photo(number) for number, name in first.items()}


def freed() -> int:
    """The bytes of those that are not kept."""
    return sum(SIZES[number] for number in PHOTOS.values()) - sum(map(len, kept().values()))


def duplicate_problems(folder: Path, answer: str) -> list[str]:
    """One of each is left, and the answer says how much room that made."""
    return differences(contents(folder / "fotos"), kept()) + number_problems(answer, freed())


def remove_duplicates(folder: Path) -> str:
    """By content."""
    seen, removed = set(), 0
    for path in sorted((folder / "fotos").iterdir()):
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest in seen:
            removed += path.stat().st_size
            path.unlink()
        seen.add(digest)
    return f"Foram libertados {removed} bytes."


def remove_equally_large(folder: Path) -> str:
    """By size, which is not the same."""
    seen, removed = set(), 0
    for path in sorted((folder / "fotos").iterdir()):
        size = path.stat().st_size
        if size in seen:
            removed += size
            path.unlink()
        seen.add(size)
    return f"Foram libertados {removed} bytes."


PAGES = {
    "docs/index.md": "# Acme Notes\n\nAcme Notes keeps what you write. See https://docs.acme.example/start.\n",
    "docs/install.md": "Get Acme Notes from https://docs.acme.example/get and run it.\n\nAcme Notes needs 80 MB.\n",
    "docs/guide/sync.md": "## Sync\n\nTwo Acme Notes meet at sync.acme.example – not at docs.acme.example.\n",
    "docs/guide/faq.md": "## Questions\n\n*Is it free?* Yes, for one person.\n",
    "docs/archive/2019.md": "Acme Notes 1.0 came out. Its pages were at docs.acme.example.\n",
    "docs/legal.txt": "Acme Notes is a trade mark. docs.acme.example\n",
    "docs/theme.css": "/* Acme Notes */\nbody { color: #222; }\n",
}


def pages(folder: Path) -> None:
    """The pages of a product that gets a new name."""
    for name, text in PAGES.items():
        write(folder, name, text)


def renamed(name: str, text: str) -> str:
    """A page as it should be."""
    if not name.endswith(".md") or "/archive/" in name:
        return text
    return text.replace("Acme Notes", "Lumen Notes").replace("docs.acme.example", "docs.lumen.example")


def edit_problems(folder: Path, answer: str) -> list[str]:
    """The right pages have the new name, the others the old one."""
    wrong = [name for name, text in PAGES.items() if read(folder, name).strip() != renamed(name, text).strip()]
    return [f"{name}: has not the right text" for name in wrong]


def edit(folder: Path, everywhere: bool) -> str:
    """The new name in the right pages, or in every one."""
    for name, text in PAGES.items():
        write(folder, name, renamed("docs/x.md", text) if everywhere and name.endswith(".md") else renamed(name, text))
    return "The product has its new name."


TASKS = [
    Task(
        "organise",
        "files",
        "Tidy up the folder downloads: move every file in it into a subfolder named after its extension in lower case, "
        "so that Scan.PDF ends up as downloads/pdf/Scan.PDF. Files without an extension go to downloads/other. "
        "Keep the file names as they are.",
        downloads,
        organise_problems,
        lambda folder: organise(folder, DOWNLOADS),
        lambda folder: organise(folder, [name for name in DOWNLOADS if "." in name]),
    ),
    Task(
        "duplicates",
        "files",
        "Na pasta fotos há ficheiros repetidos: o conteúdo é exatamente igual, só o nome é diferente. De cada grupo de "
        "iguais deixa ficar apenas o primeiro por ordem alfabética e apaga os outros. No fim diz-me quantos bytes "
        "foram libertados.",
        photos,
        duplicate_problems,
        remove_duplicates,
        remove_equally_large,
    ),
    Task(
        "rename-product",
        "files",
        "Our product gets a new name. In all .md files under docs, subfolders too, replace 'Acme Notes' by 'Lumen "
        "Notes' and docs.acme.example by docs.lumen.example. Leave everything in docs/archive as it is, and all files "
        "that are not .md.",
        pages,
        edit_problems,
        lambda folder: edit(folder, everywhere=False),
        lambda folder: edit(folder, everywhere=True),
    ),
]
