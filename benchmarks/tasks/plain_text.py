"""Texts: words counted, addresses sorted, dates written in another way."""

import re
from collections import Counter
from pathlib import Path

from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice, lines, read, write

WORDS = {"sea": 23, "boat": 19, "wind": 14, "rope": 11, "gull": 8, "sand": 5, "tide": 4, "net": 4, "lamp": 3, "old": 3}
LENGTH = 7
"""Words of a sentence."""


def story() -> str:
    """Sentences of these words: with capitals, a comma and a full stop."""
    words = [word for word, count in WORDS.items() for _ in range(count)]
    dice(261).shuffle(words)
    sentences = []
    for start in range(0, len(words), LENGTH):
        first, *others = words[start : start + LENGTH]
        sentences.append(" ".join([first.capitalize(), *others[:2]]) + ", " + " ".join(others[2:]) + ".")
    return "\n".join(sentences) + "\n"


def frequent(pattern: str, text: str) -> list[list[Cell]]:
    """The five commonest of what fits."""
    return [[word, count] for word, count in Counter(re.findall(pattern, text)).most_common(5)]


def write_frequent(folder: Path, body: list[list[Cell]]) -> str:
    """The result."""
    write_table(folder, "words.csv", "word,count", body)
    return f"The commonest word is {body[0][0]}."


EMAILS = """\
Nina@post.example
carlos@mail.example
ZITA@mail.example
bruno@post.example
nina@post.example
Elsa@mail.example
carlos@mail.example
hugo@post.example
Bruno@Post.example
tomas@mail.example
elsa@mail.example
"""


def email_problems(folder: Path, answer: str) -> list[str]:
    """Each address once."""
    wanted, found = sorted(set(EMAILS.lower().split())), [line.strip() for line in lines(folder, "emails_clean.txt")]
    return [] if found == wanted else [f"emails_clean.txt: {found}"]


def write_emails(folder: Path, found: list[str]) -> str:
    """The result."""
    write(folder, "emails_clean.txt", "\n".join(found) + "\n")
    return f"{len(found)} addresses are left."


MINUTES = """\
Ata da reunião de 07/03/2025

A reunião anterior foi em 14/02/2025 e a ata foi aprovada com 11 votos.
As obras começam a 01/04/2025 e acabam a 30/06/2025, se não chover.
O orçamento de 2 500 euros vale até 31/12/2025.
Próxima reunião: 09/05/2025, às 18:30, na sala 12.
"""


def rewritten(form: str) -> str:
    """The minutes with the dates in another form."""
    return re.sub(r"(\d\d)/(\d\d)/(\d{4})", form, MINUTES)


def minutes_problems(folder: Path, answer: str) -> list[str]:
    """The dates are new, nothing else."""
    wanted, found = [line for line in rewritten(r"\3-\2-\1").splitlines() if line], lines(folder, "ata_iso.txt")
    wrong = [f"ata_iso.txt: no line {line!r}" for line in wanted if line not in found]
    return wrong or [f"ata_iso.txt: {len(found)} lines, or in another order"] * (found != wanted)


def write_minutes(folder: Path, form: str) -> str:
    """The result."""
    write(folder, "ata_iso.txt", rewritten(form))
    return "A ata está em ata_iso.txt."


TASKS = [
    Task(
        "frequent-words",
        "text",
        "Which are the five most frequent words in story.txt? Upper and lower case are the same, and full stops and "
        "commas do not belong to the words. Write words.csv with the columns word (in lower case) and count, the most "
        "frequent word first.",
        lambda folder: write(folder, "story.txt", story()),
        lambda folder, answer: table_problems(folder, "words.csv", frequent(r"\w+", story().lower())),
        lambda folder: write_frequent(folder, frequent(r"\w+", read(folder, "story.txt").lower())),
        lambda folder: write_frequent(folder, frequent(r"\S+", read(folder, "story.txt"))),
    ),
    Task(
        "sort-emails",
        "text",
        "emails.txt has one e-mail address per line; some are there twice, sometimes with capital letters. Write "
        "emails_clean.txt with all addresses in lower case, each only once, sorted alphabetically, one per line.",
        lambda folder: write(folder, "emails.txt", EMAILS),
        email_problems,
        lambda folder: write_emails(folder, sorted(set(EMAILS.lower().split()))),
        lambda folder: write_emails(folder, sorted(set(EMAILS.split()))),
    ),
    Task(
        "datas-iso",
        "text",
        "No ficheiro ata.txt as datas estão escritas como 07/03/2025 (dia/mês/ano). Escreve todas as datas na forma "
        "2025-03-07 (ano-mês-dia) e grava o texto assim alterado em ata_iso.txt. O resto do texto fica igual.",
        lambda folder: write(folder, "ata.txt", MINUTES),
        minutes_problems,
        lambda folder: write_minutes(folder, r"\3-\2-\1"),
        lambda folder: write_minutes(folder, r"\3-\1-\2"),
    ),
]
