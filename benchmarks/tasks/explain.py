"""Explanations: each fact that was asked for is found in the answer by words of its own."""

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.tasks.task import Task, write

FEWEST, MOST = 25, 700
"""Words of an explanation."""

_OWN = r"(?:own|separate|isolated|independent|private|different|distinct)\b"
_BUT_PROCESSES = r"(?:(?!\bprocesses\b).){0,220}?"
_BUT_THREADS = r"(?:(?!\bthreads\b).){0,160}?"
_NEAR = r".{0,120}?"
_END = r"\b(?:end|die|stop|terminat|kill|crash|lost|gone|go down|bring|take)\w*"
_TOGETHER = r"\b(?:simultaneous|at once|at the same time|at a time|in parallel|concurrent|parallelism)"
THREAD_FACTS = {
    "threads share memory": (
        rf"\bthreads?\b{_BUT_PROCESSES}\b(?:shar(?:e|es|ed|ing)|same (?:memory|address))\b",
        rf"\bshar(?:ed|ing)\b{_BUT_PROCESSES}\bthreads\b",
    ),
    "processes have memory of their own": (
        rf"\bprocess(?:es)?\b{_BUT_THREADS}\b{_OWN}",
        rf"\b{_OWN}{_BUT_THREADS}\bprocess(?:es)?\b",
        rf"\bprocess(?:es)?\b{_BUT_THREADS}(?:\bnot|n't) share",
    ),
    "threads start more cheaply": (
        rf"\bthreads?\b{_BUT_PROCESSES}\b(?:light|cheap|fast|quick|less|low|small|easi)",
        rf"\bprocess(?:es)?\b{_BUT_THREADS}\b(?:heav|expensive|slow|more|cost|overhead|high)",
    ),
    "the threads end with their process": (
        rf"\bthreads?\b{_NEAR}{_END}",
        rf"{_END}\b{_NEAR}\b(?:all|its|their|every)\b.{{0,20}}\bthreads?\b",
    ),
    "other processes go on": (
        rf"\b(?:an)?other\b{_NEAR}\b(?:not|no|unaffected|untouched|surviv|continu|keep|go on|independen|safe)",
        rf"\b(?:an)?other\b{_NEAR}n't\b",
        r"(?:\bnot|n't) (?:directly )?(?:affect|influence|impact|harm)\w* (?:any |the )?other",
    ),
    "the GIL lets one thread run at a time": (
        r"\b(?:one|single) (?:\w+ )?thread\b",
        rf"\bthreads?\b{_NEAR}{_TOGETHER}",
        r"\btrue parallel",
    ),
}
"""Facts, each with the ways in which it is said."""
THREADS = """\
A process has its own memory, which no other process sees. Threads live inside one process and share its memory, so \
they can exchange data simply but must take care not to disturb each other. A thread is cheap to start; a process is \
expensive, since the system has to set up memory for it. If a process crashes, all its threads end with it; other \
processes are not affected and go on. In CPython the GIL lets only one thread at a time execute Python code, so \
threads help with waiting, and processes with computing.
"""
THREADS_WRONG = """\
Processes share one memory, so they can exchange data simply. Starting a process or a thread is about equally quick \
and needs nothing from the system. If a process crashes, Python raises an exception which you can catch with try and \
except, and the program goes on. The GIL is a graphics library that is used for windows.
"""

ROTATE = '''\
"""Backups."""

import argparse
import time
from pathlib import Path

FOLDER = Path("backups")
KEEP = 7
GRACE = 3 * 24 * 60 * 60


def candidates():
    found = sorted(FOLDER.glob("*.bak"), key=lambda path: path.stat().st_mtime, reverse=True)
    limit = time.time() - GRACE
    return [path for path in found[KEEP:] if path.stat().st_mtime < limit]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apply", action="store_true")
    arguments = parser.parse_args()
    for path in candidates():
        if arguments.apply:
            path.unlink()
        print(path)


if __name__ == "__main__":
    main()
'''
ROTATE_FACTS = {
    "files that end in .bak": (r"\.bak\b",),
    "seven are kept": (r"\b(?:7|sete|seven)\b",),
    "none younger than three days": (
        r"\b(?:3|três|tres|three)\s*(?:dias|days)",
        r"\b72\s*(?:h|horas|hours)\b",
        r"259[ .,]?200",
    ),
    "only with --apply": (r"--apply\b",),
    "else it lists them": (r"\b(?:list|mostr|imprim|escrev|indic|apresent|exib|print|show)",),
}
ROTATE_ANSWER = """\
O rotate.py trata dos ficheiros .bak da pasta backups. Guarda sempre os sete mais recentes e, dos restantes, escolhe \
só os que têm mais de 3 dias. Sem opções apenas mostra os nomes dos ficheiros escolhidos; só os apaga de facto quando \
é chamado com a opção --apply.
"""
ROTATE_WRONG = """\
O rotate.py é um programa de cópias de segurança. Percorre a pasta backups, guarda os 5 ficheiros mais recentes e \
apaga todos os outros, para que o disco não fique cheio. Basta chamá-lo com python rotate.py, sem opções, por exemplo \
todas as noites.
"""


def fact_problems(answer: str, facts: Mapping[str, tuple[str, ...]], code: str) -> list[str]:
    """The facts that are not in an answer of sensible length; to copy the code is no explanation."""
    text = re.sub(r"[*_`]", "", answer)
    missing = [fact for fact, ways in facts.items() if not re.search("|".join(ways), text, re.IGNORECASE | re.DOTALL)]
    problems = [f"the answer does not tell: {fact}" for fact in missing]
    count = len(answer.split())
    problems += [f"the answer has {count} words"] * (not FEWEST <= count <= MOST)
    return problems + ["the answer copies the code"] * (code in text)


def rotate(folder: Path) -> None:
    """The program that is to be explained."""
    write(folder, "rotate.py", ROTATE)


TASKS = [
    Task(
        "threads",
        "explain",
        "Explain to a beginner, in at most 250 words and without code: how do threads and processes differ in the "
        "memory they use and in how costly they are to start? When a process crashes, what happens to its threads, and "
        "what to other processes? And what does the GIL mean for threads in Python?",
        lambda folder: None,
        lambda folder, answer: fact_problems(answer, THREAD_FACTS, "import threading"),
        lambda folder: THREADS,
        lambda folder: THREADS_WRONG,
    ),
    Task(
        "rotate",
        "explain",
        "Explica-me em poucas frases o que faz o rotate.py: que ficheiros escolhe, quantos ficam sempre, que idade têm "
        "de ter os que são apagados, o que acontece quando o chamo sem opções e o que é preciso para que apague mesmo. "
        "Não copies o código.",
        rotate,
        lambda folder, answer: fact_problems(answer, ROTATE_FACTS, "def candidates"),
        lambda folder: ROTATE_ANSWER,
        lambda folder: ROTATE_WRONG,
    ),
]
