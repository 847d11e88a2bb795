"""A CodeAgent of smolagents, as its guided tour sets it up for a server that speaks OpenAI's protocol.

Imports and `open` are allowed, without which its interpreter could not touch a file. The server enforces the form of
each step, and `open` and `final_answer` are brought to mind: this model forgets them. Its claim: it called the latter
within 20 steps.
"""

from smolagents import CodeAgent, OpenAIModel  # type: ignore[import-not-found]  # in an environment of its own

INSTRUCTIONS = """Work in the current folder with plain Python, for example open(): there are no other tools.
As soon as the task is done, call final_answer in the same block of code."""


def run(task: str, model: str) -> tuple[bool, str]:
    """Whether it says that the task is done; its final answer."""
    agent = CodeAgent(
        tools=[],
        model=OpenAIModel(
            model_id=model,
            api_base="http://127.0.0.1:11434/v1",
            api_key="ollama",
            temperature=0.2,
            max_tokens=1000,
        ),
        use_structured_outputs_internally=True,
        instructions=INSTRUCTIONS,
        additional_authorized_imports=["*"],
        executor_kwargs={"additional_functions": {"open": open}},
        return_full_result=True,
    )
    result = agent.run(task)
    return result.state == "success", str(result.output)
