"""From the typed options to a request, and from its result to the screen."""

import logging
from argparse import Namespace

from commander.approval import Approval, confined
from commander.aside import terminable
from commander.console import screen
from commander.place import workspace
from commander.typed import chosen, text


async def do(options: Namespace) -> int:
    """Do the task that `options` hold; the exit code."""
    task = text(options)
    if not options.debug:
        logging.disable()  # autogen_core logs a traceback for each turn that is cancelled
    given = chosen(options)
    with screen(json=options.json) as shown:
        place = workspace(options.workspace, shown.emit)
        from commander.run import Request, perform  # pydantic, httpx and more: not before the arguments are right

        jailed = confined(options, shown.emit)
        ask = options.ask or not (jailed or (options.yes and options.unsafe_no_jail))
        approval = Approval(shown, ask=ask, plan=options.plan and not options.yes)
        route = options.route or ("hybrid" if options.plan else "")
        request = Request(task, place, approval.consent, route, jailed, options.network)
        with terminable():
            result = await perform(request, given, shown.emit)
        shown.emit(result)
    return result.exit_code
