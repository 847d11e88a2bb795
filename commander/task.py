"""From the typed options to a request, and from its result to the screen."""

import logging
from argparse import Namespace

from commander.approval import Approval, confined
from commander.aside import terminable
from commander.console import Screen, screen
from commander.place import workspace
from commander.sessions.recording import Recording, begun
from commander.typed import chosen, text
from tools.events import Finished


async def do(options: Namespace) -> int:
    """Do the task that `options` hold; the exit code."""
    task = text(options)
    chosen(options)  # what is wrong with them is said before anything is kept
    with screen(json=options.json) as shown:
        place = workspace(options.workspace, shown.emit)
        with begun(task, place, options, shown.emit) as recording:
            return await work(recording, options, shown)


async def work(recording: Recording, options: Namespace, shown: Screen) -> int:
    """Do what is recorded, until its end or a signal; the exit code."""
    with terminable():
        result = await done(recording, options, shown)
    return result.exit_code


async def done(recording: Recording, options: Namespace, shown: Screen) -> Finished:
    """Do what is recorded, from its start or from where it stopped."""
    from commander.request import Request  # pydantic, httpx and more: not before the arguments are right
    from commander.run import perform
    from commander.tooling import Tooling

    if not options.debug:
        logging.disable()  # autogen_core logs a traceback for each turn that is cancelled
    emit, settings = recording.emit, chosen(options)
    jailed = confined(options, emit)
    tooling = Tooling.of(options, recording.snapshots, shown)
    consent = Approval.of(options, settings, shown, jailed=jailed).consent
    route = options.route or ("hybrid" if options.plan else "")
    past = recording.ledger, recording.before, recording.talk, recording.added
    request = Request(recording.task, recording.snapshots, consent, tooling, route, jailed, options.network, *past)
    result = await perform(request, settings, emit)
    emit(result)
    return result
