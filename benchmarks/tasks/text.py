"""Texts: amounts to add, headings to list, people to leave out."""

import re
from pathlib import Path

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, lines, read, write

RECEIPT = """\
MERCADO DO BAIRRO           2025-05-17 18:22
Coffee beans 1 kg            14.90 EUR
Milk 1.5 % fat 6 x 1 l        5.34 EUR
Rice 2 kg                     3.80 EUR
Deposit bottle returned      -0.75 EUR
Soap 3 for 2                  4.10 EUR
Bread                         1.85 EUR
Olive oil 0.75 l              9.25 EUR
Member's discount 5 %        -1.92 EUR
Candles 12 pieces             6.48 EUR
"""


def receipt_total(sign: int) -> float:
    """The amounts; a sign of -1 takes what is taken off as if it were to pay."""
    amounts = [float(found) for found in re.findall(r"(-?\d+\.\d\d) EUR", RECEIPT)]
    return round(sum(amount if amount > 0 else sign * amount for amount in amounts), 2)


GUIDE = """\
# Field guide

Some words before.

## Getting ready

### What to pack

```bash
# copy the list
cp list.txt ~/trip
## not a heading either
```

### What to leave at home
## On the way

Text with a # in it, and #hashtags.

### Trains & ferries

## Coming back

# Appendix

## Words
"""
HEADINGS = [
    "- Field guide",
    "  - Getting ready",
    "    - What to pack",
    "    - What to leave at home",
    "  - On the way",
    "    - Trains & ferries",
    "  - Coming back",
    "- Appendix",
    "  - Words",
]


def contents_problems(folder: Path, answer: str) -> list[str]:
    """The list of headings; they may be links."""
    found = [re.sub(r"\[(.*)\]\(.*\)", r"\1", line) for line in lines(folder, "toc.md")]
    if found == HEADINGS:
        return []
    missing = [f"toc.md: no line {line!r}" for line in HEADINGS if line not in found]
    return [*missing, f"toc.md: {len(found)} lines instead of {len(HEADINGS)}, or in another order"]


def write_contents(folder: Path, pattern: str) -> str:
    """The headings that are left where the pattern is taken out."""
    text = re.sub(pattern, "", read(folder, "guide.md"), flags=re.DOTALL)
    found = re.findall(r"^(#+) (.*)$", text, re.MULTILINE)
    write(folder, "toc.md", "\n".join("  " * (len(marks) - 1) + f"- {title}" for marks, title in found))
    return "toc.md lists the headings."


LETTER = """\
Cara Marta,

o novo contacto da oficina é oficina.central@carros-lda.example.com, e o telefone passou a ser 912 345 678.
Se ninguém atender, liga para o 223456789 (só de manhã) ou escreve a j.pinto+garantia@mail.example.pt.

A fatura 20250417 é de 1 350,00 euros; a encomenda chega a 2025-05-02 à Rua 25 de Abril, 4050-123 Porto.
O Rui (931 002 003, rui_22@correio.example.org) confirma. Não uses o @rui_22, que já não existe.

Até breve
Joana, tel. 961234567
"""
MAIL, PHONE = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", r"\b\d{3} ?\d{3} ?\d{3}\b"


def anonymous(mail: str, phone: str) -> str:
    """The letter without what fits."""
    return re.sub(phone, "[telefone]", re.sub(mail, "[email]", LETTER))


def letter_problems(folder: Path, answer: str) -> list[str]:
    """Addresses and numbers are gone, nothing else."""
    wanted = [line for line in anonymous(MAIL, PHONE).splitlines() if line.strip()]
    found = lines(folder, "carta_anonima.txt")
    if len(found) != len(wanted):
        return [f"carta_anonima.txt: {len(found)} lines instead of {len(wanted)}"]
    return [f"carta_anonima.txt: {line}" for line, right in zip(found, wanted, strict=True) if line != right]


def write_letter(folder: Path, mail: str, phone: str) -> str:
    """The result."""
    write(folder, "carta_anonima.txt", anonymous(mail, phone))
    return "A carta está em carta_anonima.txt."


TASKS = [
    Task(
        "receipt",
        "text",
        "What do I have to pay according to receipt.txt? The total is missing: add up the amounts in EUR at the ends "
        "of the lines, some of which are negative.",
        lambda folder: write(folder, "receipt.txt", RECEIPT),
        lambda folder, answer: number_problems(answer, receipt_total(1), tolerance=0.004),
        lambda folder: f"You pay {receipt_total(1):.2f} EUR.",
        lambda folder: f"You pay {receipt_total(-1):.2f} EUR.",
    ),
    Task(
        "headings",
        "text",
        "Make a table of contents for guide.md and save it as toc.md: one line `- Heading` for each heading, indented "
        "by two spaces for each level below the first (so `  - Heading` for a ## heading). Lines that begin with # "
        "inside a code block between ``` are not headings.",
        lambda folder: write(folder, "guide.md", GUIDE),
        contents_problems,
        lambda folder: write_contents(folder, "```.*?```"),
        lambda folder: write_contents(folder, "never there"),
    ),
    Task(
        "carta",
        "text",
        "Em carta.txt substitui cada endereço de e-mail por [email] e cada número de telefone por [telefone], e grava "
        "o resultado em carta_anonima.txt; o resto do texto fica igual. Os telefones têm nove algarismos, escritos "
        "912345678 ou 912 345 678.",
        lambda folder: write(folder, "carta.txt", LETTER),
        letter_problems,
        lambda folder: write_letter(folder, MAIL, PHONE),
        lambda folder: write_letter(folder, r"\S*@\S*", PHONE),
    ),
]
