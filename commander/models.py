"""`commander serve` and `commander models stop`: the embedded server by hand."""

from commander.console import screen
from config import settings
from config.errors import UsageError
from tools.events import Notice


def serve() -> int:
    """Run the embedded server in the foreground until Ctrl-C."""
    from tools.embedded import server

    with screen(json=False) as shown:
        server.serve(settings.load().embedded_model, shown.emit)
    return 0


def models(verb: str) -> int:
    """Do what follows `commander models`.

    Raises:
        UsageError: the verb is not known.
    """
    from tools.embedded import server

    if verb != "stop":
        raise UsageError(f"commander models {verb} is not known", "commander models stop")
    with screen(json=False) as shown:
        shown.emit(Notice("the embedded server is stopped" if server.stop() else "no embedded server runs"))
    return 0
