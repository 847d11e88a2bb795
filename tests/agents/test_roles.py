"""What a task wants of the files that it names."""

import pytest

from agents.roles import AWAY, THERE, roles
from agents.weights import shares, weights
from benchmarks.learn import LABELLED, files


@pytest.mark.parametrize(
    ("task", "there", "role"),
    [
        ("Write the totals of a.csv to @out.csv", "a.csv", "write"),
        ("Give every file in docs a tidy name, so '@Old Note.TXT' would become 'old-note.txt'", "", "example"),
        ("Fix the bug in @stats.py", "@", "change"),
        ("How many lines has @server.log?", "@", "read"),
        ("Delete @old.txt", "@", "gone"),
        ("Rename all .txt files to .md, but leave @notes.txt as it is", "@", "keep"),
        ("Grava os totais em @totais.csv", "", "write"),
        ("Não mexas em @notas.txt, apaga os outros", "@", "keep"),
    ],
)
def test_the_likeliest_role_is_the_right_one(task: str, there: str, role: str) -> None:
    before, _, after = task.partition("@")
    name = next(name for name in ("Old Note.TXT", *after.split()) if after.startswith(name)).strip("?,'")
    found = roles(before + after, [name], [name] if there == "@" else [])[name]
    assert max(found, key=found.__getitem__) == role


def test_roles_are_those_that_a_file_can_have() -> None:
    found = roles("Copy a.txt to b.txt", ["a.txt", "b.txt"], ["a.txt"])
    assert found["a.txt"]["write"] == 0.0
    assert found["b.txt"]["keep"] == 0.0
    assert all(abs(sum(each.values()) - 1) < 1e-9 for each in found.values())


def test_most_of_what_it_never_saw_is_right() -> None:
    found = [
        (each.among, max(likely, key=likely.__getitem__) in each.kinds)
        for each in files(LABELLED / "roles" / "unseen.json")
        for likely in [shares(each.features, weights("roles"), each.among)]
    ]
    away, there = ([right for among, right in found if among == kind] for kind in (AWAY, THERE))
    assert sum(away) > 0.88 * len(away)
    assert sum(there) > 0.75 * len(there)
