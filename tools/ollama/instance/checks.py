"""The checks in their order, each as soon as it is known: two clients, one server, one model, one instance."""

import time
from collections.abc import AsyncGenerator, Sequence

from config.errors import ModelError
from tools.ollama.adapter import OllamaAdapter
from tools.ollama.chat_client import OllamaChatClient
from tools.ollama.instance.check import Check
from tools.ollama.instance.contexts import contexts, talk
from tools.ollama.instance.pace import pace, told
from tools.ollama.instance.probe import Probe, Sent, Step, recording
from tools.ollama.instance.rows import Known, known, state
from tools.ollama.instance.runners import runners
from tools.ollama.instance.sharing import judged, plain
from tools.ollama.models import Models
from tools.ollama.residence import short

FOR_EVER = 10 * 365 * 86400.0
"""Seconds: Ollama says it with a time in 292 years."""
SERIES, ROUNDS = 4, 3
"""Requests of one client in a row, the first not counted; turns of both."""


async def checks(brain: OllamaChatClient, hand: OllamaAdapter, models: Models) -> AsyncGenerator[Check, None]:
    """What shows that both clients use one instance of `models`; ends early where the rest cannot be asked.

    Raises:
        ServerError: the server does not answer.
    """
    yield await _server(brain, hand)
    found = [await known(brain.gateway, models.default), await known(hand.gateway, models.executor)]
    yield _models(models, found)
    if found[0] is None or found[1] is None:
        return
    with recording(brain.gateway.http, hand.gateway.http) as sent:
        proof = Proof(brain, hand, found[0], found[1], sent)
        async for check in proof.checks():
            yield check


class Proof:
    """The checks that send requests: what one learns, the next uses."""

    def __init__(
        self, brain: OllamaChatClient, hand: OllamaAdapter, default: Known, executor: Known, sent: list[Sent]
    ) -> None:
        self.default, self.executor = default, executor
        self.shared = default.shares(executor)
        family = [default, executor]
        self.brain = Probe(brain, family if self.shared else [default], sent)
        self.hand = Probe(hand, family if self.shared else [executor], sent)
        same = default.name == executor.name and brain.gateway is hand.gateway
        self.twin = self.hand if same else Probe(OllamaAdapter(brain.gateway, default.name), [default], sent)
        self.talk = talk("Is two more than one?")
        self.first: list[Step] = []

    async def checks(self) -> AsyncGenerator[Check, None]:
        """`loaded` and what follows it."""
        yield (loaded := await self.loaded())
        if not loaded.holds:
            return
        servers = dict.fromkeys(step.sent.server for step in self.first)
        yield self.same_server(list(servers))
        yield (same := self.same_model())
        if not same.holds:
            return
        if len(servers) > 1:
            yield Check("same instance", False, f"two servers hold one each: {' and '.join(servers)}", _ONE_SERVER)
        elif self.shared:
            yield await self.one_instance()
        else:
            yield await self.an_instance_each()
            yield await self.both_loaded()
        yield await contexts(self.brain, self.hand, self.twin)

    async def loaded(self) -> Check:
        """One request of each."""
        try:
            self.first = [await self.brain.ask(self.talk.messages), await self.hand.ask(self.talk.messages)]
        except ModelError as error:
            return Check("loaded", False, error.what, error.remedy)
        seen = [f"{plain(step.surface)}: {_in_memory(step)}" for step in self.first]
        holds = all(step.after for step in self.first)
        return Check("loaded", holds, "; ".join(seen), "" if holds else "OLLAMA_KEEP_ALIVE=5m ollama serve")

    def same_server(self, servers: Sequence[str]) -> Check:
        """Where the requests went."""
        if len(servers) == 1:
            return Check("same server", True, f"both roles' requests went to {servers[0]}")
        went = [f"{plain(step.surface)} to {step.sent.server}" for step in self.first]
        return Check("same server", False, f"requests went on {' and on '.join(went)}", _ONE_SERVER)

    def same_model(self) -> Check:
        """Which models the requests named."""
        asked = [short(str(step.sent.body.get("model", ""))) for step in self.first]
        wanted = [self.default.name, self.executor.name]
        if [name.lower() for name in asked] != [name.lower() for name in wanted]:
            names = f"requests ask for {' and '.join(asked)}, set are {' and '.join(wanted)}"
            return Check("same model", False, names, f"DEFAULT_MODEL={wanted[0]} EXECUTOR_MODEL={wanted[1]}")
        if asked[0] == asked[1]:
            return Check("same model", True, f"both requests ask for {asked[0]}")
        names = f"the Commander asks for {asked[0]}, the Executor for {asked[1]}"
        over = f"two names over the same weights {self.default.weights[:19]}" if self.shared else "two models (hybrid)"
        return Check("same model", True, f"{over.rstrip()}: {names}")

    async def one_instance(self) -> Check:
        """Both clients in a row, then in turns; both leave the one row as it was."""
        load = _known_load(self.first)
        native, compatible = await self._series(self.hand), await self._series(self.brain)
        before = runners(self.hand.gateway.server, self.executor.weights)
        turns = [await probe.ask(self.talk.messages) for probe in (self.hand, self.brain) * ROUNDS]
        after = runners(self.hand.gateway.server, self.executor.weights)
        return judged(turns, pace(native, compatible, load=load), (before, after))

    async def an_instance_each(self) -> Check:
        """Each client with a model of its own, alone."""
        found = []
        roles = (self.hand, self.executor, self.first[1]), (self.brain, self.default, self.first[0])
        for probe, model, step in roles:
            head = await probe.ask(self.talk.messages)
            before = runners(probe.gateway.server, model.weights)
            steps = await self._series(probe)
            after = runners(probe.gateway.server, model.weights)
            check = judged(steps, pace([head, *steps], load=_known_load([step])), (before, after))
            found.append(Check(model.name, check.holds, f"{model.name}: {check.evidence}", check.remedy))
        remedy = next((check.remedy for check in found if check.remedy), "")
        return Check("same instance", all(c.holds for c in found), "; ".join(c.evidence for c in found), remedy)

    async def both_loaded(self) -> Check:
        """The roles in turns: whether each finds its model in memory."""
        steps: list[Step] = []
        for probe in (self.hand, self.brain) * 2:
            steps.append(await probe.ask(self.talk.messages))
            if len(swaps := [step for step in steps if not step.before]) > 1:
                seconds = max(step.preload for step in swaps)
                cost = f"{len(swaps)} swaps in {len(steps)} requests, {told(seconds)} each"
                ours = self.brain.gateway.server.embedded
                setting, command = ("EMBEDDED", "commander serve") if ours else ("OLLAMA", "ollama serve")
                setting = f"{setting}_MAX_LOADED_MODELS"
                evidence = f"the server holds one model at a time: {cost}; {setting} or the memory allows no more"
                remedy = f"{setting}=2 {command}   (if the memory is too small: unset EXECUTOR_MODEL)"
                return Check("both loaded", False, evidence, remedy)
        return Check("both loaded", True, f"no swap in {len(steps)} requests by turns: both stay in memory")

    async def _series(self, probe: Probe) -> list[Step]:
        return [await probe.ask(self.talk.messages) for _ in range(SERIES)]


_ONE_SERVER = "commander verify --base-url http://localhost:11434"


async def _server(brain: OllamaChatClient, hand: OllamaAdapter) -> Check:
    seen = []
    for gateway in dict.fromkeys((brain.gateway, hand.gateway)):
        version = (await gateway.request("GET", "/api/version")).get("version", "of unknown version")
        kind = f"the embedded server, speaking as Ollama {version}," if gateway.server.embedded else f"Ollama {version}"
        seen.append(f"{kind} at {gateway.server.base_url}")
    return Check("server", True, " and ".join(seen))


def _models(models: Models, found: Sequence[Known | None]) -> Check:
    names = (models.default, models.executor)
    if missing := [name for name, model in zip(names, found, strict=True) if model is None]:
        return Check("models", False, f"not on the server: {', '.join(missing)}", f"ollama pull {missing[0]}")
    return Check("models", True, "; ".join(dict.fromkeys(_facts(model) for model in found if model)))


def _facts(model: Known) -> str:
    window = f"window {model.window}" if model.window else "window left to the server"
    able = "+".join(model.capabilities) or "capabilities unknown"
    return f"{model.name}: digest {model.digest[:12]}, {able}, {window}"


def _in_memory(step: Step) -> str:
    if not step.after:
        return f"loaded in {told(step.preload)}, but /api/ps does not show it after the reply"
    row, was = step.after[0], [state(row) for row in step.before]
    how = f"loaded in {told(step.preload)}" if not was else "was in memory" if state(row) in was else "loaded anew"
    left = row.expires - time.time()
    kept = f"kept for {left / 60:.0f} min" if left < FOR_EVER else "kept for ever"
    return f"{how}, {row.name}, window {row.window}, {kept}"


def _known_load(steps: Sequence[Step]) -> float | None:
    """Seconds of a load that was seen to happen."""
    return max((step.preload for step in steps if not step.before and step.preload), default=None)
