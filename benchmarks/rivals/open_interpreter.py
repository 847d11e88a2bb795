"""Open Interpreter alone, auto-run, with the profile for a small Qwen on Ollama that it ships (`--profile qwen.py`).

Its claim: it ended its turn with words, without an error of its own.
"""

from importlib.resources import files

from interpreter import interpreter

PROFILE = "terminal_interface/profiles/defaults/qwen.py"
ITS_MODEL = "qwen2:1.5b"


def run(task: str, model: str) -> tuple[bool, str]:
    """Whether it says that the task is done; its last output and words."""
    interpreter.disable_telemetry = True
    profile = files("interpreter").joinpath(PROFILE).read_text("utf-8")
    exec(profile.replace(ITS_MODEL, model), {})  # noqa: S102 - as Open Interpreter itself does with a profile
    messages = interpreter.chat(task)
    words = [each["content"] for each in messages if each["role"] == "assistant" and each["type"] == "message"]
    outputs = [each["content"] for each in messages if each["role"] == "computer" and each.get("format") == "output"]
    claimed = bool(messages) and messages[-1]["role"] == "assistant" and messages[-1]["type"] == "message"
    return claimed, "\n".join(outputs[-1:] + words[-1:])
