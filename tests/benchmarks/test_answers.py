"""Answers in prose are judged by what they say, however they say it."""

import pytest

from benchmarks.tasks.explain import ROTATE_FACTS, THREAD_FACTS, fact_problems
from benchmarks.tasks.plan import RELEASE_PLAN, release_problems, saturday_problems, steps, written

THREADS = [
    "**Memory**: Threads share the same memory space, while processes have their own separate memory.\n\n"
    "**Cost**: Threads are lighter and faster to start than processes, which need more resources.\n\n"
    "**Crash**: When a process crashes, all of its threads are terminated too; other processes are not affected.\n\n"
    "**GIL**: The Global Interpreter Lock ensures that only one thread executes Python bytecode at a time.",
    "All threads of a process share the memory of the process. Processes are independent programs with their own "
    "memory. Creating a process is more expensive than creating a thread. If a process crashes, its threads will also "
    "crash, but other processes will continue to run. The GIL prevents multiple threads from executing Python bytecode "
    "simultaneously.",
    "A process runs in its own memory, threads in a process use the same memory. Starting threads is cheap. If a "
    "process dies, its threads die too, while another process keeps running. The GIL means that only a single thread "
    "executes Python code.",
]


@pytest.mark.parametrize("answer", THREADS)
def test_explanation_in_any_words(answer: str) -> None:
    assert fact_problems(answer, THREAD_FACTS, "import threading") == []


@pytest.mark.parametrize("number", range(4))
def test_each_sentence_of_an_explanation_is_needed(number: int) -> None:
    parts = THREADS[0].split("\n\n")
    answer = " ".join(parts[:number] + parts[number + 1 :])
    assert fact_problems(answer, THREAD_FACTS, "import threading")


def test_threads_and_processes_are_not_exchanged() -> None:
    answer = THREADS[0].replace("Threads", "X").replace("processes", "threads").replace("X", "Processes")
    assert fact_problems(answer, THREAD_FACTS, "import threading")


def test_explanation_is_neither_a_word_nor_the_code() -> None:
    answer = "Dos .bak guarda 7 e lista os que têm mais de 3 dias; apaga com --apply."
    assert fact_problems(answer, ROTATE_FACTS, "def candidates") == ["the answer has 16 words"]
    longer = f"{answer} {answer} def candidates"
    assert fact_problems(longer, ROTATE_FACTS, "def candidates") == ["the answer copies the code"]


@pytest.mark.parametrize(
    "form", ["{}. {}", "{}) {}", "**{}.** **{}**", "Step {}: {}", "- {}. {} (see above)", "({}) {}"]
)
def test_steps_in_any_form(form: str) -> None:
    lines = "\n\n".join(form.format(number, item.capitalize()) for number, item in enumerate(RELEASE_PLAN, 1))
    assert release_problems(f"Here is the plan:\n{lines}\n") == []


def test_other_orders_that_keep_the_conditions() -> None:
    first, backup, restore, announce, stop, *rest = RELEASE_PLAN
    assert release_problems(written(first, announce, backup, stop, restore, *rest)) == []
    assert release_problems(written(first, announce, stop, backup, restore, *rest)) == []
    assert release_problems(written(first, backup, restore, stop, announce, *rest))
    assert release_problems(written(first, restore, backup, announce, stop, *rest))
    assert release_problems(written(backup, first, restore, announce, stop, *rest))


def test_steps_are_complete_and_numbered() -> None:
    assert release_problems(written(*RELEASE_PLAN[:-1]))
    assert release_problems(written(*RELEASE_PLAN, RELEASE_PLAN[-1]))
    assert release_problems("\n".join(f"- {item}" for item in RELEASE_PLAN))
    assert steps("1. stop the shop before you migrate the tables", {"stop": "stop", "migrate": "migrate"}) == ["stop"]


@pytest.mark.parametrize(
    "hour", ["{}h00 – {}", "{:02d}:00 {}", "{}:00-{}", "às {} h: {}", "{} horas: {}", "**{}h** {}"]
)
def test_hours_in_any_form(hour: str) -> None:
    plan = ["ginásio", "correios", "compras", "fazer o bolo", "buscar a Rita", "limpar a casa"]
    assert saturday_problems(written(*(hour.format(9 + place, item) for place, item in enumerate(plan)))) == []
    assert saturday_problems(written(*(hour.format(8 + place, item) for place, item in enumerate(plan))))
    assert saturday_problems(written(*plan))
