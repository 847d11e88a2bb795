"""What one system made of one task: a line of JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One try, judged."""

    system: str
    task: str
    group: str
    right: bool
    """Whether the checker found nothing wrong."""
    exit_code: int | None
    """0: it says that the task is done; None: it was ended at the time limit."""
    problems: list[str]
    calls: int
    tokens_in: int
    tokens_evaluated: int | None
    tokens_out: int
    selector_calls: int
    seconds: float
    answer: str

    @property
    def claimed(self) -> bool:
        """Whether it says that the task is done."""
        return self.exit_code == 0

    @property
    def solved(self) -> bool:
        """Done, and said so."""
        return self.right and self.claimed

    def told(self) -> str:
        """The result in a line."""
        done = "solved" if self.right else self.problems[0][:70]
        ended = "" if self.exit_code is not None else "time limit, "
        claim = "" if self.claimed == self.right else "  FALSE CLAIM" if self.claimed else "  not claimed"
        return f"{self.calls:2} calls {self.seconds:4.0f} s  {ended}{done}{claim}"

    def append(self, file: Path) -> None:
        """Write it down."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(json.dumps(asdict(self), ensure_ascii=False) + "\n")


def read(file: Path) -> Iterator[Result]:
    """The results so far; a line that was not written to its end is none."""
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        try:
            yield Result(**json.loads(line))
        except ValueError:
            continue
