"""The Executor: asks its model for one program a turn, runs it through Open Interpreter, judges it by the evidence."""

import asyncio
from collections.abc import Sequence
from itertools import cycle

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseChatMessage, TextMessage
from autogen_core import CancellationToken

from agents import evidence
from agents.bounds import bounded
from agents.checks import expected, handed
from agents.consent import UNASKED, Consent, DeniedError
from agents.edits import EditError
from agents.ledger import Ledger, Try
from agents.overview import overview
from agents.program import Program, chosen_program, messages, options
from agents.shared import drafted
from agents.state import dumped
from agents.writers import Heard, unheard, writers
from config.errors import CommanderError, DiskError, WindowError
from tools.events import CodeEnded, CodeStarted, Delta, Emit, Notice, Output, Phase, Plan, Refused, Review, State, Step
from tools.interpreter.box import BlockResult, Box
from tools.ollama.adapter import OllamaAdapter
from tools.snapshot import NOTHING, Snapshot, Snapshots


class Executor(BaseChatAgent):
    """Writes and runs code for the task in the ledger; one model call and one block a turn."""

    def __init__(self, adapter: OllamaAdapter, box: Box, snapshots: Snapshots, consent: Consent = UNASKED) -> None:
        super().__init__("executor", "Writes and runs code in the user's folder.")
        self.adapter = adapter
        self.box = box
        self.snapshots = snapshots
        self.workspace = snapshots.workspace
        self.ledger = Ledger()
        self.consent = consent
        self.second: OllamaAdapter | None = None
        """The brain's model, where it is another one."""
        self.at_once = 1
        """Requests to the model at one time, for steps that do not wait for each other; see OLLAMA_NUM_PARALLEL."""
        self.unsettled: Snapshot | None = None
        """The state that the folder is to be in while a block runs, or after one was ended in its middle."""
        self.held = ""
        """The id of the state that the folder is in, or is to be in."""

    @property
    def emit(self) -> Emit:
        """Where events go."""
        return self.adapter.gateway.emit

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        """Only text."""
        return (TextMessage,)

    async def on_messages(self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken) -> Response:
        """One turn; the messages are not read, the ledger is."""
        turn = asyncio.ensure_future(self._turn())
        cancellation_token.link_future(turn)
        try:
            said = await turn
        except (CommanderError, OSError) as error:
            failure = error if isinstance(error, CommanderError) else DiskError.of(error)
            self.ledger.fail(failure)
            if self.unsettled:
                await self.settle()
            said = str(failure)
        return Response(chat_message=TextMessage(content=said, source=self.name))

    def mark(self, state: Snapshot | None = None) -> None:
        """Tell where the run stands, for a later process to go on from."""
        self.held = state.id if state else self.held
        self.emit(State(dumped(self.ledger), self.held, self.unsettled is None))

    async def settle(self) -> None:
        """End the box; what a block wrote that was ended in its middle is taken back."""
        await self.box.close()
        before, self.unsettled = self.unsettled, None
        if before is not None:
            await self._restore(before)
            self.mark(before)
            self.emit(Notice("what the program that was ended had written is taken back"))

    async def close(self) -> None:
        """End the box and the connection to the server."""
        await self.settle()
        await self.adapter.gateway.close()

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Nothing is kept here."""

    async def _turn(self) -> str:
        ledger = self.ledger
        if ledger.steps and not (ledger.accepted or ledger.tries):
            self.emit(Plan(ledger.steps))
            steps = await self.consent.confirm(ledger.steps)
            if isinstance(steps, str):
                ledger.refused.append(steps)
                ledger.give_up([steps])
                return steps
            ledger.steps = steps
        if ledger.steps and not ledger.tries:  # each step of a plan finds the folder as the last one left it
            self._look(ledger)
        reply = ledger.drafts.pop(len(ledger.accepted), "") or drafted(ledger, self.emit) or await self._replies()
        if not reply:
            nothing = Program(ledger.expects.language, "")
            return self._failed(nothing, "The reply was empty, or it went round in circles: be short.")
        try:
            program = chosen_program(reply, ledger.expects)
        except EditError as error:
            return self._failed(Program("", reply), str(error))
        if program is None:
            return self._failed(Program(ledger.expects.language, reply), "There was no code block in the reply.")
        if any(program.code.split() == past.code.split() and not past.holds for past in ledger.tries):
            return self._failed(program, "This is the same code as before. Take another way.")
        try:
            code = await self.consent.approve(program.language, program.code)
        except DeniedError as denied:
            self.emit(Refused(program.language, program.code, str(denied)))
            ledger.refused.append(f"{program.language} block: {denied}")
            return self._failed(program, f"The user refused to run it: {denied}")
        return await self._run(program if code == program.code else Program(program.language, code))

    def _look(self, ledger: Ledger) -> None:
        expects = expected(ledger.goal, self.workspace)
        ledger.expects = handed(expects, ledger.goal) if ledger.calls else expects
        ledger.survey = overview(self.workspace, ledger.goal, ledger.expects)

    async def _replies(self) -> str:
        """The reply for this step; those for independent later steps are written at the same time, and kept."""
        ledger = self.ledger
        places = [] if ledger.tries else ledger.beside()[: self.at_once - 1]
        ahead = [ledger.at(place) for place in places]
        for other in ahead:
            self._look(other)

        def heard(text: str) -> None:  # of the others nothing is shown while it comes
            self.emit(Delta(self.name, text))

        by_turns = cycle(await writers(self.adapter, self.second) if ahead else [])
        others = (self._ask(other, by=each) for other, each in zip(ahead, by_turns, strict=False))
        asked = [asyncio.ensure_future(each) for each in (self._ask(ledger, heard), *others)]
        try:
            reply, *drafts = await asyncio.gather(*asked)
        finally:
            for each in asked:
                each.cancel()  # where one has failed, the others are not waited for
        ledger.drafts |= dict(zip(places, drafts, strict=True))
        return reply

    async def _ask(self, ledger: Ledger, heard: Heard = unheard, by: OllamaAdapter | None = None) -> str:
        while True:
            try:
                reply = await (by or self.adapter).chat(messages(ledger), options(ledger), heard)
                return reply.text if reply.whole else ""
            except WindowError:
                if not ledger.compact():
                    raise

    async def _run(self, program: Program) -> str:
        ledger, emit = self.ledger, self.emit
        before = await asyncio.to_thread(self.snapshots.take)
        emit(CodeStarted(program.language, program.code))
        emit(Phase("running code", program.language))
        self.unsettled = before
        self.mark(before)
        self.box.forget()  # a program must not live on what a rejected one left in memory
        result = await self.box.run(program.language, program.code, lambda text: emit(Output(text)))
        emit(Phase("reviewing"))
        after, astray = await asyncio.to_thread(bounded, self.snapshots, before, ledger, emit)
        changes = self.snapshots.diff(before, after)
        emit(CodeEnded(result.exit_code, result.seconds, [*changes.added, *changes.changed], result.reason))
        found = evidence.problems(ledger.expects, result, changes, self.workspace, ledger.goal)
        nothing = not (ledger.expects.answer or changes.added or changes.changed or changes.removed)
        found += astray if found or nothing else []
        did = evidence.outcome(ledger.expects, result, changes, self.workspace, ledger.goal)
        attempt = Try(program.language, program.code, result, changes, tuple(found), did, after, program.text)
        ledger.add(attempt)
        emit(Review(attempt.holds, found))
        await self._decide(before)
        return f"```{program.language}\n{program.code}\n```\n{result.output}"

    async def _decide(self, before: Snapshot) -> None:
        """Keep the outcome that the tries agree on; else put the folder back to what it was."""
        last, winner = self.ledger.tries[-1], self.ledger.winner()
        state = (winner.state or before) if winner else before
        if winner is not None:
            self.ledger.accept(winner)
            if self.ledger.steps:
                self.emit(Step(len(self.ledger.accepted), len(self.ledger.steps)))
        self.unsettled = None if winner is last else state
        self.mark(state)  # before the folder is put back, so that a later process can end what is begun here
        if self.unsettled:
            await self._restore(state)
            self.unsettled = None
            self.mark()

    async def _restore(self, state: Snapshot) -> None:
        try:
            failed = await asyncio.to_thread(self.snapshots.restore, state)
        except OSError as error:
            failed = [str(error)]
        if failed:
            self.emit(Notice(f"could not be put back: {', '.join(failed)}", "warning"))

    def _failed(self, program: Program, problem: str) -> str:
        ran = BlockResult(None, "", 0)
        self.ledger.add(Try(program.language, program.code, ran, NOTHING, (problem,), text=program.text))
        self.emit(Review(False, [problem]))
        return problem
