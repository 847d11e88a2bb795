"""Which road a task takes, by rules alone: the Commander answers, the Executor works at once, or a plan comes first.

Where the rules see no sign, the road is not sure, and the model that is loaded may be asked (see `teams.decision`).
"""

import re

from agents.expectation import file_names
from agents.ledger import Road
from teams.wording import CLAUSES, words

LISTED = re.compile(r"(?m)^\s*[-*]\s+\S")
NUMBERED = re.compile(r"(?:^|\s)(?:(?:step|passo)\s+|\()?(\d{1,2})[.):]\s+(?=[^\W\d])", re.I)
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']{12,}'(?!\w)")


def road(task: str) -> Road:
    """The road for `task`, with the reason in words for the user."""
    steps = numbered_steps(task)
    if steps:
        return Road("hybrid", f"{len(steps)} numbered steps", steps)
    plain = QUOTED.sub("''", task)
    if several(plain):
        return Road("hybrid", "several steps in order")
    if names := file_names(plain):
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
    if plain.rstrip().endswith("?") and not re.search(r"\d", plain):
        return Road("strategy", "a question without files or numbers", sure=False)
    return Road("code", "something is to be made", sure=False)


def several(task: str) -> bool:
    """Whether the task has steps in order, or work in several parts that ends in a report."""
    named = file_names(task) or words("local").search(task)
    worked = words("works").search(task) or words("exact").search(task)
    if not named and (words("draft").search(task) or not worked):
        return False  # a story may go on with `then`, too
    acts = sum(bool(words("acts").match(clause)) for clause in CLAUSES.split(task) if clause)
    marks = len(words("then").findall(task))
    reported = bool(words("report").search(task))
    return len(LISTED.findall(task)) >= 3 or marks >= 2 or (reported and (acts > 2 or (acts > 1 and marks > 0)))


def seen(match: re.Match[str]) -> str:
    """The words that told, in short."""
    return " ".join(match.group(0).lower().split())[:40].strip(" ,.:;")


def numbered_steps(task: str) -> tuple[str, ...]:
    """The steps of a task that numbers three or more of them: the plan is then the user's own."""
    intro, *rest = NUMBERED.split(task.strip())
    numbers, texts = rest[::2], tuple(f"{intro} {text}".strip() for text in rest[1::2])
    counted = [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    return texts if counted and len(texts) >= 3 else ()
