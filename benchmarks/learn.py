"""Find the weights by which words tell what a task wants: `uv run python benchmarks/learn.py`.

Reads the labelled tasks of `benchmarks/labelled/NAME`, writes `agents/knowledge/NAME.tsv`, and says how often it is
right: on each file with the weights of all the others, and on those whose names begin with `unseen`, which nothing is
learned from. `--measure` writes nothing.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents import roles, weights
from agents.expectation import means
from agents.weights import BIAS, Weight, Weights, shares
from teams import classifier

LABELLED = Path(__file__).with_name("labelled")
SEEN_IN = 3
"""Examples that a feature must be in."""
PENALTY = 5e-5
ROUNDS, STEP = 400, 0.1
Numbers = NDArray[np.float64]


class Example(NamedTuple):
    """What is known of something, the kinds that it can be, by their places, and which it is."""

    features: set[str]
    among: Sequence[int]
    kind: int


def main() -> int:
    """Measure, and write the weights."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--measure", action="store_true", help="write nothing")
    arguments.add_argument("names", nargs="*", default=list(EXAMPLES), help=f"of {', '.join(EXAMPLES)}")
    given = arguments.parse_args()
    for name in given.names:
        kinds, examples = EXAMPLES[name]
        files = {file.stem: examples(file) for file in sorted((LABELLED / name).glob("*.json"))}
        known = {file: found for file, found in files.items() if not file.startswith("unseen")}
        every: list[tuple[bool, float]] = []
        for file, found in known.items():
            others = learned([each for other, more in known.items() if other != file for each in more], kinds)
            every += (judged := [judge(each, others) for each in found])
            print(told(f"{name}/{file}", judged))
        print(told(f"{name}, all of these", every))
        whole = learned([each for found in known.values() for each in found], kinds)
        for file in files.keys() - known.keys():
            print(told(f"{name}/{file}", [judge(each, whole) for each in files[file]]))
        if not given.measure:
            write(name, whole)
    return 0


def routes(file: Path) -> list[Example]:
    """Tasks with the road that is theirs: `task` and `route`."""
    kinds = list(classifier.KINDS)
    return [
        Example(classifier.features(row["task"]), range(len(kinds)), kinds.index(row["route"])) for row in rows(file)
    ]


def files(file: Path) -> list[Example]:
    """The files that tasks name, and what is wanted of them: `task`, `have` and `files`, a role for each name."""
    found = []
    for row in rows(file):
        names = row["files"]
        there = {name for name in names if any(means(name, path) for path in row["have"])}
        for name, role in names.items():
            among = roles.THERE if name in there else roles.AWAY
            if (kind := roles.ROLES.index(role)) in among:
                found.append(Example(roles.features(row["task"], name, names, there), among, kind))
    return found


EXAMPLES: dict[str, tuple[int, Callable[[Path], list[Example]]]] = {
    "routes": (len(classifier.KINDS), routes),
    "roles": (len(roles.ROLES), files),
}


def rows(file: Path) -> list[dict[str, Any]]:
    """What the file lists."""
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def learned(examples: Sequence[Example], kinds: int) -> dict[str, Weight]:
    """Logistic regression over features by their rarity (tf-idf), each kind counting the same; by Adam's steps."""
    counts = Counter(feature for each in examples for feature in each.features)
    names = sorted(name for name, count in counts.items() if count >= SEEN_IN)
    rare = np.array([round(float(np.log(len(examples) / counts[name])) + 1, 2) for name in names])
    given = np.array([[name in each.features for name in names] for each in examples]) * rare
    given /= np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-9)
    given = np.hstack([given, np.ones((len(examples), 1))])
    wanted = np.array([[each.kind == kind for kind in range(kinds)] for each in examples], dtype=float)
    barred = np.array([[0.0 if kind in each.among else -1e9 for kind in range(kinds)] for each in examples])
    share = (wanted / np.maximum(wanted.sum(axis=0), 1)).sum(axis=1, keepdims=True) / kinds
    adds = descent(given, wanted, barred, share)
    found = {name: Weight(float(rare[at]), tuple(adds[at].round(2).tolist())) for at, name in enumerate(names)}
    return found | {BIAS: Weight(1.0, tuple(adds[-1].round(2).tolist()))}


def descent(given: Numbers, wanted: Numbers, barred: Numbers, share: Numbers) -> Numbers:
    """The weights that explain what is wanted best, a column a kind."""
    adds = np.zeros((given.shape[1], wanted.shape[1]))
    mean, square = np.zeros_like(adds), np.zeros_like(adds)
    for round_ in range(1, ROUNDS + 1):
        scores = given @ adds + barred
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        slope = given.T @ (share * (likely - wanted)) + PENALTY * adds
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        adds -= STEP * mean / (1 - 0.9**round_) / (np.sqrt(square / (1 - 0.999**round_)) + 1e-8)
    return adds


def judge(example: Example, known: Weights) -> tuple[bool, float]:
    """Whether the likeliest kind is the right one, and how likely it is."""
    found = shares(example.features, known, example.among)
    return found.index(max(found)) == example.kind, max(found)


def told(name: str, judged: Sequence[tuple[bool, float]]) -> str:
    """One line of figures."""
    surest = sorted(judged, key=lambda each: -each[1])[: len(judged) * 85 // 100]
    right, sure = (sum(each for each, _ in some) / max(1, len(some)) for some in (judged, surest))
    return f"{name:26} {len(judged):5}, {right:.1%} right; of the 85% that are surest {sure:.1%}"


def write(name: str, found: dict[str, Weight]) -> None:
    """Into the file that the program reads."""
    lines = (f"{feature}\t{each.rare}\t" + "\t".join(map(str, each.adds)) for feature, each in sorted(found.items()))
    (weights.FOLDER / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
