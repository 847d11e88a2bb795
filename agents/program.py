"""What the Executor asks its model for, and from the reply to the one block that runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.expectation import Expectation, requirements
from agents.ledger import Ledger, Try
from agents.prompts import prompt
from tools.interpreter.worker.names import SHELL, find_language
from tools.replies import Block

CHECK = """
import subprocess, sys
done = subprocess.run([sys.executable, {path!r}], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
print(done.stdout[-2000:], end="")
print(done.stderr[-2000:], end="", file=sys.stderr)
sys.exit(done.returncode)
"""


ERROR_TAIL = 1500
"""Characters of a failed program's output that its correction is shown."""


@dataclass(frozen=True)
class Program:
    """A block that can run: its language and its source, byte for byte."""

    language: str
    code: str


def program_tail(expects: Expectation, tries: Sequence[Try]) -> str:
    """What the Executor is asked for, after the tries so far.

    A program that failed is shown once with what is wrong; if its correction fails too, the next one starts from the
    task alone with what to mind: a small model that sees its own wrong program often writes it again.
    """
    failed = [attempt for attempt in tries if not attempt.holds]
    minds = [problem for attempt in failed if not attempt.broke for problem in attempt.problems]
    if expects.file:
        tail = prompt(
            "file", path=expects.file, checked=" and run once to check it" if expects.file.endswith(".py") else ""
        )
    else:
        rules = "\n".join(f"- {rule}" for rule in [*requirements(expects), *dict.fromkeys(minds)])
        spoken = SHELL if expects.language == "shell" else expects.language
        tail = prompt("program", language=spoken, rules=rules)
    last = tries[-1] if tries else None
    if last is None or last.holds or not last.code or len(tries) % 2 == 0:
        return tail
    output = useful(last.result.output)[-ERROR_TAIL:].strip()
    told = {"language": last.language, "code": last.code, "problems": " ".join(last.problems), "output": output}
    return f"{tail}\n{prompt('retry', **told)}"


def messages(ledger: Ledger) -> list[dict[str, str]]:
    """The Executor's prompt: the head that both roles share, the task, this role's tail."""
    tail = program_tail(ledger.expects, () if ledger.terse else ledger.tries)
    if ledger.advice:
        tail = f"{tail}\n# Advice of the Commander\n{ledger.advice}\n"
    return [*ledger.head(), {"role": "user", "content": f"{ledger.opening()}{tail}"}]


def chosen_program(blocks: Sequence[Block], language: str, path: str = "") -> Program | None:
    """The program in a reply, or the one that saves the reply's block as `path`; None where there is no block.

    A reply with several blocks: those of the wanted language are one program in their order, since small models
    split one program over blocks; else the first block that can run.
    """
    filled = [block for block in blocks if block.code.strip()]
    if path:
        return saving(path, max(filled, key=lambda block: len(block.code)).code) if filled else None
    wanted = [block.code for block in filled if find_language(block.language) == language]
    if wanted:
        return Program(language, "\n".join(wanted))
    for block in filled:
        if runnable := find_language(block.language):
            return Program(runnable, block.code)
    return Program(language, filled[0].code) if filled and not filled[0].language else None


def saving(path: str, text: str) -> Program:
    """The Python program that writes `text` to `path`, and runs it once when it is Python."""
    body = text if text.endswith("\n") else f"{text}\n"
    source = f"from pathlib import Path\n\npath = Path({path!r})\npath.parent.mkdir(parents=True, exist_ok=True)\n"
    source += f"path.write_text({_literal(body)}, encoding='utf-8')\nprint('wrote', path)\n"
    return Program("python", source + (CHECK.format(path=path) if path.endswith(".py") else ""))


def _literal(text: str) -> str:
    """`text` as a Python literal, readable in an approval where that is exact."""
    plain = f'r"""{text}"""'
    return plain if '"""' not in text and "\r" not in text and not text.endswith(('"', "\\")) else repr(text)


def useful(output: str) -> str:
    """`output` without the frames of a traceback that are not the program's own, and their quoted lines."""
    kept, foreign = [], False
    for line in output.splitlines():
        if line.startswith('  File "'):
            foreign = not line.startswith('  File "<block')
        elif not line.startswith("    "):
            foreign = False
        if not foreign:
            kept.append(line)
    return "\n".join(kept)
