"""The Commander: AutoGen's assistant on `/v1`, whose prompt is rendered from the ledger at each turn."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, ModelClientStreamingChunkEvent, TextMessage
from autogen_core import CancellationToken, FunctionCall
from autogen_core.model_context import ChatCompletionContext
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    UserMessage,
)

from agents.answers import faults, form, listed
from agents.claims import CALL, at_hand, invented
from agents.ledger import Ledger, Try
from agents.prompts import prompt
from agents.sequence import arranged
from agents.toolset import Toolset
from config.errors import CommanderError, WindowError
from tools.events import Delta, Notice, Review
from tools.mcp.marks import unmarked
from tools.ollama.chat_client import OllamaChatClient
from tools.replies import json_object

TOOLED = 1024
"""Tokens of a tool call, or of the answer from tools, at most."""
ADVICE = 160
"""Tokens of advice at most: three sentences."""
PLAN = {
    "type": "object",
    "properties": {"steps": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5}},
    "required": ["steps"],
}


class LedgerContext(ChatCompletionContext):
    """Messages from the ledger alone; what AutoGen hands over is not kept."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger

    async def add_message(self, message: LLMMessage) -> None:
        """Nothing: the ledger holds it."""

    async def get_messages(self) -> list[LLMMessage]:
        """The task, what is to be done now, and the tool calls so far (the head is the agent's system message)."""
        ledger = self.ledger
        text = ledger.opening() + instruction(ledger)
        messages: list[LLMMessage] = [UserMessage(content=text, source="user"), *called(ledger)]
        if ledger.phase == "tools" and at_hand(ledger):  # a small model that sees its own poor answer writes it again
            rules = "".join(f"- {rule}\n" for rule in form(ledger.task))
            messages += [UserMessage(content=prompt("tell", task=ledger.task, rules=rules), source="user")]
        elif ledger.phase == "tools" and ledger.faults:
            messages += [AssistantMessage(content=ledger.answer, source="commander")] if ledger.answer else []
            messages += [UserMessage(content=prompt("amend", faults="\n".join(ledger.faults)), source="user")]
        elif ledger.phase == "tools" and ledger.calls:
            wrong = "".join(f"- {line}\n" for line in went_wrong(ledger))
            wrong = wrong and f"These calls went wrong; make other ones, or with other arguments:\n{wrong}"
            messages += [UserMessage(content=prompt("go_on", task=ledger.task, wrong=wrong), source="user")]
        return messages


def called(ledger: Ledger) -> Iterator[LLMMessage]:
    """The calls that gave something, as messages; of earlier ones little where room is short.

    A small model that sees its own wrong call makes it again: those are told by `went_wrong`.
    """
    for number, used in enumerate(ledger.calls):
        if used.wrong:
            continue
        name, given, identity = used.name, used.arguments, f"call_{number}"
        yield AssistantMessage(content=[FunctionCall(identity, given, name)], source="commander")
        text = used.text[:200] if ledger.terse and used is not ledger.calls[-1] else used.text
        result = FunctionExecutionResult(content=text, name=name, call_id=identity, is_error=False)
        yield FunctionExecutionResultMessage(content=[result])


def instruction(ledger: Ledger) -> str:
    """What the Commander is to do now."""
    match ledger.phase:
        case "advise":
            tries = ledger.tries[-1:] if ledger.terse else ledger.tries[-3:]
            return prompt("advise", tries="\n".join(map(_told, tries)))
        case "report":
            tell = _said if ledger.terse else _told
            return prompt("report", tries="\n".join(map(tell, ledger.accepted)))
        case "answer":
            rules = "".join(f"- {rule}\n" for rule in form(ledger.task))
            again = prompt("again", faults="\n".join(ledger.faults)) if ledger.faults else ""
            return prompt("answer") + rules + again
        case phase:
            return prompt(phase)


def _told(attempt: Try) -> str:
    problems = " ".join(attempt.problems)
    return f"```{attempt.language}\n{attempt.code}\n```\n{problems}\n```\n{attempt.result.output[-800:].strip()}\n```"


def _said(attempt: Try) -> str:
    return f"```\n{attempt.result.output[-200:].strip()}\n```"


def went_wrong(ledger: Ledger) -> list[str]:
    """The calls that went wrong since one gave something, each once, with what was said."""
    latest = {(used.name, used.arguments): unmarked(used.text)[:300] for used in ledger.stuck}
    return [f"{name} {given}: {text}" for (name, given), text in latest.items()]


class Commander(AssistantAgent):
    """Answers, plans, advises, reports and calls tools; writes what it said into the ledger."""

    def __init__(
        self, client: OllamaChatClient, *, ledger: Ledger | None = None, toolset: Toolset | None = None
    ) -> None:
        self.client = client
        self.ledger = ledger or Ledger()
        self.toolset = toolset
        self.context = LedgerContext(self.ledger)
        super().__init__(
            "commander",
            model_client=client,
            description="Plans, explains, reviews and reports.",
            system_message=self.ledger.head()[0]["content"],
            model_context=self.context,
            workbench=toolset,
            model_client_stream=True,
        )

    def join(self, ledger: Ledger) -> None:
        """Work from `ledger` from now on."""
        self.ledger = self.context.ledger = ledger
        if self.toolset:
            self.toolset.ledger = ledger

    async def close(self) -> None:
        """End the servers of its tools."""
        if self.toolset:
            await self.toolset.stop()

    async def on_messages_stream(
        self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken
    ) -> AsyncGenerator[BaseAgentEvent | BaseChatMessage | Response, None]:
        """One turn; its answer is entered into the ledger before it is handed on."""
        while True:
            try:
                async with aclosing(self._turn(messages, cancellation_token)) as turn:
                    async for item in turn:
                        yield item
                return
            except WindowError as error:  # an answer to a prompt that was cut is thrown away
                if not self.ledger.compact():
                    yield self._failed(error)
                    return
            except CommanderError as error:
                yield self._failed(error)
                return

    async def _turn(
        self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken
    ) -> AsyncGenerator[BaseAgentEvent | BaseChatMessage | Response, None]:
        tooled = self.toolset is not None and self.ledger.phase == "tools"
        self.client.schema = PLAN if self.ledger.phase == "plan" else None
        wrong = sum(used.wrong for used in self.ledger.calls) + len(self.ledger.faults)
        self.client.variety = wrong if tooled else 0
        self.client.must_call = tooled and any(CALL in fault for fault in self.ledger.faults)
        self.client.most = {"advise": ADVICE, "tools": TOOLED}.get(self.ledger.phase)
        stream = super().on_messages_stream(messages, cancellation_token)
        try:
            async for item in stream:
                if isinstance(item, ModelClientStreamingChunkEvent):
                    self.client.gateway.emit(Delta(self.name, item.content))
                if isinstance(item, Response) and tooled:
                    await self._answer(item)
                elif isinstance(item, Response):
                    self._enter(getattr(item.chat_message, "content", ""))
                yield item
        finally:
            await stream.aclose()

    def _failed(self, error: CommanderError) -> Response:
        self.ledger.fail(error)
        return Response(chat_message=TextMessage(content=str(error), source=self.name))

    async def _answer(self, response: Response) -> None:
        """End the run with an answer that the evidence carries; calls of tools are in the ledger already."""
        ledger, message = self.ledger, response.chat_message
        if self.toolset is None or not isinstance(message, TextMessage):
            return
        text = message.content.strip()
        if self.client.gateway.calls[-1].done_reason != "stop":
            self._fault("", ["It was cut off: be short."])
        elif found := [*await self.toolset.problems(text), *faults(ledger.task, text)]:
            self._fault(text, found)
        else:
            ledger.done(text, verified=not invented(ledger, text))

    def _fault(self, answer: str, found: list[str]) -> None:
        self.ledger.fault(answer, found)
        self.client.gateway.emit(Review(False, found))

    def _enter(self, text: str) -> None:
        ledger = self.ledger
        whole = self.client.gateway.calls[-1].done_reason == "stop"
        if ledger.phase == "answer" and (ordered := arranged(ledger.task, text, listed(ledger.task))) != text:
            self.client.gateway.emit(Notice("the list is put into the order that the task states"))
            text = ordered
        if ledger.phase == "advise":
            ledger.advice = text.strip() or "Take another way."
        elif ledger.phase == "plan":
            ledger.steps = (planned(json_object(text)) if whole else []) or [ledger.task]
        elif ledger.phase == "answer" and whole and (found := faults(ledger.task, text)):
            self._fault(text.strip(), found)
        elif whole and text.strip():
            ledger.done(text.strip(), verified=ledger.road.kind != "strategy")
        else:
            ledger.answer = text.strip()
            ledger.give_up(["the answer was cut off by the model's limit of tokens" if text else "the answer is empty"])


def planned(data: Mapping[str, Any] | None) -> list[str]:
    """The steps of a plan that a model wrote as JSON; empty when it is none."""
    steps = data.get("steps") if data else None
    return [step.strip() for step in steps if isinstance(step, str) and step.strip()] if isinstance(steps, list) else []
