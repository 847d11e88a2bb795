"""A command of the user's own in the jail, kept as a session like any other: it can be shown and undone."""

import asyncio
import time
from argparse import Namespace

from agents.ledger import Ledger
from agents.state import dumped
from commander.approval import confined
from commander.place import make_box, uncovered
from commander.sessions.recording import Recording
from commander.typed import chosen
from tools.events import CodeEnded, CodeStarted, Finished, Output, Phase, State


async def shell(recording: Recording, command: str, options: Namespace) -> Finished:
    """Run it as a block of code runs; what it wrote is taken back when it is ended in its middle."""
    emit, snapshots, settings, start = recording.emit, recording.snapshots, chosen(options), time.monotonic()
    ledger = dumped(Ledger(recording.task))
    jailed = confined(options, emit)
    before = await asyncio.to_thread(snapshots.take)
    closed = uncovered(snapshots, before, emit)
    box = make_box(snapshots.workspace.root, settings, closed, jailed=jailed, network=options.network)
    output: list[str] = []
    settled = False

    def hear(text: str) -> None:
        output.append(text)
        emit(Output(text))

    try:
        emit(CodeStarted("shell", command))
        emit(Phase("running", command.splitlines()[0][:60]))
        emit(State(ledger, before.id, settled=False))
        result = await box.run("shell", command, hear)
        after = await asyncio.to_thread(snapshots.take)
        emit(State(ledger, after.id))
        settled = True
    finally:
        await box.close()
        if not settled:
            await asyncio.to_thread(snapshots.restore, before)
            emit(State(ledger, before.id))
    changes = snapshots.diff(before, after)
    added, changed, removed = map(list, (changes.added, changes.changed, changes.removed))
    emit(CodeEnded(result.exit_code, result.seconds, [*added, *changed], result.reason))
    missing = [] if result.exit_code == 0 else [result.reason or f"exit code {result.exit_code}"]
    return Finished(
        exit_code=1 if missing else 0,
        answer="".join(output),
        verified=True,
        added=added,
        changed=changed,
        removed=removed,
        missing=missing,
        refused=[],
        calls=0,
        prompt_tokens=0,
        completion_tokens=0,
        loads=0,
        reloads=0,
        swaps=0,
        load_seconds=0,
        seconds=time.monotonic() - start,
    )
