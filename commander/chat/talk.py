"""What was said in a conversation: what the team is shown of it, what is written down."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agents.ledger import FILES
from commander.sessions.session import Session

BUDGET = 4000
"""Characters of the conversation that a prompt holds: about an eighth of a window of 8192 tokens."""
LATEST, EARLIER = 1500, 300
"""Characters of an answer: of the last one, and of those before."""


@dataclass(frozen=True)
class Turn:
    """One message and what came of it; `files` each with its mark (`+ sums.csv`)."""

    task: str
    answer: str
    outcome: str
    files: tuple[str, ...] = ()
    session: str = ""

    @classmethod
    def of(cls, one: Session) -> "Turn":
        """As it was journalled."""
        end = one.end
        marked = (("+", "added"), ("~", "changed"), ("-", "removed"))
        files = tuple(f"{mark} {path}" for mark, kind in marked for path in end.get(kind, ()))
        return cls(one.task, str(end.get("answer", "")), one.outcome, files, one.id)

    def told(self, most: int) -> str:
        """For a model, with so many characters of the answer."""
        lines = [f"User: {_cut(self.task, most)}"]
        if self.answer:
            lines.append(f"Team: {_cut(self.answer, most)}")
        if self.outcome != "done":
            lines.append(f"({self.outcome})")
        if self.files and self.outcome != "undone":
            lines.append(f"{FILES}{', '.join(self.files[:12])}")
        return "\n".join(lines)


@dataclass
class Talk:
    """A conversation, by its turns; what is `past` is told in a line each."""

    turns: list[Turn] = field(default_factory=list)
    past: int = 0

    def text(self) -> str:
        """What the team is shown: the last turns as far as there is room, in their order."""
        parts: list[str] = []
        for told in self._told():
            if sum(map(len, parts)) + len(told) > BUDGET:
                break
            parts.append(told)
        return "\n\n".join(reversed(parts))

    def _told(self) -> Iterator[str]:
        """Each turn, the last one first."""
        for number, turn in reversed(list(enumerate(self.turns))):
            if number < self.past:
                yield replace(turn, answer=turn.answer.partition("\n")[0]).told(100)
            else:
                yield turn.told(LATEST if number == len(self.turns) - 1 else EARLIER)

    def enter(self, turn: Turn) -> None:
        """One more, or the last one again."""
        if turn.session and any(turn.session == known.session for known in self.turns):
            self.turns = [turn if turn.session == known.session else known for known in self.turns]
        else:
            self.turns.append(turn)

    def compact(self) -> tuple[int, int]:
        """From now on tell all of it in short; how many characters it took before, and takes now."""
        before = len(self.text())
        self.past = len(self.turns)
        return before, len(self.text())

    def amend(self, outcomes: dict[str, str]) -> None:
        """Note how sessions stand now: an undone one is told as such."""
        self.turns = [replace(turn, outcome=outcomes.get(turn.session, turn.outcome)) for turn in self.turns]


def _cut(text: str, most: int) -> str:
    """The text, its middle left out where it is longer."""
    text = text.strip()
    return text if len(text) <= most else f"{text[: most * 2 // 3]} ... {text[-most // 3 :]}"
