"""What the functions of a module give, told in one line: a program of its own in the jail, in the user's own Python."""

from __future__ import annotations

import ast
import base64
import contextlib
import copy
import hashlib
import importlib
import inspect
import itertools
import json
import os
import random
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

INTS = [0, 1, 2, 3, 4, 7, 10, 12, 25, 100, 400, 1900, 2000, 2024, -1, -6]
REALS = [0.0, 1.5, 2.25, -3.75, 10.0]
TEXTS = ["", "a", "Hello World", "racecar", "12", "a,b;c", "(())()", "ação", "The quick brown fox", "1h30m", "xYz"]
LISTS = [[], [1], [1, 2, 3, 4], [3, 1, 2, 2], [-1, 0, 5, 10], [5, 4, 3], [1.5, 2.5], ["b", "a", "abc"]]
DICTS = [{}, {"a": 1, "b": 2}, {"x": "y"}]
TYPED: list[tuple[str, list[Any]]] = [
    ("list tuple sequence iterable", LISTS),
    ("dict mapping", DICTS),
    ("float", REALS + INTS),
    ("int", INTS),
    ("str", TEXTS),
    ("bool", [True, False]),
]
NAMED: list[tuple[str, list[Any]]] = [
    ("list lst lists items numbers nums values arr array xs seq rows words marks notas valores lista", LISTS),
    ("dict mapping d counts", DICTS),
    ("text string s word name title line sentence message texto palavra nome", TEXTS),
    ("n num number i k x y year count size index amount age a b ano numero price cents points quantity preco", INTS),
]
MOST, METHODS, OBJECTS = 60, 4, 3
"""Calls of a function and of a method, objects of a class."""
LENGTH = 0.3
"""Seconds of a call."""
FAILED = "--"
"""What stands for a call that ends with an error."""
REPLACED = 4
"""Members of a list of an example that are replaced, from its beginning."""
LARGE = 1_000_000
_UNDONE = (
    "encode decode encrypt decrypt compress decompress escape unescape serialize deserialize cifra decifra".split()
)
PAIRS = [(_UNDONE[at], _UNDONE[at + 1]) for at in range(0, len(_UNDONE), 2)]
"""Beginnings of names of functions of which the second undoes what the first did to a text."""


class Behaviour:
    """Calls functions and methods away from the user's files; `given`: arguments of the examples by function.

    Where there are such arguments, others like them are tried, else values of many kinds.
    """

    def __init__(self, given: dict[str, list[tuple[Any, ...]]]) -> None:
        self.given = given
        self.said: list[str] = []

    def of(self, module: ModuleType, known: Sequence[str]) -> list[str]:
        """A word for each call; `known`: the names that are looked at, empty: all."""
        for name, each in sorted(vars(module).items()):
            if getattr(each, "__module__", "") != module.__name__ or (known and name not in known):
                continue
            if inspect.isfunction(each):
                for arguments in near(self.given[name]) if name in self.given else choices(each):
                    if arguments:
                        self.call(name, each, arguments)
            elif inspect.isclass(each) and not issubclass(each, BaseException):
                self._objects(name, each)
        return self.said

    def call(self, name: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """One call, entered; what it gave."""
        value = None
        try:
            _limit(LENGTH)
            value = function(*copy.deepcopy(arguments))
            text = name + repr(arguments) + plain(value)
            digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
            self.said.append(base64.b32encode(digest)[:2].decode().lower())
        except Exception:  # noqa: BLE001 - it is not our code
            self.said.append(FAILED)
        finally:
            _limit(0)
        return value

    def _objects(self, name: str, kind: type) -> None:
        for arguments in choices(kind, OBJECTS):
            for _ in range(2):  # the second one must not know of the first
                one = self.call(name, kind, arguments)
                for method, each in sorted(vars(kind).items()) if isinstance(one, kind) else []:
                    if inspect.isfunction(each) and not method.startswith("_"):
                        for values in choices(getattr(one, method), METHODS):
                            self.call(method, getattr(one, method), values)


def _limit(seconds: float) -> None:
    """End what runs after these seconds, where the system can; 0: no more."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, _late)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _late(*_: object) -> None:
    raise TimeoutError


def plain(value: Any) -> str:
    """A value as text: equal ones alike, whatever the order of their members was made in; no addresses."""
    if hasattr(value, "__next__"):
        return plain(list(itertools.islice(value, 50)))
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, dict):
        return f"{{{sorted((plain(key), plain(item)) for key, item in value.items())}}}"
    if isinstance(value, (set, frozenset)):
        return f"{{{sorted(map(plain, value))}}}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}[{', '.join(map(plain, value))}]"
    return re.sub(" at 0x[0-9a-fA-F]+", "", repr(value))


def choices(function: Callable[..., Any], most: int = MOST) -> list[tuple[Any, ...]]:
    """Arguments for a function, by the types and names of its parameters."""
    try:
        every = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    wanted = [each for each in every if each.default is each.empty]
    if any(each.kind not in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in wanted):
        return []
    pools = [_pool(each) for each in wanted]
    if most < MOST:  # values of one place in their lists
        return [tuple(values[at % len(values)] for values in pools) for at in range(1, most + 1)] if pools else [()]
    found = list(itertools.islice(itertools.product(*pools), 4000))
    return found[:: max(1, len(found) // most)]


def _pool(parameter: inspect.Parameter) -> list[Any]:
    kind = getattr(parameter.annotation, "__name__", "") or str(parameter.annotation)
    name = parameter.name.lower().rstrip("0123456789_")
    if parameter.annotation is not parameter.empty:
        for words, values in TYPED:
            if any(word in str(kind).lower() for word in words.split()):
                return values
    for words, values in NAMED:
        if name in words.split():
            return values
    return INTS[:6] + TEXTS[:5] + LISTS[:5] + DICTS[:2]


def near(given: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Arguments like those of the examples: crossed with each other, in another order, each one a little changed."""
    numbers = [number for arguments in given for number in _numbers(arguments)]
    low = next((least for least in (1, 0) if all(number >= least for number in numbers)), -LARGE)
    columns = [[arguments[at] for arguments in given] for at in range(len(given[0]))]
    pools = [list({repr(each): each for value in column for each in like(value, low)}.values()) for column in columns]
    found = list(itertools.islice(itertools.product(*columns), 1000))
    for arguments in given:
        found += [(*arguments[:at], value, *arguments[at + 1 :]) for at, pool in enumerate(pools) for value in pool]
        if len({type(value) for value in arguments}) == 1:
            found += itertools.islice(itertools.permutations(arguments), 24)
    every = list({repr(arguments): arguments for arguments in found}.values())
    random.Random(1).shuffle(every)  # noqa: S311 - no secret
    return every[:MOST]


def like(value: Any, low: float, depth: int = 0) -> list[Any]:
    """Values like this one, itself first; no number below `low`."""
    if isinstance(value, bool):
        return [value, not value]
    if isinstance(value, int):
        others = (value + 1, value - 1, 2 * value, value + 10, value * value)
        return [value, *(each for each in others if low <= each < LARGE)]
    if isinstance(value, float):
        return [value, value + 1, value / 2, value + 0.25]
    if isinstance(value, str):
        return [value, value[1:], value[:-1], value[::-1], value + value, value.swapcase(), f"{value} {value}"]
    if isinstance(value, (list, tuple)):
        return [type(value)(each) for each in _lists(list(value), low, depth)]
    if isinstance(value, dict):
        without = [{key: item for key, item in value.items() if key != left} for left in list(value)[:REPLACED]]
        changed = [
            {**value, key: each} for key in list(value)[:REPLACED] for each in like(value[key], low, depth + 1)[1:3]
        ]
        return [value, *without, *changed]
    return [value]


def _lists(items: list[Any], low: float, depth: int) -> Iterator[list[Any]]:
    yield from (items, items[1:], items[:-1], items[::-1], items + items)
    with contextlib.suppress(TypeError):  # not all can be ordered
        yield sorted(items)
    for at, item in enumerate(items[:REPLACED] if depth < 2 else []):
        yield from ([*items[:at], each, *items[at + 1 :]] for each in like(item, low, depth + 1)[1:4])


def _numbers(value: Any) -> list[float]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [number for each in value for number in _numbers(each)] if isinstance(value, (list, tuple)) else []


def arguments(calls: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
    """The literal arguments of calls, by function; of each only those with as many as its first call."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for node in [node for call in calls for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Call)]:
        try:
            values = tuple(ast.literal_eval(each) for each in node.args)
        except ValueError:  # a call within
            continue
        if isinstance(node.func, ast.Name) and values and not node.keywords:
            others = found.setdefault(node.func.id, [])
            others += [values] if not others or len(others[0]) == len(values) else []
    return found


def undone(module: ModuleType, whole: Sequence[str]) -> bool:
    """Whether a function of `whole` is undone by its counterpart; of others what they do not undo is printed."""
    right = False
    for name, (forth, back) in itertools.product(list(vars(module)), PAIRS):
        one, other = getattr(module, name, None), getattr(module, name.replace(forth, back, 1), None)
        if not name.startswith(forth) or not callable(one) or not callable(other):
            continue
        wrong = next((said for text in ("abcdefg", "hello", "aabbb", "xyz") if (said := _lost(one, other, text))), "")
        if wrong:
            print(wrong)
        right |= not wrong and name in whole
    return right


def _lost(one: Callable[..., Any], other: Callable[..., Any], text: str) -> str:
    try:
        got = other(one(text))
    except Exception as error:  # noqa: BLE001 - it is not our code
        got = error
    return "" if got == text else f"{other.__name__} does not undo {one.__name__}: of {text!r} it makes {got!r}"[:120]


def main(folder: str, name: str, known: Sequence[str], whole: Sequence[str], calls: Sequence[str]) -> None:
    """Print a line of what the functions of a module give; none where no call gives anything, or all is known."""
    sys.path[0] = os.path.abspath(folder)
    module = importlib.import_module(name)
    os.chdir(tempfile.mkdtemp())
    said = Behaviour(arguments(calls)).of(module, [each for each in known if each in vars(module)])
    if not undone(module, whole) and set(said) - {FAILED}:
        print(f"{len(said)} calls of its functions, for comparison: {''.join(said)}")


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
