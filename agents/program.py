"""What the Executor asks its model for, and from the reply to the one block that runs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.checks import WRITTEN, checks, literal, then
from agents.edits import edited, edits
from agents.expectation import Expectation, requirements, suffix
from agents.imports import complete
from agents.knowledge import hint, idioms
from agents.ledger import Ledger, Try
from agents.parsing import parsed
from agents.prompts import prompt
from agents.slips import put_right, put_right_shell, respelled, without_slips
from agents.splice import spliced
from agents.stubs import BEHIND, alone, begun, goes_on, whole
from tools.interpreter.worker import arranging
from tools.interpreter.worker.names import SHELL, find_language
from tools.replies import code_blocks

ERROR_TAIL = 1500
"""Characters of a failed program's output that its correction is shown."""


TEMPERATURES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Of the first try, the second, and so on."""
MAX_REPLY = 2048
"""Tokens of one reply; a small model that loops would otherwise write until its window is full."""
_FOREIGN = re.compile(r'  File "(?:<frozen|.*(?:site-packages|[/\\]lib[/\\]python|[/\\]Lib[/\\]))')


@dataclass(frozen=True)
class Program:
    """A block that can run: its language and its source, byte for byte."""

    language: str
    code: str
    text: str = ""
    """What the model wrote, where that is not the whole program: a file's content, or what comes before our lines."""


def program_tail(expects: Expectation, tries: Sequence[Try], task: str = "", *, given: bool = False) -> str:
    """What the Executor is asked for, after the tries so far.

    A program that failed is shown once with what is wrong; if its correction fails too, the next one starts from the
    task alone with what to mind: a small model that sees its own wrong program often writes it again. Where the reply
    is begun for it, it always would (measured on HumanEval: no correction of six was right, two of six fresh ones).
    """
    failed = [attempt for attempt in tries if not attempt.holds]
    minds = [problem for attempt in failed if not attempt.broke for problem in attempt.problems]
    misled = len(tries) % 4 > 1 and len(failed) == len(tries)  # every other start has none, where they did not help
    misled |= len(tries) == 2 and tries[0].code == tries[1].code  # what was copied twice is no second opinion
    ways = "" if misled else "".join(idioms(task, expects))
    ways = f"\n# Ways that work\n```{expects.language}\n{ways}```\n" if ways else ""
    if expects.file:
        checked = " and run to check it" if expects.file.endswith(".py") else ""
        tail = ways + prompt(form(expects, len(tries)), path=expects.file, checked=checked)
        tail += "Use the functions of the ways that work as they stand above.\n" if ways and expects.shared else ""
    else:
        used = ["Use the ways that work, as they stand above, where they fit the task."] if ways else []
        wanted = [*requirements(expects, given=given), *used, *dict.fromkeys(minds)]
        rules = "\n".join(f"- {rule}" for rule in wanted)
        spoken = SHELL if expects.language == "shell" else expects.language
        tail = ways + prompt("program", language=spoken, rules=rules)
    last = tries[-1] if tries else None
    lately = next((number for number, attempt in enumerate(reversed(tries)) if attempt.holds), len(tries))
    if last is None or not last.code or lately % 2 == 0 or expects.stub:
        return tail
    output = useful(last.result.output)[-ERROR_TAIL:].strip()
    problems = " ".join(filter(None, [*last.problems, hint(output)]))
    told = {"language": last.language, "code": last.text or last.code, "problems": problems, "output": output}
    return f"{tail}\n{prompt('retry', **told)}"


def form(expects: Expectation, tries: int) -> str:
    """The form in which a file is asked for: what changes in it, or whole; after two tries the other one."""
    if expects.long:
        return "edit"
    anew = expects.reshaped and not expects.shared
    spliceable = expects.file.endswith(".py") and expects.source and parsed(expects.source) is not None
    return "change" if spliceable and (tries % 4 < 2) != anew else "file"


def messages(ledger: Ledger) -> list[dict[str, str]]:
    """The Executor's prompt: the head that both roles share, the task, this role's tail."""
    tries, expects = () if ledger.terse else ledger.tries, _expected(ledger)
    tail = program_tail(expects, tries, ledger.goal, given=bool(ledger.calls))
    if ledger.advice:
        tail = f"{tail}\n# Advice of the Commander\n{ledger.advice}\n"
    asked = [*ledger.head(), {"role": "user", "content": f"{ledger.opening()}{tail}"}]
    if not expects.stub:
        return asked
    return [*asked, {"role": "assistant", "content": begun(expects.stub, len(ledger.tries))}]


def options(ledger: Ledger) -> dict[str, Any]:
    """How the next reply is sampled, in Ollama's words."""
    tries = len(ledger.tries)
    temperature = TEMPERATURES[min(tries, len(TEMPERATURES) - 1)]
    ends = {"stop": list(BEHIND)} if _expected(ledger).stub else {}
    return {"temperature": temperature, "seed": tries + 1, "num_predict": MAX_REPLY} | ends


def _expected(ledger: Ledger) -> Expectation:
    """What is expected; no reply is begun any more after one that did not go on: not all models can."""
    expects = ledger.expects
    return expects if goes_on(expects.stub, [attempt.text for attempt in ledger.tries]) else replace(expects, stub="")


def chosen_program(reply: str, expects: Expectation) -> Program | None:
    """The program in a reply, or the one that saves the file that the reply makes; None where there is no block.

    A reply with several blocks: those of the wanted language are one program in their order, since small models
    split one program over blocks; else the first block that can run.

    Raises:
        EditError: the reply changes lines that are not in the file.
    """
    if expects.source and (changes := edits(reply)):
        return saving(expects, edited(expects.source, changes))
    reply = whole(reply, expects.stub) if expects.stub else reply
    filled = [block for block in code_blocks(reply) if block.code.strip()]
    if expects.long:
        return None
    if expects.file:
        if not filled:
            return None
        longest = max(filled, key=lambda block: len(block.code))
        code = longest.code
        if suffix(expects.file) in WRITTEN and find_language(longest.language) == "python":  # a program after all
            return Program("python", complete(put_right(code, products=expects.products)))
        if not expects.file.endswith(".py"):
            return saving(expects, code)
        code = without_slips(code)  # the model's own lines alone: what the user wrote is meant so
        code = spliced(expects.source, code) if expects.source else code
        code = alone(code, expects.stub) if expects.stub else code
        return saving(expects, complete(respelled(code)))
    wanted = [block.code for block in filled if find_language(block.language) == expects.language]
    if wanted:
        code = "\n".join(wanted)
        if expects.language == "python":
            code = complete(put_right(code, products=expects.products))
        elif expects.language == "shell":
            code = put_right_shell(code)
        if script := _script(expects, code):
            return running(expects, script, code)
        if not expects.headings or expects.language != "python":
            return Program(expects.language, code)
        arranged = then(arranging.__file__, [expects.headings, expects.orders])
        return Program(expects.language, code + arranged, code)
    for block in filled:
        if runnable := find_language(block.language):
            return Program(runnable, block.code)
    return Program(expects.language, filled[0].code) if filled and not filled[0].language else None


def saving(expects: Expectation, text: str) -> Program:
    """The Python program that writes `text` to the file that is expected, and checks it when it is Python."""
    path = expects.file
    body = text if text.endswith("\n") else f"{text}\n"
    source = f"from pathlib import Path\n\npath = Path({path!r})\npath.parent.mkdir(parents=True, exist_ok=True)\n"
    source += f"path.write_text({literal(body)}, encoding={expects.encoding!r})\nprint('wrote', path)\n"
    return Program("python", source + (checks(expects, body) if path.endswith(".py") else ""), body)


def running(expects: Expectation, path: str, code: str) -> Program:
    """The Python program that writes the script that the task asks for, and runs it."""
    saves = saving(replace(expects, file=path), code)
    with_what = {"shell": "['bash', path]", "python": "[sys.executable, path]", "javascript": "['node', path]"}
    source = f"{saves.code}\nimport subprocess, sys\nsys.stdout.flush()\n"
    return Program("python", f"{source}sys.exit(subprocess.call({with_what[expects.language]}))\n", saves.text)


def _script(expects: Expectation, code: str) -> str:
    """The script among several files that the task asks for, where this code is its content: nothing writes it."""
    ending = {"shell": ".sh", "python": ".py", "javascript": ".js"}[expects.language]
    found = [name for name in expects.creates if name.endswith(ending)]
    return found[0] if len(found) == 1 and found[0].rpartition("/")[2] not in code else ""


def useful(output: str) -> str:
    """`output` without the frames of a traceback that lie in Python or its packages, and their quoted lines."""
    kept, foreign = [], False
    for line in output.splitlines():
        if line.startswith('  File "'):
            foreign = bool(_FOREIGN.match(line))
        elif not line.startswith("    "):
            foreign = False
        if not foreign:
            kept.append(line)
    return "\n".join(kept)
