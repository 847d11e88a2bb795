"""Sessions as the program left them, for tests that look at them from outside."""

import itertools
import json
from pathlib import Path
from typing import Any

from commander.sessions import shelf
from commander.sessions.session import JOURNAL, Session

STEPS = ("one", "two", "three", "four")
TASK = " ".join(f"{n}. Append the word {word} to log.txt and tell its lines." for n, word in enumerate(STEPS, 1))
"""Steps that leave a trace each time they are done: what was done twice stands there twice."""
STEP = """```python
import pathlib, time
with open('log.txt', 'a') as file:
    file.write('{word}\\n')
    file.flush()
    time.sleep(0.1)
for n in range(20):
    pathlib.Path(f'{word}-{{n}}.txt').write_text('{word}')
print('log.txt has', len(open('log.txt').readlines()), 'lines')  # {text}
```"""
TEXTS = itertools.count()
"""No two programs are the same text."""


def says(messages: list[dict[str, Any]]) -> str:
    """The program for the step that is asked for, or the report."""
    last = messages[-1]["content"]
    if "# What was done" in last:
        return "All words are in log.txt."
    asked = last.partition("# Done so far")[0]
    return next(STEP.format(word=word, text=next(TEXTS)) for word in STEPS if f"Append the word {word}" in asked)


def fill(place: Path) -> Path:
    """A workspace for the task, with a file that it must not touch."""
    place.mkdir()
    (place / "log.txt").write_text("", encoding="utf-8")
    (place / "kept.txt").write_text("as it was", encoding="utf-8")
    return place


def only() -> Session:
    """The one session that there is."""
    found = shelf.sessions()
    assert len(found) == 1, found
    return found[0]


def lines(one: Session) -> list[dict[str, Any]]:
    """Its journal, where every line must be whole."""
    return [json.loads(line) for line in (one.folder / JOURNAL).read_text(encoding="utf-8").splitlines()]


def accepted(one: Session) -> list[int]:
    """How many steps were done, from state to state."""
    return [len(state["ledger"]["accepted"]) for state in one.states]


def rises_once(counts: list[int]) -> bool:
    """Whether no step was lost or done again."""
    return all(after - before in {0, 1} for before, after in itertools.pairwise(counts))
