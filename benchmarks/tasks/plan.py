"""Plans: numbered steps with everything that was asked for, in an order that keeps the conditions."""

import re

from benchmarks.tasks.task import Task

STEP = re.compile(r"^[\s*_#>(-]*(?:step|passo)?\s*(\d{1,2})\s*[.):ºª–-]+(.*)$", re.IGNORECASE | re.MULTILINE)
HOUR = re.compile(r"(?<!\d)(\d{1,2})\s*(?:h(?:oras)?\b|h(?=\d)|:)\s*(\d\d)?(?!\d)", re.IGNORECASE)

RELEASE = {
    "freeze": r"\bfr[eo]+ze",
    "backup": r"\bback(?:ed|ing)?[ -]?up|\bbackup",
    "restore": r"\brestor",
    "announce": r"\bannounc",
    "stop": r"\b(?:stop|shut)",
    "migrate": r"\bmigrat",
    "start": r"\b(?:re-?)?start",
    "review": r"\breview",
}
RELEASE_ORDER = [
    ("backup", "restore"),
    ("restore", "migrate"),
    ("announce", "stop"),
    ("stop", "migrate"),
    ("migrate", "start"),
]
SATURDAY = {
    "ginásio": r"gin[áa]sio",
    "compras": r"\bcompras",
    "correios": r"\bcorreio",
    "bolo": r"\bbolo",
    "Rita": r"\brita\b",
    "limpar": r"\blimp",
}
SATURDAY_ORDER = [("compras", "bolo")]


def steps(answer: str, items: dict[str, str]) -> list[str]:
    """The item of each numbered step: the first that its line names."""
    found = []
    for _, line in numbered(answer):
        places = {item: hit.start() for item, words in items.items() if (hit := re.search(words, line, re.IGNORECASE))}
        found.append(min(places, key=lambda item: places[item]) if places else "")
    return found


def numbered(answer: str) -> list[tuple[int, str]]:
    """The steps with their numbers."""
    return [(int(number), line) for number, line in STEP.findall(answer)]


def plan_problems(answer: str, items: dict[str, str], order: list[tuple[str, str]], fixed: dict[int, str]) -> list[str]:
    """Each item once, numbered from 1, in an order that is allowed; some have a place of their own."""
    found = steps(answer, items)
    numbers = [number for number, _ in numbered(answer)]
    if numbers != [*range(1, len(items) + 1)] or sorted(found) != sorted(items):
        return [f"the steps are {list(zip(numbers, found, strict=True))}"]
    problems = [f"{first} comes after {then}" for first, then in order if found.index(first) > found.index(then)]
    return problems + [f"step {place} is not {item}" for place, item in fixed.items() if found[place - 1] != item]


def release_problems(answer: str) -> list[str]:
    """The plan of a release."""
    return plan_problems(answer, RELEASE, RELEASE_ORDER, {1: "freeze", 8: "review"})


def saturday_problems(answer: str) -> list[str]:
    """The plan of a day, by the hour: the post office closes at 12."""
    problems = plan_problems(answer, SATURDAY, SATURDAY_ORDER, {1: "ginásio", 5: "Rita", 6: "limpar"})
    if not problems and steps(answer, SATURDAY).index("correios") > 2:
        problems.append("the post office is closed by then")
    late = [line for number, line in numbered(answer) if begins(line) != 60 * (8 + number)]
    return problems + [f"not at its hour: {line.strip()}" for line in late]


def begins(line: str) -> int:
    """The first time of a line, in minutes; 0 when there is none."""
    found = HOUR.search(line)
    return 60 * int(found[1]) + int(found[2] or 0) if found else 0


def written(*lines: str) -> str:
    """A plan."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


RELEASE_PLAN = (
    "freeze the code",
    "back up the database",
    "test the restore",
    "announce the downtime",
    "stop the shop",
    "migrate the tables",
    "start the shop",
    "write the review",
)
SATURDAY_PLAN = ("ginásio", "compras", "correios", "bolo", "Rita", "limpar a casa")


def by_hour(plan: tuple[str, ...]) -> str:
    """With the hours of a day that begins at nine."""
    return written(*(f"{8 + number:02d}:00 {item}" for number, item in enumerate(plan, 1)))


TASKS = [
    Task(
        "release",
        "plan",
        "Plan the release of our web shop as numbered steps 1 to 8, one line per step, each with exactly one of these "
        "jobs, in my words: announce the downtime, back up the database, freeze the code, migrate the tables, start "
        "the shop, stop the shop, test the restore, write the review. The code freeze is the first step and the review "
        "the last. The restore can only be tested when there is a backup. Stop the shop only after the downtime was "
        "announced. The tables are migrated while the shop is stopped, and only when the restore has been tested. "
        "Just the list, please.",
        lambda folder: None,
        lambda folder, answer: release_problems(answer),
        lambda folder: written(*RELEASE_PLAN),
        lambda folder: written(
            RELEASE_PLAN[0], RELEASE_PLAN[3], *RELEASE_PLAN[1:3], *RELEASE_PLAN[5:3:-1], *RELEASE_PLAN[6:]
        ),
    ),
    Task(
        "saturday",
        "plan",
        "Faz-me o plano de sábado: seis passos numerados de 1 a 6, um por linha, cada um com a hora de início e uma só "
        "tarefa. As tarefas são ginásio, compras, correios, bolo, buscar a Rita e limpar a casa; cada uma demora "
        "exatamente uma hora e começo às 9h00, sem pausas. O ginásio é a primeira, limpar a casa a última. Os correios "
        "fecham às 12h00 (a essa hora tenho de ter acabado), o bolo só depois das compras, e a Rita tem de ser buscada "
        "às 13h00. Só a lista, sem explicações.",
        lambda folder: None,
        lambda folder, answer: saturday_problems(answer),
        lambda folder: by_hour(SATURDAY_PLAN),
        lambda folder: by_hour(("ginásio", "compras", "bolo", "correios", "Rita", "limpar a casa")),
    ),
]
