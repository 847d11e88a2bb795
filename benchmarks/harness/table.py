"""The results as tables."""

import math
from collections.abc import Iterator, Sequence

from benchmarks.harness.result import Result

HEADS = (
    "system",
    "tasks",
    "solved (95%)",
    "right, not claimed",
    "false claims",
    "calls",
    "tokens in",
    "evaluated",
    "out",
    "in a solved task",
    "selector calls",
    "seconds / bare",
)
Z = 1.959964
"""Standard deviations on each side that hold 95% of a normal distribution."""


def interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z = count / of, Z * Z / of
    middle, half = share + z / 2, Z * math.sqrt(share * (1 - share) / of + z / (4 * of))
    return max(0.0, (middle - half) / (1 + z)), min(1.0, (middle + half) / (1 + z))


def table(results: Sequence[Result], systems: Sequence[str]) -> Iterator[str]:
    """A line a system that has results."""
    yield f"| {' | '.join(HEADS)} |"
    yield "|---" * len(HEADS) + "|"
    bare = {result.task: result.seconds for result in results if result.system == "bare"}
    for system in systems:
        own = [result for result in results if result.system == system]
        if own:
            yield f"| {system} | {' | '.join(cells(own, bare))} |"


def cells(own: Sequence[Result], bare: dict[str, float]) -> Iterator[str]:
    """One system's figures; `bare` has the seconds of the bare model for each task."""
    solved = sum(result.solved for result in own)
    low, high = interval(solved, len(own))
    yield f"{len(own)}"
    yield f"{solved} ({low:.0%} to {high:.0%})"
    yield f"{sum(result.right and not result.claimed for result in own)}"
    yield f"{sum(result.claimed and not result.right for result in own)}"
    tokens = sum(result.tokens_in for result in own)
    told = (result.tokens_evaluated if result.calls else 0 for result in own)
    evaluated = [each for each in told if each is not None]
    yield f"{sum(result.calls for result in own):,}"
    yield f"{tokens:,}"
    yield f"{sum(evaluated):,}" if len(evaluated) == len(own) else "not told"
    yield f"{sum(result.tokens_out for result in own):,}"
    yield f"{tokens / solved:,.0f}" if solved else "–"
    yield f"{sum(result.selector_calls for result in own)}"
    both = [(result.seconds, bare[result.task]) for result in own if result.task in bare]
    usual = sum(seconds for _, seconds in both)
    yield f"{sum(seconds for seconds, _ in both) / usual:.1f}" if usual else "–"


def paired(results: Sequence[Result], one: str, other: str) -> str:
    """How far `one` is ahead of `other` on the tasks that both did, in points with their 95% interval."""
    solved = {(result.system, result.task): result.solved for result in results}
    tasks = [task for system, task in solved if system == one and (other, task) in solved]
    if not tasks:
        return ""
    wins = sum(solved[one, task] > solved[other, task] for task in tasks)
    losses = sum(solved[one, task] < solved[other, task] for task in tasks)
    count, lead = len(tasks), wins - losses
    half = Z * math.sqrt(wins + losses - lead * lead / count)
    points, low, high = (100 * each / count for each in (lead, lead - half, lead + half))
    return (
        f"{one} against {other}, {count} pairs: {points:+.1f} points ({low:+.1f} to {high:+.1f}); "
        f"{wins} solved by {one} alone, {losses} by {other} alone."
    )
