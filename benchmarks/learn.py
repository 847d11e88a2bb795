"""Find the weights by which words tell what a task wants: `uv run python benchmarks/learn.py`.

Reads the labelled tasks of `benchmarks/labelled/NAME`, writes `agents/knowledge/NAME.tsv`, and says how often it is
right: on each file with the weights of all the others, and on those whose names begin with `unseen`, which nothing is
learned from. `--measure` writes nothing.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents import forms, knowledge, roles, weights
from agents.expectation import SOURCE, expectation, file_names, means, suffix
from agents.weights import BIAS, Weight, Weights, chances, shares
from agents.wording import DELETES, RENAMES
from teams import classifier

LABELLED = Path(__file__).with_name("labelled")
SEEN_IN = 3
"""Examples that a feature must be in."""
ROUNDS, STEP = 400, 0.1
EFFECTS = {
    "deletes": {"delete-files", "delete-duplicates", "empty-folders", "shell-delete"},
    "moves": {
        *("move-by-kind", "move-by-name", "rename-endings", "rename-files", "number-files", "flatten-folder"),
        "shell-rename",
    },
}
"""The ways that do it."""
Numbers = NDArray[np.float32]


class Example(NamedTuple):
    """What is known of something, the kinds that it can be, and those that it is."""

    features: set[str]
    among: Collection[str]
    kinds: Collection[str]
    parts: Sequence[set[str]] = ()
    """The features of its parts, where these are looked at too."""


class Subject(NamedTuple):
    """What is learned: its kinds, how a file of examples is read, and how a guess is judged, as figures of a line."""

    kinds: Sequence[str]
    examples: Callable[[Path], list[Example]]
    told: Callable[[Sequence[Example], Weights], str]
    also: Sequence[str] = ()
    """Other subjects whose examples tell of this one too."""
    single: bool = True
    """Whether something is of one kind and no other."""
    penalty: float = 5e-5
    least: float = 0.02
    """What a feature adds to a kind at least; less is left out."""


def main() -> int:
    """Measure, and write the weights."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--measure", action="store_true", help="write nothing")
    arguments.add_argument("names", nargs="*", default=list(SUBJECTS), help=f"of {', '.join(SUBJECTS)}")
    given = arguments.parse_args()
    for name in given.names:
        subject = SUBJECTS[name]
        places = [file for at in (name, *subject.also) for file in sorted((LABELLED / at).glob("*.json"))]
        files = {f"{file.parent.name}/{file.stem}": subject.examples(file) for file in places}
        known = {file: found for file, found in files.items() if "/unseen" not in file}
        for file, found in known.items():
            others = learned([each for other, more in known.items() if other != file for each in more], subject)
            print(f"{name:7} {file:20} {subject.told(found, others)}", flush=True)
        whole = learned([each for found in known.values() for each in found], subject)
        for file in files.keys() - known.keys():
            print(f"{name:7} {file:20} {subject.told(files[file], whole)}", flush=True)
        if not given.measure:
            write(name, whole)
    return 0


def routes(file: Path) -> list[Example]:
    """Tasks with the road that is theirs: `task` and `route`."""
    return [Example(weights.words(row["task"]), classifier.KINDS, [row["route"]]) for row in rows(file)]


def files(file: Path) -> list[Example]:
    """The files that tasks name, and what is wanted of them: `task`, `have` and `files`, a role for each name."""
    found = []
    for row in rows(file):
        names = row["files"]
        there = {name for name in names if any(means(name, path) for path in row["have"])}
        for name, role in names.items():
            among = roles.THERE if name in there else roles.AWAY
            if role in among:
                found.append(Example(roles.features(row["task"], name, names, there), among, [role]))
    return found


def ways(file: Path) -> list[Example]:
    """Tasks with the ways that work for them: `task`, `have` and `ways`, the names of any number of them."""
    found = []
    for row in rows(file):
        expects = expectation(row["task"], row["have"])
        fitting = knowledge.fitting(expects)
        whole, *parts = knowledge.features(row["task"], expects)
        found.append(Example(whole, fitting, [*{*row["ways"]} & {*fitting}], parts))
    return found


def forms_of(file: Path) -> list[Example]:
    """Tasks with the form of the work: `task`, `have` and `form`."""
    found = []
    for row in rows(file):
        names = file_names(row["task"])
        sources = [name for name in names if suffix(name) in SOURCE]
        role = roles.roles(row["task"], names, [name for name in names if any(means(name, at) for at in row["have"])])
        features = forms.features(row["task"], names, sources, role)
        found.append(Example(features, forms.possible(sources), [row["form"]]))
    return found


def effects_of(file: Path) -> list[Example]:
    """Tasks with what they do to files, by the ways that work; of those without a way only what speaks of neither."""
    found = []
    for row in rows(file):
        kinds = [effect for effect, names in EFFECTS.items() if names & {*row["ways"]}]
        if row["ways"] or not (DELETES.search(row["task"]) or RENAMES.search(row["task"])):
            whole, *parts = map(weights.words, weights.with_sentences(row["task"]))
            found.append(Example(whole, forms.EFFECTS, kinds, parts))
    return found


def rows(file: Path) -> list[dict[str, Any]]:
    """What the file lists."""
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def learned(examples: Sequence[Example], subject: Subject) -> Weights:
    """Logistic regression over features by their rarity (tf-idf); by Adam's steps.

    Where something is of one kind and no other, each kind counts the same, however many examples it has.
    """
    counts = Counter(feature for each in examples for feature in each.features)
    names = sorted(name for name, count in counts.items() if count >= SEEN_IN)
    rare = np.array([round(float(np.log(len(examples) / counts[name])) + 1, 2) for name in names], dtype=np.float32)
    given = np.array([[name in each.features for name in names] for each in examples], dtype=np.float32) * rare
    given /= np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-9)
    given = np.hstack([given, np.ones((len(examples), 1), dtype=np.float32)])
    wanted = np.array([[kind in each.kinds for kind in subject.kinds] for each in examples], dtype=np.float32)
    possible = np.array([[kind in each.among for kind in subject.kinds] for each in examples], dtype=np.float32)
    adds = descent(given, wanted, possible, subject)
    found = {BIAS: Weight(1.0, kept(adds[-1], 0.0))}
    found |= {name: Weight(float(rare[at]), kept(adds[at], subject.least)) for at, name in enumerate(names)}
    return Weights(subject.kinds, {name: weight for name, weight in found.items() if weight.adds})


def kept(adds: Numbers, least: float) -> dict[int, float]:
    """What is worth to be kept of a feature."""
    return {at: round(float(value), 2) for at, value in enumerate(adds) if abs(value) >= least}


def descent(given: Numbers, wanted: Numbers, possible: Numbers, subject: Subject) -> Numbers:
    """The weights that explain what is wanted best, a column a kind."""
    adds = np.zeros((given.shape[1], wanted.shape[1]), dtype=np.float32)
    mean, square = np.zeros_like(adds), np.zeros_like(adds)
    share = (wanted / np.maximum(wanted.sum(axis=0), 1)).sum(axis=1, keepdims=True) / wanted.shape[1]
    count = share if subject.single else possible / len(given)
    for round_ in range(1, ROUNDS + 1):
        scores = given @ adds
        if subject.single:
            scores -= 1e9 * (1 - possible)
            likely = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
        else:
            likely = 1 / (1 + np.exp(-scores))
        slope = given.T @ (count * (likely - wanted)) + subject.penalty * adds
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        adds -= STEP * mean / (1 - 0.9**round_) / (np.sqrt(square / (1 - 0.999**round_)) + 1e-8)
    return adds


def told_single(examples: Sequence[Example], known: Weights) -> str:
    """How often the likeliest kind is the right one, and how often where that is surest."""
    judged = []
    for each in examples:
        found = shares(each.features, known, each.among)
        best = max(found, key=found.__getitem__)
        judged.append((best in each.kinds, found[best]))
    surest = sorted(judged, key=lambda each: -each[1])[: len(judged) * 85 // 100]
    right, sure = (sum(each for each, _ in some) / max(1, len(some)) for some in (judged, surest))
    return f"{len(judged):5}, {right:.1%} right; of the 85% that are surest {sure:.1%}"


def told_effects(examples: Sequence[Example], known: Weights) -> str:
    """How much of what is told is so, and how much of what is so is told."""
    told = [forms.done(chances([each.features, *each.parts], known)) for each in examples]
    both = sum(len(found & {*each.kinds}) for found, each in zip(told, examples, strict=True))
    wanted = sum(len(each.kinds) for each in examples)
    return f"{len(examples):5}, {both} of {sum(map(len, told))} told are so, {both} of {wanted} that are so are told"


def told_many(examples: Sequence[Example], known: Weights) -> str:
    """How much of what is chosen belongs, how much of what belongs is chosen; how often something where nothing is."""
    chosen = belonging = both = empty = misled = 0
    for each in examples:
        found = knowledge.likely(each.among, [each.features, *each.parts], known)
        chosen, belonging = chosen + len(found), belonging + len(each.kinds)
        both += len({*found} & {*each.kinds})
        empty, misled = empty + (not each.kinds), misled + (bool(found) and not each.kinds)
    right, found_of = both / max(1, chosen), both / max(1, belonging)
    return f"{len(examples):5}, {right:.1%} of the chosen belong, {found_of:.1%} of what belongs is chosen, " + (
        f"where nothing belongs something is for {misled} of {empty}"
    )


SUBJECTS = {
    "routes": Subject(classifier.KINDS, routes, told_single),
    "roles": Subject(roles.ROLES, files, told_single),
    "forms": Subject(forms.FORMS, forms_of, told_single, also=["ways"]),
    "effects": Subject(forms.EFFECTS, effects_of, told_effects, also=["ways"], single=False, penalty=2e-5),
    "ways": Subject(knowledge.names(), ways, told_many, single=False, penalty=2e-5, least=0.6),
}


def write(name: str, found: Weights) -> None:
    """Into the file that the program reads."""
    lines = ["\t".join(found.kinds)]
    for feature, each in sorted(found.features.items()):
        lines.append("\t".join([feature, str(each.rare), *(f"{at}:{value}" for at, value in each.adds.items())]))
    (weights.FOLDER / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
