"""How the functions of a module behave, told as one number, so that two versions of it can be compared."""

import ast
import re
from collections.abc import Sequence

from agents.parsing import parsed

IMPURE = frozenset(
    "open input print exec eval os io sys shutil subprocess pathlib Path socket requests urllib http sqlite3 tempfile "
    "random time datetime threading multiprocessing asyncio logging tkinter argparse glob csv".split()
)
"""Names in a module whose functions may do more than compute: these are not called."""
PROBE = """
import copy, hashlib, importlib, inspect, itertools, os, re, signal, sys, tempfile
sys.path.insert(0, os.path.abspath({folder!r}))
module = importlib.import_module({module!r})
os.chdir(tempfile.mkdtemp())
INTS = [0, 1, 2, 3, 4, 7, 10, 12, 25, 100, 400, 1900, 2000, 2024, -1, -6]
REALS = [0.0, 1.5, 2.25, -3.75, 10.0]
TEXTS = ["", "a", "Hello World", "racecar", "12", "a,b;c", "(())()", "ação", "The quick brown fox", "1h30m", "xYz"]
LISTS = [[], [1], [1, 2, 3, 4], [3, 1, 2, 2], [-1, 0, 5, 10], [5, 4, 3], [1.5, 2.5], ["b", "a", "abc"]]
DICTS = [{{}}, {{"a": 1, "b": 2}}, {{"x": "y"}}]
NAMED = [
    ("list tuple sequence iterable", LISTS), ("dict mapping", DICTS), ("float", REALS + INTS), ("int", INTS),
    ("str", TEXTS), ("bool", [True, False]),
]
WORDS = [
    ("list lst lists items numbers nums values arr array xs seq rows words marks notas valores lista", LISTS),
    ("dict mapping d counts", DICTS),
    ("text string s word name title line sentence message texto palavra nome", TEXTS),
    ("n num number i k x y year count size index amount age a b ano numero price cents points quantity preco", INTS),
]
def pool(parameter):
    kind = getattr(parameter.annotation, "__name__", "") or str(parameter.annotation)
    name = parameter.name.lower().rstrip("0123456789_")
    if parameter.annotation is not parameter.empty:
        for words, values in NAMED:
            if any(word in str(kind).lower() for word in words.split()):
                return values
    for words, values in WORDS:
        if name in words.split():
            return values
    return INTS[:6] + TEXTS[:5] + LISTS[:5] + DICTS[:2]
def late(*_):
    raise TimeoutError
timed = hasattr(signal, "setitimer")
if timed:
    signal.signal(signal.SIGALRM, late)
told, calls, given, undone = hashlib.sha256(), 0, 0, False
def choices(function, most=60):
    try:
        every = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    wanted = [each for each in every if each.default is each.empty]
    if any(each.kind not in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in wanted):
        return []
    pools = [pool(each) for each in wanted]
    if most < 60:  # values of one place in their lists
        return [tuple(values[at % len(values)] for values in pools) for at in range(1, most + 1)] if pools else [()]
    found = list(itertools.islice(itertools.product(*pools), 4000))
    return found[:: max(1, len(found) // most)]
def call(name, function, arguments):
    global calls, given
    calls += 1
    if timed:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
    value = None
    try:
        value = function(*copy.deepcopy(arguments))
        shown = list(itertools.islice(value, 50)) if hasattr(value, "__next__") else value
        shown = repr(round(shown, 9) if isinstance(shown, float) else shown)
        given += 1
    except Exception:
        shown = "!"
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
    told.update((name + repr(arguments) + re.sub(" at 0x[0-9a-fA-F]+", "", shown)).encode("utf-8", "replace"))
    return value
def use(one, kind):
    for name, method in sorted(vars(kind).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            for arguments in choices(getattr(one, name), 4):
                call(name, getattr(one, name), arguments)
known = set({known}) & set(vars(module))  # of a file that is changed only what it had: parts may be named as one likes
for name, each in sorted(vars(module).items()):
    if getattr(each, "__module__", "") != module.__name__ or (known and name not in known):
        continue
    if inspect.isfunction(each):
        for arguments in choices(each):
            if arguments:
                call(name, each, arguments)
    elif inspect.isclass(each) and not issubclass(each, BaseException):
        for arguments in choices(each, 3):
            for _ in range(2):  # the second one must not know of the first
                one = call(name, each, arguments)
                if isinstance(one, each):
                    use(one, each)
for name in list(vars(module)):
    for forth, back in {pairs}:
        one, other = getattr(module, name, None), getattr(module, name.replace(forth, back, 1), None)
        if not name.startswith(forth) or not callable(one) or not callable(other):
            continue
        for text in ("abcdefg", "hello", "aabbb", "xyz"):
            try:
                got = other(one(text))
            except Exception as error:
                got = error
            if got != text:
                print(other.__name__, "does not undo", f"{{one.__name__}}: of {{text!r}} it makes {{got!r}}"[:80])
                break
        else:
            undone |= name in {whole}
if given and not undone:  # what undoes a function that was given is right
    print(calls, "calls of its functions give", told.hexdigest()[:8])
"""
"""Calls functions and methods with values of many kinds, away from the user's files, and prints in short what came of
it: of a class that of two objects, one after the other, since the second must not know of the first."""


RUN = """
def compare(program):
    told = {{"capture_output": True, "text": True, "timeout": 10, "stdin": subprocess.DEVNULL}}
    try:
        print(subprocess.run([sys.executable, "-B", "-c", program], **told).stdout[-200:], end="")
    except subprocess.TimeoutExpired:
        print("calls of its functions give no end")

compare({program})
"""
_UNDONE = (
    "encode decode encrypt decrypt compress decompress escape unescape serialize deserialize cifra decifra".split()
)
PAIRS = list(zip(_UNDONE[::2], _UNDONE[1::2], strict=True))
"""Beginnings of names of functions of which the second undoes what the first did to a text."""
UNDONE = re.compile(r"^\w+ does not undo .*$", re.M)
BEHAVES = re.compile(r"calls of its functions give ([\w ]+)$", re.M)
"""What it prints."""


def probe(folder: str, module: str, source: str, given: Sequence[str] = ()) -> str:
    """The program that probes the module.

    `source`: what its file held before it was changed, if anything; `given`: the functions that the task gives, the
    last of them without its body.
    """
    known, whole = _defined(source) or list(given[-1:]), list(given[:-1])
    return PROBE.format(folder=folder, module=module, pairs=PAIRS, known=known, whole=whole)


def _defined(source: str) -> list[str]:
    tree = parsed(source)
    return [node.name for node in (tree.body if tree else []) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def pure(source: str) -> bool:
    """Whether the module only computes, as far as its names tell."""
    tree = parsed(source)
    nodes = list(ast.walk(tree)) if tree else []
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    return not names & IMPURE and any(isinstance(node, ast.FunctionDef) for node in nodes)
