"""Which steps of a plan do not wait for each other, by the files that they name."""

import re
from collections.abc import Sequence

from agents.expectation import expectation, file_names

REFERS = re.compile(
    r"\b(it|its|them|they|this|that|these|those|both|all|each|every|previous|above|result\w*|same|"
    r"ele|ela|eles|elas|isso|isto|este|esta|estes|estas|amb[oa]s|tod[oa]s|cada|anterior\w*|resultad\w*|mesm[oa]s?)\b",
    re.I,
)
"""Words that may mean what another step made."""


def independent(step: str, others: Sequence[str]) -> bool:
    """Whether `step` neither needs what `others` make nor makes what they need; where it cannot be told, it may not."""
    names = set(file_names(step))
    if not names or REFERS.search(step):
        return False
    return all(
        file_names(other) and not (names & _written(other)) and not (set(file_names(other)) & _written(step))
        for other in others
    )


def _written(step: str) -> set[str]:
    """The files that the step makes or changes; all that it names where it speaks of changing."""
    found = expectation(step, file_names(step))
    return {*found.creates, *found.again, *found.alters, *(file_names(step) if found.moves else ())} or set(
        file_names(step)
    )
