"""Answers in words have the form that the task asks for."""

import pytest

from agents.answers import faults, form, listed, points

PLAN = "Plan the move as numbered steps 1 to 4: rent a van, pack the boxes, load the van, hand over the keys."
GOOD = "1. Pack the boxes\n2. Rent a van\n3. Load the van\n4. Hand over the keys"


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        (PLAN, GOOD),
        (PLAN + " Just the list, please.", GOOD),
        ("Explain recursion in at most 20 words.", "A function that calls itself on a smaller part."),
        ("Explica em no máximo duas frases o que é um ficheiro.", "É um conjunto de dados. Tem um nome."),
        ("Explain threads without code.", "They share memory."),
        ("What is a plan?", "1. A list\n2. of steps"),
        ("Diz-me três frutas.", "1. maçã\n2. pera\n3. uva"),
        ("List the prices in a table.", "| a | b |\n| --- | --- |\n| soup | 6.40 |"),
        ("Read a table of prices, and save it in a table in menu.csv", "It is saved."),
        ("How do I find duplicates in a SQL table?", "Group by the columns."),
        ("Explain how a row is stored in a table", "One after the other."),
        ("Write down why I should keep the prices in a table", "They are looked up soon."),
        ("Write a plan in numbered steps. The constraints are: no car, few people, little money, one day.", "1. Walk"),
    ],
)
def test_an_answer_of_the_form_has_no_faults(task: str, answer: str) -> None:
    assert faults(task, answer) == []


@pytest.mark.parametrize(
    ("task", "answer", "word"),
    [
        (PLAN, GOOD.rpartition("\n")[0], "1. to 4."),
        ("List the prices in a table.", "soup: 6.40", "not a table"),
        ("What are the prices? In a table, please.", "soup: 6.40", "not a table"),
        ("Mostra as diferenças entre TCP e UDP numa tabela", "TCP confirma.", "not a table"),
        (
            "The rules are few. Plan the steps: wash the car, buy fuel, check the oil, set off.",
            "1. Buy fuel",
            "wash the car",
        ),
        (PLAN, GOOD.replace("4.", "5."), "1. to 4."),
        (PLAN, GOOD.replace("Load the van", "Sleep"), "load the van"),
        (PLAN + " Just the list, please.", f"Sure!\n{GOOD}", "only the list"),
        ("Explain recursion in at most 20 words.", "word " * 21, "21 words"),
        ("Explica em no máximo duas frases o que é um ficheiro.", "Um. Dois. Três.", "3 frases"),
        ("Explain threads without code.", "```python\nx\n```", "code"),
        ("Faz-me uma lista com seis passos numerados de 1 a 6.", "1. a\n2. b", "1. to 6."),
    ],
)
def test_what_is_not_as_asked_is_told(task: str, answer: str, word: str) -> None:
    (fault, *_) = faults(task, answer)
    assert word in fault


def test_portuguese_is_asked_for_by_name() -> None:
    assert "Write in Portuguese." in form("Em duas frases, explica o que é um ficheiro e para que serve")
    assert "Write in Portuguese." not in form("Explain what a file is, and what it is for")


def test_the_form_is_told_beforehand() -> None:
    assert form("Explain threads in at most 250 words and without code.") == ["Write at most 200 words.", "No code."]
    assert form(PLAN + " Just the list, please.")[0] == "Write 4 lines that begin with 1. to 4."
    assert form("What is a thread?") == []


def test_what_a_plan_lists() -> None:
    assert listed(PLAN) == ["rent a van", "pack the boxes", "load the van", "hand over the keys"]
    assert listed("O plano: as tarefas são ginásio, compras, correios, bolo e limpar a casa.")[-1] == "limpar a casa"
    assert listed("Tell me about: a, b, c, d, e") == []


def test_few_sentences_are_few() -> None:
    task = "Explica-me em poucas frases o que é um ficheiro"
    assert "at most 6 sentences" in " ".join(form(task))
    assert faults(task, "Um ficheiro guarda dados. " * 8) == []
    assert "but few are wanted" in faults(task, "Um ficheiro guarda dados. " * 60)[0]


def test_questions_that_a_task_lists_are_named() -> None:
    task = "Explica o que faz o a.py: que ficheiros escolhe, quantos ficam, o que acontece no fim e o que é preciso."
    assert points(task) == ["que ficheiros escolhe", "quantos ficam", "o que acontece no fim", "o que é preciso"]
    assert "que ficheiros escolhe; quantos ficam" in " ".join(form(task))
    assert points("Explain RAM: what it is, how fast it is, and when it is empty.") == [
        "what it is",
        "how fast it is",
        "when it is empty",
    ]
    assert points("Plan in steps: eat soup, drink tea, sing songs.") == []
    assert points("What is RAM?") == []
