"""A session as Markdown, to be read or kept."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

from commander.sessions.session import Session
from tools.journal import Record

Lines = Iterator[str]


def markdown(one: Session) -> str:
    """All of it that matters to a reader."""
    return "\n".join([*_head(one), *(line for record in one.records for line in _told(record)), ""])


def _head(one: Session) -> Lines:
    started = datetime.fromtimestamp(one.started).astimezone()
    first, *rest = one.task.splitlines() or [""]
    yield f"# {first}"
    yield from ["", *rest] if rest else []
    yield ""
    yield f"- session {one.id}: {one.outcome}"
    yield f"- begun {started:%Y-%m-%d %H:%M:%S} in {one.workspace}, with commander {one.header['version']}"


def _told(record: Record) -> Lines:
    match record:
        case {"kind": "models", "commander": commander, "executor": executor}:
            yield f"- models {commander} (Commander), {executor} (Executor)"
        case {"kind": "route", "route": route, "reason": reason}:
            yield f"- route {route}: {reason}"
        case {"kind": "notice", "text": text}:
            yield f"- {text}"
        case {"kind": "plan", "steps": steps}:
            yield "\n## Plan\n"
            yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))
        case {"kind": "code", "language": language, "source": source}:
            yield f"\n## Program\n\n{fenced(source, language)}"
        case {"kind": "output", "text": text}:
            yield f"\n{fenced(text)}"
        case {"kind": "result"}:
            how = record["reason"] or f"exit {record['exit_code']}"
            wrote = f", wrote {', '.join(record['changed'])}" if record["changed"] else ""
            yield f"\n{how} in {record['seconds']:.1f} s{wrote}"
        case {"kind": "tool", "name": name, "arguments": arguments}:
            yield f"\n## Tool {name}\n\n{fenced(json.dumps(arguments, indent=1, ensure_ascii=False), 'json')}"
        case {"kind": "tool_result", "text": text, "seconds": seconds}:
            yield f"\n{fenced(text)}\n\nin {seconds:.1f} s"
        case {"kind": "refused", "language": language, "source": source, "reason": reason}:
            yield f"\n## Not run\n\n{fenced(source, language)}\n\n{reason}"
        case {"kind": "review", "holds": holds, "reasons": reasons}:
            yield f"\nReview: {'the evidence holds' if holds else ' '.join(reasons)}"
        case {"kind": "finished"}:
            yield from _finished(record)
        case {"kind": "stopped", "reason": reason}:
            yield f"\n## Stopped\n\n{reason}"
        case {"kind": "resumed"}:
            yield "\n## Resumed"
        case {"kind": "undone", "paths": paths}:
            yield "\n## Undone\n"
            yield from (f"- {path}" for path in paths)


def _finished(record: Record) -> Lines:
    if record["answer"]:
        yield f"\n## Answer\n\n{record['answer']}"
    if record["missing"]:
        yield f"\n## Not done\n\n{' '.join(record['missing'])}"
    yield "\n## Result\n"
    for mark, names in (("+", record["added"]), ("~", record["changed"]), ("-", record["removed"])):
        yield from (f"- `{mark} {name}`" for name in names)
    tokens = f"{record['prompt_tokens']:,} tokens in, {record['completion_tokens']:,} out"
    yield f"- {record['calls']} model calls, {tokens}, {record['seconds']:.0f} s"


def fenced(text: str, language: str = "") -> str:
    """The text as a block that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"
