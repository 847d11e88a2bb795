"""The ledger: what a run knows, as data. Agents render their prompts from it and write what they did into it."""

from dataclasses import dataclass, field, replace
from typing import Literal

from agents.essence import alike
from agents.expectation import Expectation
from agents.independence import independent
from agents.probe import BEHAVES
from agents.prompts import prompt
from config.errors import CommanderError
from tools.addresses import ADDRESS
from tools.interpreter.box import BlockResult
from tools.snapshot import Changes, Snapshot
from tools.survey import OTHERS

RouteKind = Literal["strategy", "code", "hybrid", "tools"]
Phase = Literal["answer", "plan", "write", "advise", "report", "tools"]
"""What is to be done next: `write` is the Executor's, all else the Commander's."""
MAX_TRIES = 6
"""Programs that one step may cost before the run ends as not done."""
MAX_BODIES = 10
"""The same where only the body of one function is asked for: these are short, and begin alike."""
ADVISE_AFTER = 3
"""Failed programs after which the Commander is asked once what goes wrong."""
FILES = "Files: "
"""Before the files that a task of the chat changed, where what was said before is told."""
MAX_ANSWERS = 3
"""Answers in words that are asked for until one has the form that the task asks for."""


@dataclass(frozen=True)
class Road:
    """Which road a task takes, and why; not `sure`: its words leave it open."""

    kind: RouteKind
    reason: str
    steps: tuple[str, ...] = ()
    """The plan where the task itself is one: no model is asked for it."""
    sure: bool = True


@dataclass(frozen=True)
class Try:
    """One program that the Executor ran, and what the evidence says of it (no problems: it holds)."""

    language: str
    code: str
    result: BlockResult
    changes: Changes
    problems: tuple[str, ...]
    outcome: str = ""
    state: Snapshot | None = None
    text: str = ""
    """The file's content, where the program only wrote that."""

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems

    @property
    def said(self) -> str:
        """The last line that it printed, in short."""
        return (self.result.output.strip().splitlines() or ["(nothing)"])[-1][:80]

    @property
    def broke(self) -> bool:
        """Whether it ended with an error of its own, which a correction can start from."""
        return bool(self.result.exit_code)


@dataclass(frozen=True)
class Used:
    """One call of a tool by the Commander: its arguments as JSON, and what it gave; `wrong`: an error."""

    name: str
    arguments: str
    text: str
    wrong: bool


@dataclass
class Ledger:
    """The state of one run; `steps` is the plan, the task alone where there is none."""

    task: str = ""
    road: Road = Road("code", "")
    survey: str = ""
    expects: Expectation = field(default_factory=Expectation)
    steps: list[str] = field(default_factory=list)
    accepted: list[Try] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    calls: list[Used] = field(default_factory=list)
    talk: str = ""
    """What was said before the task, in the chat."""
    added: list[str] = field(default_factory=list)
    """What the user said since the run began."""
    heard: int = 0
    """How much of that was in the last prompt."""
    advice: str = ""
    drafts: dict[int, str] = field(default_factory=dict)
    """Replies for later steps, by their place in the plan, written beside the reply for an earlier one."""
    answer: str = ""
    faults: list[str] = field(default_factory=list)
    """What is not as the task asks for it in the last answer in words."""
    answers: int = 0
    verified: bool = False
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    advised: bool = True
    """Whether the Commander's model is another one: advice of the same model is not worth its time."""
    terse: bool = False
    """Whether prompts leave out what failed tries printed, and the programs of steps that are done."""
    error: CommanderError | None = None
    over: bool = False

    @property
    def goal(self) -> str:
        """The step that is to be done now, or the task."""
        return self.steps[len(self.accepted)] if len(self.accepted) < len(self.steps) else self.task

    @property
    def phase(self) -> Phase:
        """What is to be done next; who speaks, what is asked and where the answer goes follow from it."""
        if self.road.kind == "strategy":
            return "answer"
        if self.road.kind == "tools" and len(self.accepted) == len(self.steps):
            return "tools"
        if self.road.kind == "hybrid" and not self.steps:
            return "plan"
        if self.road.kind == "hybrid" and len(self.accepted) == len(self.steps):
            return "report"
        stuck = len(self.tries) >= ADVISE_AFTER and not any(attempt.holds for attempt in self.tries)
        return "advise" if stuck and self.advised and not self.advice else "write"

    @property
    def most(self) -> int:
        """Programs that the step may cost."""
        return MAX_BODIES if self.expects.stub else MAX_TRIES

    @property
    def stuck(self) -> list[Used]:
        """The calls of tools that went wrong since one gave something."""
        good = max((number for number, used in enumerate(self.calls) if not used.wrong), default=-1)
        return self.calls[good + 1 :]

    def beside(self) -> list[int]:
        """Places of the later steps that need nothing of those before them: their programs can be written now."""
        now = len(self.accepted)
        return [n for n in range(now + 1, len(self.steps)) if independent(self.steps[n], self.steps[now:n])]

    def at(self, place: int) -> "Ledger":
        """The ledger as it will be when the step at `place` begins, if nothing of the steps before matters to it."""
        return replace(self, steps=[*self.steps[: len(self.accepted)], self.steps[place]], tries=[], advice="")

    def head(self) -> list[dict[str, str]]:
        """The first message of every prompt of both roles, so that the prompt cache serves both."""
        return [{"role": "system", "content": prompt("head").strip()}]

    def opening(self) -> str:
        """How the last message of every prompt begins: the folder and the task, then what was done, then the step."""
        survey = self.survey if self.expects.folder else "(What the folder holds does not matter for this task.)"
        if self.expects.reads or self.expects.place:  # a small model opens whatever it is told of
            survey = survey.partition(f"\n{OTHERS}")[0]
        alone = self.road.steps and self.phase in {"write", "advise"}  # a small model does all steps that it is shown
        talk = f"# Said before\n{self.talk}\n\n" if self.talk else ""
        parts = [talk + prompt("task", survey=survey, task=self.goal if alone else self.task)]
        self.heard = len(self.added)
        if self.added:
            parts.append("# What the user says since\n" + "\n".join(f"- {line}" for line in self.added) + "\n")
        if self.accepted:
            parts.append("# Done so far\n" + "\n".join(f"- {step}" for step in self.steps[: len(self.accepted)]) + "\n")
        if self.calls and self.phase != "tools":
            parts.append("# What tools gave\n" + "\n".join(used.text for used in self.calls[:-1][-3:]) + "\n")
        if self.steps and self.phase != "tools" and not alone:
            parts.append(f"# The step to do now, and no other\n{self.goal}\n")
        text = "\n".join(parts)
        handed = self.calls and self.phase != "tools"  # a small model would fetch what it has, and cannot
        return ADDRESS.sub("(the page)", text) if handed else text

    def compact(self) -> bool:
        """Make the prompts that follow shorter; False when nothing is left that could go."""
        if self.talk:
            self.talk = self.talk[-(len(self.talk) // 2) :] if len(self.talk) > 400 else ""
            return True
        if self.survey:
            self.survey = self.survey[: len(self.survey) // 2] if len(self.survey) > 400 else ""
            return True
        was, self.terse = self.terse, True
        return not was

    def winner(self) -> Try | None:
        """The try whose outcome two programs reached, or three that are the same text; None: not yet."""
        holding = [attempt for attempt in self.tries if attempt.holds]
        if not holding:
            return None
        if self.expects.chance or self.calls:  # it writes what tools gave
            return holding[0]
        # What writes the reply into a file needs a second one only where its functions can be compared.
        if self.expects.file and (sure := [each for each in holding if not BEHAVES.search(each.outcome)]):
            return sure[0]
        groups = [[other for other in holding if alike(attempt.outcome, other.outcome)] for attempt in holding]
        agreed = [group for group in groups if len(group) > 2 or len({attempt.code for attempt in group}) > 1]
        group = max(agreed, key=len, default=[])
        if self.expects.file and 2 * len(group) <= len(holding):
            if self.expects.stub or not self.expects.checked or len(self.tries) < self.most:
                return None  # of many programs that all do something else two agree by chance
            group = group or holding[:1]
        return max(reversed(group), key=lambda attempt: len(attempt.outcome)) if group else None

    def add(self, attempt: Try) -> None:
        """Enter a try; the last one that a step may cost ends the run when none of them holds."""
        self.tries.append(attempt)
        if len(self.tries) >= self.most and self.winner() is None:
            holding = [attempt for attempt in self.tries if attempt.holds]
            held = list(dict.fromkeys(attempt.said for attempt in holding))
            if holding and all(BEHAVES.search(attempt.outcome) for attempt in holding):
                others = "they behave differently" if len(holding) > 1 else "no other one confirms it"
                self.give_up([f"{self.most} programs were tried, {len(holding)} passed the checks, {others}"])
            elif held:
                self.give_up([f"{self.most} programs were tried, they do not agree: {' | '.join(held)}"])
            else:
                self.give_up([f"{self.most} programs were tried, none did it", *attempt.problems])

    def accept(self, attempt: Try) -> None:
        """Count the step as done; the run ends with the last one, unless the Commander is to report on a plan."""
        agreed = self.expects.checked or sum(alike(other.outcome, attempt.outcome) for other in self.tries) > 1
        self.accepted.append(attempt)
        self.tries, self.advice = [], ""
        if self.calls:  # the program was asked for by the last one
            self.calls[-1] = replace(self.calls[-1], text=attempt.result.output.strip() or "Done.")
        if not self.steps:
            self.done(BEHAVES.sub("", attempt.result.output).strip() or "Done.", verified=agreed)

    def done(self, answer: str, *, verified: bool) -> None:
        """End the run with an answer that the evidence carries (or that is text alone: not verified)."""
        self.answer, self.verified, self.over, self.missing = answer, verified, True, []

    def fault(self, answer: str, faults: list[str]) -> None:
        """Enter an answer in words that has not the form asked for; the last that there is time for ends the run."""
        self.answer, self.faults, self.answers = answer, faults, self.answers + 1
        if self.answers >= MAX_ANSWERS:
            self.give_up(faults)

    def give_up(self, missing: list[str]) -> None:
        """End the run, saying what is missing."""
        self.missing, self.over = missing, True

    def fail(self, error: CommanderError) -> None:
        """End the run because the server or the model failed; AutoGen would hand on only the error's text."""
        self.error, self.over = error, True
