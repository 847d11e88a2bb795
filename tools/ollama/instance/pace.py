"""What counts as a load, judged by the warm level of the same run."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tools.ollama.instance.probe import NATIVE, Step

FIRM = 1.0
"""Seconds: with Ollama 0.24.0 no warm call took longer than 0.24, no load less than 1.5 (1.5B on a busy CPU)."""


@dataclass(frozen=True)
class Pace:
    """Seconds of a warm call, and of a load that this run has seen; None: not measured."""

    native: float | None
    """`load_duration`."""
    first: float
    """The first byte, of the quicker surface."""
    load: float | None

    @property
    def always_loads(self) -> bool:
        """Whether even the calls that should be warm take a load's time."""
        bound = max(min(self.load / 2, FIRM), 0.1) if self.load else FIRM
        return self.native is not None and self.native > bound

    def slow(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that loaded the model, by their time.

        A late first byte is also what a busy machine gives: once is nothing, twice on one surface is a load.
        """
        late = [step.surface for step in steps if self.late(step)]
        return [step for step in steps if self.reloaded(step) or (self.late(step) and late.count(step.surface) > 1)]

    def reloaded(self, step: Step) -> bool:
        """Whether the server itself reports a load."""
        return step.load is not None and self.native is not None and step.load > limit(self.native, self.load)

    def late(self, step: Step) -> bool:
        """Whether the first byte took as long as a load takes."""
        return step.first_byte > limit(self.first, self.load)


def pace(*series: Sequence[Step], load: float | None) -> Pace:
    """The warm level of the series, each of one surface; the first of each may have loaded, and does not count."""
    warm = [steps[1:] for steps in series]
    native = [step.load for steps in warm for step in steps if step.load is not None and step.surface == NATIVE]
    first = min(statistics.median(step.first_byte for step in steps) for steps in warm)
    return Pace(statistics.median(native) if native else None, first, load)


def told(seconds: float) -> str:
    """The duration in words."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def limit(warm: float, load: float | None) -> float:
    """Seconds from which on a call has loaded the model.

    Measured with Ollama: 0.08-0.24 warm, 1.5-2.6 for a load. A load may be quicker with a small model; then half of
    a load that was seen is the bound, yet never what is within a warm call's own spread.
    """
    bound = max(5 * warm, warm + 0.4)
    return max(min(bound, warm + load / 2) if load else bound, 2 * warm, warm + 0.1)
