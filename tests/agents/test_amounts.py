"""How many lines a task asks for, in its own words."""

import pytest

from agents.amounts import lines_wanted, most_wanted


@pytest.mark.parametrize(
    ("task", "count"),
    [
        ("Write the first 20 prime numbers to primes.csv, one per line, and tell me their sum", 20),
        ("Save the first twenty primes in primes.csv (a single number on every line, no title)", 20),
        ("I need the twelve smallest squares in s.txt, one number per row", 12),
        ("The 15 largest files, each on its own line, go to big.txt", 15),
        ("Escreve os primeiros vinte números primos em primos.csv, um por linha", 20),
        ("Guarda os 10 maiores valores em top.txt, um valor em cada linha", 10),
        ("Write 7 random words to words.txt, one per line", 7),
        ("Save the top five words to top.txt, one word per line", 5),
    ],
)
def test_a_count_of_lines(task: str, count: int) -> None:
    assert lines_wanted(task) == count


@pytest.mark.parametrize(
    "task",
    [
        "Write the first 20 prime numbers to primes.csv",
        "Write the numbers 1 to 5 to five.txt, one per line",
        "Write all multiples of 3 below 100 to m.txt, one per line",
        "Save the last 2 digits of each number in n.txt, one per line",
        "The sales of the last 7 days go to week.txt, one product per line",
        "As vendas dos últimos 3 meses em v.txt, um produto por linha",
        "Write one line per person to people.csv",
        "Put the even numbers between 10 and 30 into even.txt, one on each line",
        "Escreve os números de 1 a 5 em cinco.txt, um por linha",
    ],
)
def test_no_count_where_the_task_gives_none(task: str) -> None:
    assert lines_wanted(task) is None


@pytest.mark.parametrize(
    ("task", "count"),
    [
        ("Which three customers spent the most? Cancelled orders do not count. Save it as top.csv.", 3),
        ("Cada linha tem um IP. Quais são os dez endereços IP com mais pedidos? Grava top.csv, o maior primeiro.", 10),
        ("Put the 5 largest invoices into top.csv.", 5),
        ("The top 20 words go to top.csv", 20),
        ("Save those with more than 50 citations, most cited first, as top.csv", None),
        ("Save it as top.csv and tell me the three largest.", None),
        ("Put the three largest files of each folder into top.csv.", None),
        ("What are my five longest runs? Runs over 10 km should also go to top.csv, longest first.", None),
        ("For the last three months, write what sold most to top.csv.", None),
    ],
)
def test_how_many_rows_hold_what_has_the_most(task: str, count: int | None) -> None:
    assert most_wanted(task, "top.csv") == count
