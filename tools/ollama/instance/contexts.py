"""Whether each role's messages reach the model alone: nothing of the other role's, nothing of earlier requests'."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.ollama.instance.check import Check
from tools.ollama.instance.probe import COMPATIBLE, NATIVE, Probe, Step
from tools.ollama.instance.sharing import plain

HEAD = {"role": "system", "content": "You answer with one word."}
"""The first message of both roles."""
DIRECT = "commander verify --base-url http://localhost:11434   (the server itself, no proxy before it)"
OWN = "give each role a client of its own, which keeps no messages, then: commander verify"


@dataclass(frozen=True)
class Talk:
    """What a role sends: the shared head and words of its own, `mark` among them."""

    mark: str
    messages: list[dict[str, str]]


def talk(words: str) -> Talk:
    """A request that no one has sent before."""
    mark = secrets.token_hex(4)
    return Talk(mark, [HEAD, {"role": "user", "content": f"{mark} {words}"}])


async def contexts(brain: Probe, hand: Probe, twin: Probe) -> Check:
    """`contexts`: the roles take turns, twice, and `twin` says natively what the brain said on `/v1`."""
    plan, code = talk("Is two more than one?"), talk("Name the colour of the sky on a clear day at noon. " * 3)
    steps = [await probe.ask(said.messages) for probe, said in ((hand, code), (brain, plan)) * 2]
    again = await twin.ask(plan.messages)
    codes, plans = steps[0::2], steps[1::2]
    added = [*_added(plans, plan, code), *_added(codes, code, plan)]
    if problems := [*added, *_counts([codes, plans], again)]:
        return Check("contexts", False, "; ".join(problems), OWN if added else DIRECT)
    counts = f"{plans[0].tokens} prompt tokens on {plain(COMPATIBLE)} and on {NATIVE}, the same when sent again"
    return Check("contexts", True, f"the two roles' requests have the head alone in common; {counts}")


def _added(steps: Sequence[Step], own: Talk, other: Talk) -> Iterator[str]:
    """What went out beside the messages that were handed over."""
    for step in steps:
        found = step.sent.body.get("messages") or []
        if other.mark in json.dumps(step.sent.body):
            yield f"a request on {plain(step.surface)} carries the other role's words"
            return
        if [{"role": each.get("role"), "content": each.get("content")} for each in found] != own.messages:
            counts = f"{len(found)} messages, not the {len(own.messages)} handed over"
            yield f"a request on {plain(step.surface)} carries {counts} as they were"
            return


def _counts(turns: Sequence[Sequence[Step]], again: Step) -> Iterator[str]:
    for first, second in turns:
        if first.tokens != second.tokens:
            counts = f"{first.tokens}, then {second.tokens} prompt tokens"
            yield f"the same request on {plain(first.surface)} counts {counts}: something adds to it on the way"
    if again.tokens != turns[1][1].tokens:
        pair = f"{turns[1][1].tokens} prompt tokens on {plain(turns[1][1].surface)} and {again.tokens} on {NATIVE}"
        yield f"the same messages count {pair}"
