"""A stock SelectorGroupChat, as AutoGen's user guide builds one: planner, coder, code executor; the model selects.

The words are short, the temperature is 0, and TERMINATE counts once a program has ended well: this model says it early.
Its claim: TERMINATE was said, before the 20th message.
"""

import asyncio
from collections.abc import Sequence

from autogen_agentchat.agents import AssistantAgent, CodeExecutorAgent
from autogen_agentchat.conditions import FunctionalTermination, MaxMessageTermination, TextMentionTermination
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage
from autogen_agentchat.teams import SelectorGroupChat
from autogen_agentchat.ui import Console
from autogen_core.models import ModelFamily, ModelInfo
from autogen_ext.code_executors.local import LocalCommandLineCodeExecutor
from autogen_ext.models.openai import OpenAIChatCompletionClient

MESSAGES = 20
PLANNER = """You are the planner. You write no code. First say in one sentence what the coder shall write a program for.
Only when the output of a program shows that the task is done, answer the user, and end with the word TERMINATE."""
CODER = """You are the coder. Write one whole program that does the task in the current folder and prints what it did:

```python
# the program
```

It is run as it is. If the last one failed, write it anew without the mistake."""
SELECTOR = """Select an agent to perform a task.

{roles}

Current conversation:
{history}

Read the above conversation, then select an agent from {participants} to perform the next task.
The planner is first, then the coder, then the executor. Only select one agent.
"""


def run(task: str, model: str) -> tuple[bool, str]:
    """Whether it says that the task is done; its last output and words."""
    return asyncio.run(talk(task, model))


def ran_well(messages: Sequence[BaseAgentEvent | BaseChatMessage]) -> bool:
    """Whether the executor has run a program without an error."""
    told = [message.to_text() for message in messages if message.source == "executor"]
    none = CodeExecutorAgent.NO_CODE_BLOCKS_FOUND_MESSAGE
    return any(text != none and "exited with an error" not in text for text in told)


async def talk(task: str, model: str) -> tuple[bool, str]:
    """One chat."""
    info = ModelInfo(
        vision=False, function_calling=True, json_output=True, family=ModelFamily.UNKNOWN, structured_output=True
    )
    client = OpenAIChatCompletionClient(
        model=model, base_url="http://127.0.0.1:11434/v1", api_key="ollama", model_info=info, temperature=0
    )
    planner = AssistantAgent("planner", client, description="Plans, and judges the output.", system_message=PLANNER)
    coder = AssistantAgent("coder", client, description="Writes the program.", system_message=CODER)
    async with LocalCommandLineCodeExecutor(work_dir=".") as runner:
        executor = CodeExecutorAgent("executor", runner, description="Runs the program that the coder has written.")
        said = TextMentionTermination("TERMINATE") & FunctionalTermination(ran_well)
        ended = said | MaxMessageTermination(MESSAGES)
        team = SelectorGroupChat(
            [planner, coder, executor], client, termination_condition=ended, selector_prompt=SELECTOR
        )
        result = await Console(team.run_stream(task=task))
    outputs = [message.to_text() for message in result.messages if message.source == "executor"]
    words = [message.to_text() for message in result.messages if message.source in {"planner", "coder"}]
    claimed = "TERMINATE" in str(result.stop_reason)
    return claimed, "\n".join(outputs[-1:] + words[-1:]).replace("TERMINATE", "")
