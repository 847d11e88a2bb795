"""`commander sessions ...`: what is kept, listed and searched, shown, exported, deleted."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from commander.columns import print_columns
from commander.console import clean
from commander.sessions import shelf
from commander.sessions.claim import running
from commander.sessions.markdown import markdown
from commander.sessions.session import Session
from config.errors import UsageError

HEAD = ("ID", "BEGUN", "OUTCOME", "WORKSPACE", "TASK")


def sessions(words: Sequence[str], options: Namespace) -> int:
    """Do what follows `commander sessions`.

    Raises:
        UsageError: a session is not known, or works just now.
    """
    match list(words):
        case ["show", prefix]:
            Console(highlight=False, soft_wrap=True).print(Text(clean(markdown(shelf.session(prefix)))))
        case ["export", prefix]:
            sys.stdout.write(exported(shelf.session(prefix), as_json=options.json))
        case ["export", prefix, file]:
            place = Path(file).expanduser()
            text = exported(shelf.session(prefix), as_json=options.json or place.suffix == ".json")
            place.write_text(text, encoding="utf-8")
            print(f"wrote {place}", file=sys.stderr)
        case ["delete", *prefixes] if prefixes:
            for one in [shelf.session(prefix) for prefix in prefixes]:
                delete(one)
        case ["show" | "export" | "delete"]:
            raise UsageError(f"commander sessions {words[0]} needs the id of a session", "commander sessions")
        case texts:
            _list([one for one in shelf.sessions() if holds(one, texts)], texts, as_json=options.json)
    return 0


def delete(one: Session) -> None:
    """Remove it for good, its snapshots for undo too.

    Raises:
        UsageError: it works just now.
    """
    if process := running(one.id):
        raise UsageError(f"session {one.id} works now (process {process})", "wait for its end")
    shelf.remove(one)
    print(f"deleted {one.id}: {clean(one.task.splitlines()[0][:80])}", file=sys.stderr)


def holds(one: Session, texts: Sequence[str]) -> bool:
    """Whether each of the texts stands in the session: its task, its folder, its programs, output, answers, files."""
    if not texts:
        return True
    wanted = [text.lower() for text in texts]
    said = f"{one.id} {one.task} {one.workspace} {one.outcome}".lower()
    if all(text in said for text in wanted):
        return True
    fields = ("text", "source", "answer", "added", "changed", "removed", "steps")
    inside = (str(record[field]) for record in one.records for field in fields if field in record)
    said += " ".join(inside).lower()
    return all(text in said for text in wanted)


def outcome(one: Session) -> str:
    """How it stands now."""
    return "running" if running(one.id) else one.outcome


def exported(one: Session, *, as_json: bool) -> str:
    """All of it as text for a file."""
    if as_json:
        return (
            json.dumps({"id": one.id, "outcome": one.outcome, "records": one.records}, ensure_ascii=False, indent=1)
            + "\n"
        )
    return markdown(one)


def row(one: Session) -> dict[str, Any]:
    """What the list tells of it."""
    begun = datetime.fromtimestamp(one.started).astimezone()
    texts = {"id": one.id, "begun": begun.isoformat(" ", "minutes")[:16], "outcome": outcome(one)}
    return texts | {"workspace": str(one.workspace), "task": one.task}


def _list(found: Sequence[Session], texts: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([row(one) for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        print(f"no session{f' with {chr(32).join(texts)}' if texts else ''}", file=sys.stderr)
        return
    told = map(row, found)
    rows = ((*list(each.values())[:-1], " ".join(each["task"].split())) for each in told)
    print_columns(HEAD, rows, last_on_one_line=True)
