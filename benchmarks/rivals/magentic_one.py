"""Magentic-One, its orchestrator with file surfer, coder and terminal, as AutoGen's user guide sets it up.

The web surfer is left out: there is no network and no browser. `structured_output` has the server enforce the ledger's
form, without which a small model's ledger is seldom read; the temperature is 0. Its claim: a final answer, other than
for want of rounds.
"""

import asyncio

from autogen_agentchat.agents import CodeExecutorAgent
from autogen_agentchat.base import ChatAgent
from autogen_agentchat.teams import MagenticOneGroupChat
from autogen_agentchat.ui import Console
from autogen_core.models import ModelFamily, ModelInfo
from autogen_ext.agents.file_surfer import FileSurfer
from autogen_ext.agents.magentic_one import MagenticOneCoderAgent
from autogen_ext.code_executors.local import LocalCommandLineCodeExecutor
from autogen_ext.models.openai import OpenAIChatCompletionClient


def run(task: str, model: str) -> tuple[bool, str]:
    """Whether it says that the task is done; its final answer."""
    return asyncio.run(talk(task, model))


async def talk(task: str, model: str) -> tuple[bool, str]:
    """One task."""
    info = ModelInfo(
        vision=False, function_calling=True, json_output=True, family=ModelFamily.UNKNOWN, structured_output=True
    )
    client = OpenAIChatCompletionClient(
        model=model, base_url="http://127.0.0.1:11434/v1", api_key="ollama", model_info=info, temperature=0
    )
    async with LocalCommandLineCodeExecutor(work_dir=".") as runner:
        agents: list[ChatAgent] = [
            FileSurfer("FileSurfer", client, base_path="."),
            MagenticOneCoderAgent("Coder", client),
            CodeExecutorAgent("ComputerTerminal", runner),
        ]
        result = await Console(MagenticOneGroupChat(agents, model_client=client).run_stream(task=task))
    claimed = result.stop_reason is not None and "Max rounds" not in result.stop_reason
    return claimed, result.messages[-1].to_text()
