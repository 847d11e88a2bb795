"""Which road a task takes, by rules alone: the Commander answers, the Executor works at once, or a plan comes first."""

import re

from agents.expectation import file_names
from agents.ledger import Road

LISTED = re.compile(r"(?m)^\s*[-*]\s+\S")
NUMBERED = re.compile(r"(?:^|\s)(\d{1,2})[.)]\s+(?=[^\W\d])")
THEN = re.compile(r"\b(then|after that|afterwards|finally|depois|em seguida|por fim|finalmente)\b", re.I)
TALKS = re.compile(
    r"^\W*(please |por favor,? )?(explain|why|describe|compare|suggest|recommend|advise|plan|outline|what is|what are|"
    r"what does|what's|how do i|how does|how should|who|when|define|translate|rewrite|brainstorm|discuss|draft|"
    r"write (me )?(a |an )?(short )?(haiku|poem|story|joke|email|letter|essay|paragraph|sentence)|tell me about|"
    r"give me (an )?idea|explique|explica|por que|porque|descreva|descreve|compara|sugira|sugere|recomend\w*|planeje|"
    r"planeia|o que [ée]|como (fa[çc]o|funciona|devo)|qual [ée] a diferen[çc]a|defina|traduz\w*|escrev[ae] (um|uma) "
    r"(poema|haiku|hist[óo]ria|piada|email|carta|par[áa]grafo|frase))\b",
    re.I,
)
WORKS = re.compile(
    r"\b(files?|folders?|director(y|ies)|csv|json|script|program|run|execute|rename|delete|move|plot|chart|install|"
    r"compute|calculate|count|how many|sum of|average|median|sort|download|convert|"
    r"ficheiros?|arquivos?|pastas?|diret[óo]rios?|programa|corr[ae]|execut\w*|renome\w*|apag\w*|mov[ae]|gr[áa]fico|"
    r"calcul\w*|cont[ae]|quant[oa]s|som[ae]|m[ée]dia|orden[ae]|convert\w*)\b",
    re.I,
)


def road(task: str) -> Road:
    """The road for `task`, with the reason in words for the user."""
    steps = numbered_steps(task)
    if steps:
        return Road("hybrid", f"{len(steps)} numbered steps", steps)
    if len(LISTED.findall(task)) >= 3 or len(THEN.findall(task)) >= 2:
        return Road("hybrid", "several steps in order")
    names = file_names(task)
    if names:
        return Road("code", f"works on {names[0]}")
    talk = TALKS.search(task)
    work = WORKS.search(task)
    if talk and not (work and re.search(r"\d", task)):
        return Road("strategy", f"asks for words ({talk.group(0).strip().lower()} ...)")
    if work:
        return Road("code", f"needs a computation or files ({work.group(0).lower()})")
    if task.strip().endswith("?") and not re.search(r"\d", task):
        return Road("strategy", "a question without files or numbers")
    return Road("code", "something is to be made")


def numbered_steps(task: str) -> tuple[str, ...]:
    """The steps of a task that numbers three or more of them: the plan is then the user's own."""
    intro, *rest = NUMBERED.split(task.strip())
    numbers, texts = rest[::2], tuple(f"{intro} {text}".strip() for text in rest[1::2])
    counted = [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    return texts if counted and len(texts) >= 3 else ()
