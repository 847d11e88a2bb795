"""gptme from the command line without questions, as its page on local providers sets it up for Ollama.

It has its tools for work in a folder alone: the description of all nineteen fills most of a small model's window.
Calls are written as Markdown, since Qwen2.5-Coder writes native ones as text. Its claim: the program's own exit code.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

OPTIONS = ("--tools", "shell,ipython,save,patch", "--tool-format", "markdown")
NOISE = re.compile("tiktoken|HTTPSConn|port=443|NameRes|openaipublic|name resol|approximation|/encodings")
"""It looks for the tokenizer of another model on the network, often."""
OUTPUT = ("Ran ", "Executed ")
END = re.compile(r"```complete\s+```")
"""What it writes when a tool has run, and what the model writes to end the session."""


def run(task: str, model: str) -> tuple[bool, str]:
    """Whether it says that the task is done; its last output and words."""
    gptme = str(Path(sys.executable).with_name("gptme"))
    command = [gptme, "--non-interactive", "--model", f"local/{model}", *OPTIONS, task]
    address = os.environ | {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}
    with subprocess.Popen(
        command, env=address, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            if not NOISE.search(line):
                print(line, end="", flush=True)
    logs = (Path.home() / ".local" / "share" / "gptme" / "logs").glob("*/conversation.jsonl")
    messages = [json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines()]
    words = [END.sub("", message["content"]).strip() for message in messages if message["role"] == "assistant"]
    outputs = [message["content"] for message in messages if message["content"].startswith(OUTPUT)]
    return process.returncode == 0, "\n".join(outputs[-1:] + list(filter(None, words))[-1:])
