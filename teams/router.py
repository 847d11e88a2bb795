"""Which road a task takes: the Commander answers, the Executor works at once, or a plan comes first.

A task that numbers its steps is a plan. Of any other its words tell (see `teams.classifier`); where they leave it open,
the road is not sure, and the model that is loaded may be asked (see `teams.decision`).
"""

import re

from agents.expectation import file_names, only_source, untested
from agents.ledger import FILES, Road
from teams.classifier import classified

NUMBERED = re.compile(r"(?:^|\s)(?:(?:step|passo)\s+|\()?(\d{1,2})[.):]\s+(?=[^\W\d])", re.I)
CODE = re.compile(r"(`{3}|\"{3}|'{3}).*?(?:\1|\Z)", re.S)
LIKELY = 0.65
"""From which likelihood on a road is sure."""
REASONS = {"strategy": "asks for words", "code": "is work for a program", "hybrid": "work of several kinds"}
TOLD = 2
"""Words that are told as the reason."""


def road(task: str, talk: str = "") -> Road:
    """The road for `task` after this `talk`, with the reason in words for the user."""
    guess = classified(task)
    steps = () if guess.kind == "strategy" else numbered_steps(task)
    if steps:
        return Road("hybrid", f"{len(steps)} numbered steps", steps)
    names = file_names(task) if guess.kind == "code" else []
    sure = (guess.likely >= LIKELY and bool(guess.told or names)) or (only_source(names) and len(untested(names)) == 1)
    if not sure and FILES in talk:
        return Road("code", "goes on with what was made")
    told = f" ({', '.join(guess.told[:TOLD])})" if guess.told else ""
    reason = f"works on {names[0]}" if names else REASONS[guess.kind] + told
    return Road(guess.kind, reason, sure=sure)


def numbered_steps(task: str) -> tuple[str, ...]:
    """The steps of a task that numbers three or more of them: the plan is then the user's own.

    What is numbered in code that the task quotes are no steps.
    """
    if len(NUMBERED.findall(CODE.sub(" ", task))) < len(NUMBERED.findall(task)):
        return ()
    intro, *rest = NUMBERED.split(task.strip())
    numbers, texts = rest[::2], tuple(f"{intro} {text}".strip() for text in rest[1::2])
    counted = [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    return texts if counted and len(texts) >= 3 else ()
