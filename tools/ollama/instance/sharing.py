"""Whether requests of both surfaces left one instance as it was: what speaks against it, and what for it."""

from collections.abc import Iterator, Sequence

from tools.ollama.instance.check import Check
from tools.ollama.instance.pace import Pace, limit, told
from tools.ollama.instance.probe import NATIVE, Step
from tools.ollama.instance.rows import state
from tools.ollama.instance.runners import Runners
from tools.ollama.residence import short

RUNNER_OPTIONS = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")
"""Options that make Ollama load the model again."""


def judged(steps: Sequence[Step], pace: Pace, runners: tuple[Runners, Runners]) -> Check:
    """`same instance`, from the steps and from the model's processes before and after them."""
    problems = [*_rows(steps), *_times(steps, pace), *_processes(*runners)]
    if problems:
        return Check("same instance", False, "; ".join([*_carried(steps), *problems]), _remedy(steps))
    evidence = f"one row through {len(steps)} requests: {state(steps[-1].after[0])}; {_figures(steps, pace)}"
    return Check("same instance", True, f"{evidence}; {_seen(runners[0])}")


def plain(surface: str) -> str:
    """The surface as people call it."""
    return surface.removesuffix("/chat/completions")


def carried(step: Step) -> dict[str, object]:
    """What the request says of how the model is to be loaded or kept."""
    if step.surface != NATIVE:
        return {}  # Ollama ignores these fields on /v1
    options = step.sent.body.get("options") or {}
    found = {name: options[name] for name in RUNNER_OPTIONS if options.get(name) is not None}
    return found | ({"keep_alive": step.sent.body["keep_alive"]} if "keep_alive" in step.sent.body else {})


def _carried(steps: Sequence[Step]) -> Iterator[str]:
    found = {f"{name}={value}" for step in steps for name, value in carried(step).items()}
    if found:
        yield f"the request on {NATIVE} carries {', '.join(sorted(found))}"


def _rows(steps: Sequence[Step]) -> Iterator[str]:
    states = {plain(step.surface): {state(row) for row in step.after} for step in steps}
    if len(set.union(*states.values())) > 1:
        cause = "two names with different parameters evict each other: " if len(_models(steps)) > 1 else ""
        seen = (f"{' or '.join(sorted(rows))} after {name}" for name, rows in states.items() if rows)
        yield f"{cause}/api/ps shows {' and '.join(seen)}"
    if absent := [plain(step.surface) for step in steps if not step.before]:
        yield f"the model was not in memory before {_counted(absent)} of {len(steps)} requests"
    if gone := [plain(step.surface) for step in steps if not step.after]:
        yield f"it was gone after {_counted(gone)}"
    if max(len(step.after) for step in steps) > 1:
        yield f"/api/ps shows it {max(len(step.after) for step in steps)} times"
    if still := [plain(step.surface) for step in steps if step.after and not step.moved]:
        yield f"expires_at did not move on after {_counted(still)}"


def _times(steps: Sequence[Step], pace: Pace) -> Iterator[str]:
    if pace.always_loads:
        yield f"load_duration is that of a load every time, {told(pace.native or 0)}"
    if slow := pace.slow(steps):
        firsts = {step.surface: _took(step, pace) for step in reversed(slow)}
        yield f"{' and '.join(firsts.values())}: a load, in {len(slow)} of {len(steps)} requests"
    if waits := [step.preload for step in steps if step.preload > limit(0, pace.load)]:
        yield f"{told(max(waits))} to load the model before {len(waits)} of {len(steps)} requests"


def _took(step: Step, pace: Pace) -> str:
    if pace.reloaded(step):
        return f"load_duration {told(step.load or 0)} on {NATIVE} (warm {told(pace.native or 0)})"
    return f"first byte after {told(step.first_byte)} on {plain(step.surface)} (warm {told(pace.first)})"


def _processes(before: Runners, after: Runners) -> Iterator[str]:
    if before and not before <= after:
        yield f"the runner's process changed: {_ids(before)}, then {_ids(after) or 'none'}"


def _figures(steps: Sequence[Step], pace: Pace) -> str:
    loads = [step.load for step in steps if step.load is not None]
    first = f"first byte {told(pace.first)} warm, {told(max(step.first_byte for step in steps))} at most"
    if not loads:
        return f"{first}{_load(pace)}"
    return f"load_duration {told(pace.native or 0)} warm, {told(max(loads))} at most{_load(pace)}, {first}"


def _load(pace: Pace) -> str:
    return f" (a load: {told(pace.load)})" if pace.load else ""


def _seen(found: Runners) -> str:
    return f"runner process {_ids(found)} stays" if found else "its process cannot be seen from here"


def _ids(found: Runners) -> str:
    return ", ".join(str(pid) for pid, _ in sorted(found))


def _counted(names: Sequence[str]) -> str:
    return " and ".join(f"{names.count(name)} on {name}" for name in dict.fromkeys(names))


def _models(steps: Sequence[Step]) -> set[str]:
    return {short(step.sent.body["model"]) for step in steps}


def _remedy(steps: Sequence[Step]) -> str:
    model = steps[0].sent.body["model"]
    if any(carried(step) for step in steps):
        return f"leave it out of the request; where it is wanted: PARAMETER in a Modelfile, ollama create {model}"
    if len(_models(steps)) > 1:
        return "unset EXECUTOR_MODEL   (or give both Modelfiles the same parameters)"
    if not all(step.after for step in steps):
        return "OLLAMA_KEEP_ALIVE=5m ollama serve"
    return "end other programs that use the server (ollama ps), then: commander verify"
