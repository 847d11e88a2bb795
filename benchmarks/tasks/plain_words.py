"""Answers in words: an explanation, and a list of steps."""

from benchmarks.tasks.explain import fact_problems
from benchmarks.tasks.plan import plan_problems, written
from benchmarks.tasks.task import Task

_RAM = r"\b(?:RAM|memória(?! (?:de massa|permanente|secundária)))\b"
_DISK = r"\b(?:discos?|HDD?|SSD|armazenamento)\b"
_BUT_DISK = r"(?:(?!(?<!que o )(?<!que no )(?<!que do )(?<!contrário do )\b(?:discos?|HDD?|SSD)\b).){0,200}?"
_BUT_RAM = r"(?:(?!(?<!que a )(?<!que na )(?<!que da )(?<!contrário da )(?<!que a memória )\bRAM\b).){0,200}?"
_LOSES = (
    r"(?<!não é )(?<!não )\b(?:vol[áa]til|perd\w+|apag\w+|desaparec\w+|esvazi\w+|elimin\w+|exclu\w+|remov\w+|"
    r"limp[ao]\w*|n[ãa]o (?:é |são |fica )?(?:mant|guard|conserv|ret|armazen|salv)\w*)"
)
_KEEPS = (
    r"\b(?:mant[éeêhi]\w*|guard\w+|conserv\w+|preserv\w+|permane\w+|persist\w+|fica\w*|continu\w+|reten\w*|retém|"
    r"salv\w+|intact\w+|n[ãa]o[- ]vol[áa]til|n[ãa]o (?:se )?(?:perde|apaga|desaparece)\w*|"
    r"n[ãa]o (?:é|são) (?:perdid|apagad)\w*|longo prazo)"
)
_LARGE = r"\b(?:maior\w*|grande\w*|superior\w*|mais (?:espaço|dados|gigabytes|GB|capacidade|memória)|terabytes?|TB)\b"
_SMALL = r"\b(?:menor\w*|pequen\w+|limitad\w+|inferior\w*|menos (?:espaço|dados|gigabytes|GB|capacidade|memória))\b"
MEMORY_FACTS = {
    "the RAM is fast": (
        rf"{_RAM}{_BUT_DISK}\b(?:r[áa]pid|veloz|velozes)",
        rf"{_DISK}{_BUT_RAM}\b(?:lent[ao]|mais devagar)",
    ),
    "the RAM loses what it holds": (
        rf"{_RAM}{_BUT_DISK}{_LOSES}",
        rf"{_LOSES}(?:-se)? (?:todo )?o conteúdo da (?:memória )?RAM\b",
    ),
    "the disk keeps it": (rf"{_DISK}{_BUT_RAM}{_KEEPS}", rf"{_KEEPS}\s+(?:\w+\s+){{0,4}}{_DISK}"),
    "the disk is larger": (rf"{_DISK}{_BUT_RAM}{_LARGE}", rf"{_RAM}{_BUT_DISK}{_SMALL}"),
}
"""Facts, each with the ways in which it is said."""
MEMORY = """\
A memória RAM é muito mais rápida do que o disco e serve para aquilo em que o computador está a trabalhar. Quando se \
desliga o computador, a RAM perde tudo o que continha. O disco é mais lento, mas mantém os ficheiros mesmo sem \
corrente. Além disso o disco tem muito mais espaço e custa menos por gigabyte.
"""
MEMORY_WRONG = """\
A memória RAM e o disco são praticamente a mesma coisa, porque nos dois ficam os ficheiros do utilizador. O disco é \
mais rápido do que a RAM, e quando se desliga o computador nenhum dos dois se altera. A RAM é o que se compra quando \
o disco já está cheio, pois serve de arquivo para fotografias e filmes.
"""

ROOM = {
    "buy": r"\bbuy",
    "move": r"\bmov(?:e|ing)\b|\bfurniture\b",
    "cover": r"\bcover|\bfloor\b",
    "paint": r"\bpaint(?:ing)? (?:the )?walls\b|\bwalls\b",
    "wash": r"\bwash|\bbrushes\b",
}
ROOM_ORDER = [("move", "cover"), ("cover", "paint")]
ROOM_PLAN = ("buy the paint", "move the furniture", "cover the floor", "paint the walls", "wash the brushes")
ROOM_WRONG = ("buy the paint", "cover the floor", "move the furniture", "paint the walls", "wash the brushes")

TASKS = [
    Task(
        "ram-disco",
        "explain",
        "Explica a um principiante, em poucas frases e sem código, a diferença entre a memória RAM e o disco de um "
        "computador: a velocidade, o que acontece ao conteúdo de cada um ao desligar o computador, e qual dos dois "
        "tem normalmente mais gigabytes.",
        lambda folder: None,
        lambda folder, answer: fact_problems(answer, MEMORY_FACTS, "import "),
        lambda folder: MEMORY,
        lambda folder: MEMORY_WRONG,
    ),
    Task(
        "paint-room",
        "plan",
        "I want to paint my room. Put these five jobs into the right order, as a numbered list from 1 to 5, one job "
        "per line, in my words: cover the floor, wash the brushes, buy the paint, paint the walls, move the furniture. "
        "Buying the paint comes first and washing the brushes last. The furniture must be moved before the floor is "
        "covered, and the floor must be covered before the walls are painted. Only the list, please.",
        lambda folder: None,
        lambda folder, answer: plan_problems(answer, ROOM, ROOM_ORDER, {1: "buy", 5: "wash"}),
        lambda folder: written(*ROOM_PLAN),
        lambda folder: written(*ROOM_WRONG),
    ),
]
