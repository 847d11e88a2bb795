"""Which road a task takes, by rules alone: the Commander answers, the Executor works at once, or a plan comes first.

Where the rules see no sign, the road is not sure, and the model that is loaded may be asked (see `teams.decision`).
"""

import re

from agents.expectation import file_names, only_source, untested
from agents.ledger import Road
from teams.wording import CLAUSES, kinds, words

LISTED = re.compile(r"(?m)^\s*[-*]\s+\S")
NUMBERED = re.compile(r"(?:^|\s)(?:(?:step|passo)\s+|\()?(\d{1,2})[.):]\s+(?=[^\W\d])", re.I)
EXPLAINS = re.compile(
    r"^\W*(?:please |por favor,? )?(?:explain|describe|explica\w*|explique|descrev\w+|what does|how does|o que faz|"
    r"como funciona)\b",
    re.I,
)
HERE = re.compile(
    r"\b(?:this|these|my|our|here|there|folder|director(?:y|ies)|n?est[aei]s?|n?ess[ae]s?|minhas?|meus?|aqui|pastas?)\b",
    re.I,
)
"""What is to be explained may be the user's own."""
PLANS = re.compile(
    r"^\W*(?:please |por favor,? )?(?:plan the|make (?:me )?a plan|plane[ij]a|faz(?:-me)? (?:o|um) plano|"
    r"fa[çc]a um plano)\b",
    re.I,
)
MANY = 4
"""Things to do, from which on a task is taken for several steps."""
KINDS = 3
"""Kinds of work, from which on a task is a project."""
DIFFERENCE = re.compile(r"\b(?:difference between|diferen[çc]as? entre)\b", re.I)
YEAR = re.compile(r"\b1\d{3}\b|\b20\d\d\b")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']{12,}'(?!\w)")


def road(task: str) -> Road:
    """The road for `task`, with the reason in words for the user."""
    steps = numbered_steps(task)
    if steps:
        return Road("hybrid", f"{len(steps)} numbered steps", steps)
    plain = QUOTED.sub("''", task)
    names = file_names(plain)
    if told := _opinion(plain):
        return Road("strategy", f"asks for words ({seen(told)})")
    if projects(plain):
        return Road("hybrid", "work of several kinds")
    if told := _worded(plain, names):
        return Road("strategy", f"asks for words ({seen(told)})")
    if only_source(names) and len(untested(names)) == 1 and len(words("then").findall(plain)) < 2:
        return Road("code", f"works on {untested(names)[0]}")
    if several(plain, names):
        return Road("hybrid", "several steps in order")
    if names:
        return Road("code", f"works on {names[0]}")
    if (told := words("local").search(plain)) and not words("advice").search(plain):
        return Road("code", f"is about the folder or this machine ({seen(told)})")
    if told := words("exact").search(plain):
        return Road("code", f"needs a computation ({seen(told)})")
    for kind in ("draft", "advice", "knowledge"):
        if told := words(kind).search(plain):
            return Road("strategy", f"asks for words ({seen(told)})")
    if told := words("works").search(plain):
        return Road("code", f"is work for a program ({seen(told)})")
    if plain.rstrip().endswith("?") and not re.search(r"\d", YEAR.sub("", plain)):
        return Road("strategy", "a question without files or numbers", sure=False)
    return Road("code", "something is to be made", sure=False)


def _opinion(task: str) -> re.Match[str] | None:
    """What says that judgement or knowledge is asked for, though files may be named."""
    advice, asks = words("advice").search(task), "?" in task
    if (told := words("aloof").search(task)) and (asks or advice):
        return told
    works = _acts(task) or words("exact").search(task)
    return (advice or DIFFERENCE.search(task)) if asks and not works else None


def _worded(task: str, names: list[str]) -> re.Match[str] | None:
    """Whether something is to be planned or explained: in words, or source code, which the model is shown."""
    if names:
        return EXPLAINS.search(task) if only_source(names) else None
    return PLANS.search(task) or (None if HERE.search(task) else EXPLAINS.search(task))


def _acts(task: str) -> int:
    """How many clauses begin with something to do."""
    return sum(bool(words("acts").match(clause)) for clause in CLAUSES.split(task) if clause)


def projects(task: str) -> bool:
    """Whether the task has work of so many kinds that one program is not enough."""
    return sum(bool(kind.search(task)) for kind in kinds("parts")) >= KINDS


def several(task: str, names: list[str]) -> bool:
    """Whether the task, which names these files, has steps in order, or work in several parts that ends in a report."""
    acts = _acts(task)
    named = names or words("local").search(task)
    worked = words("works").search(task) or words("exact").search(task) or acts >= MANY
    if not named and (words("draft").match(task) or not worked):
        return False  # a story may go on with `then`, too
    marks = len(words("then").findall(task))
    reported = bool(words("report").search(task))
    listed = len(LISTED.findall(task)) >= 3
    many = acts >= MANY and not names  # what is done to one file, one program does
    return listed or marks >= 2 or many or (reported and (acts > 2 or (acts > 1 and marks > 0)))


def seen(match: re.Match[str]) -> str:
    """The words that told, in short."""
    return " ".join(match.group(0).lower().split())[:40].strip(" ,.:;")


def numbered_steps(task: str) -> tuple[str, ...]:
    """The steps of a task that numbers three or more of them: the plan is then the user's own."""
    intro, *rest = NUMBERED.split(task.strip())
    numbers, texts = rest[::2], tuple(f"{intro} {text}".strip() for text in rest[1::2])
    counted = [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    return texts if counted and len(texts) >= 3 else ()
