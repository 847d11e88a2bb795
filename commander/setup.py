"""`commander models setup`: what fits this machine is said, then the models are fetched and made."""

from collections.abc import Mapping, Sequence

from commander.console import Screen, screen
from commander.models import ollama, through
from config import folders
from config.errors import UsageError
from config.settings import Settings
from tools.events import Emit, Notice, ignore
from tools.ollama import fit, library
from tools.ollama.fit import Memory
from tools.ollama.gateway import Gateway
from tools.ollama.library import Modelfile
from tools.ollama.models import plain
from tools.ollama.residence import short


def setup(names: Sequence[str], given: Settings, *, yes: bool) -> int:
    """Fetch and make these local models, or those that the settings name, or what is recommended; 1: the user said no.

    Raises:
        UsageError: no Modelfile makes one of them.
        MissingError: no Ollama answers, or it refuses.
    """
    recipes = library.modelfiles()
    unknown = [name for name in names if short(name) not in recipes]
    if unknown or not recipes:
        have = ", ".join(recipes) or "none is here"
        name = unknown[0] if unknown else "NAME"
        raise UsageError(f"no Modelfile makes {name} (there are: {have})", f"commander models pull {name}")
    with screen(json=False) as shown:
        server = ollama(given, "setup")
        there = fit.memory() if server.local else None
        if there is None:
            shown.emit(Notice(f"what fits into the memory of {server.base_url} is not known here"))
        settled: dict[str, Modelfile] = {}
        for recipe in _wanted(names, recipes, given, there, shown.emit):
            taken = _settled(recipe, fit.instead(recipe, recipes), there, shown, yes=yes)
            if taken is None:
                shown.emit(Notice("nothing was fetched"))
                return 1
            settled[taken.name] = taken
        made = [*settled.values()]
        through(server, shown.emit, lambda gateway: _make(gateway, made))
        _advise(made, given, there, shown.emit)
    return 0


def _wanted(
    names: Sequence[str], recipes: Mapping[str, Modelfile], given: Settings, there: Memory | None, emit: Emit
) -> list[Modelfile]:
    """What was named, else what the settings name, where a Modelfile makes it, else what is recommended."""
    wishes = names or [plain("", given.default_model, ignore), plain("", given.executor_model, ignore)]
    wanted = [recipes[name] for name in dict.fromkeys(map(short, wishes)) if name in recipes]
    if not wanted:
        brain, executor = wanted = fit.recommended(recipes, there)
        emit(Notice(f"recommended here: {brain.name} for the Commander, {executor.name} for the Executor"))
    return wanted


def _settled(
    recipe: Modelfile, others: Sequence[Modelfile], there: Memory | None, shown: Screen, *, yes: bool
) -> Modelfile | None:
    """What to make: what was asked for, or one of the others; None: nothing."""
    if not there or not (line := fit.told(recipe, there)):
        return recipe
    shown.emit(Notice(line, "warning"))
    for number, other in enumerate(others, 1):
        how = f"{fit.need(other).total:.1f} GB: {fit.happens(other, there) or 'fits wholly'}"
        shown.emit(Notice(f"{number}) instead: commander models setup {other.name}   ({how})"))
    if yes or not shown.interactive:
        shown.emit(Notice(f"going on with {recipe.name}, as asked"))
        return recipe
    choices: dict[str, Modelfile | None] = {"": recipe, "y": recipe, "n": None}
    choices |= {str(number): other for number, other in enumerate(others, 1)}
    question = f"  go on with {recipe.name}? [{'/'.join(['Y', *list(choices)[2:]])}] "
    while (typed := shown.question(question).strip().lower()) not in choices:
        pass
    return choices[typed]


async def _make(gateway: Gateway, recipes: Sequence[Modelfile]) -> None:
    have = set(await library.held(gateway))
    for recipe in recipes:
        if short(recipe.base) not in have:
            await library.pull(gateway, recipe.base)
            have.add(short(recipe.base))
        gateway.emit(Notice(f"{recipe.base} is on the server"))
        await library.create(gateway, recipe)
        gateway.emit(Notice(f"made {recipe.name}, with a window of {recipe.window} tokens"))


def _advise(made: Sequence[Modelfile], given: Settings, there: Memory | None, emit: Emit) -> None:
    """What follows: the swap, and what to set where it is not set."""
    if there and (swap := fit.together(made, there)):
        emit(Notice(swap))
    lines = {"DEFAULT_MODEL" if recipe.name in fit.BRAINS else "EXECUTOR_MODEL": recipe.name for recipe in made}
    missing = [f"{key}={name}" for key, name in lines.items() if getattr(given, key.lower()) != name]
    if missing:
        emit(Notice(f"next: put {' and '.join(missing)} into {folders.ROOT / '.env'}"))
