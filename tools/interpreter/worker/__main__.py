"""`python -I worker SETTINGS`: runs the blocks that the parent sends, one at a time."""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[3]))

from tools.interpreter.worker.absent import answer_for_absent
from tools.interpreter.worker.channel import Channel
from tools.interpreter.worker.child import family, kill
from tools.interpreter.worker.language import Tools, Turn
from tools.interpreter.worker.names import HOME_PREFIX
from tools.interpreter.worker.restraint import restrain

session: Any = None


def end() -> None:
    """Ends this process and all that it started, the orphans among them that came to it: the parent is gone."""
    for _ in range(3):
        kill(family(os.getpid())[1:])
    home = Path(os.environ["HOME"])
    if home.name.startswith(HOME_PREFIX):
        shutil.rmtree(home, ignore_errors=True)
    os._exit(0)


def answer(channel: Channel, request: dict[str, Any]) -> None:
    """Runs one block and tells what came of it."""
    turn = Turn(request["language"], request["code"], request["seconds"], request["output_bytes"], request["fresh"])
    begin = time.monotonic()
    for text in session.run(turn):
        for at in range(0, len(text), 16384):
            channel.send(id=request["id"], output=text[at : at + 16384])
    seconds = round(time.monotonic() - begin, 3)
    channel.send(id=request["id"], exit_code=turn.exit_code, reason=turn.reason, seconds=seconds)


def serve() -> None:
    """Gets ready, says so, and answers until the parent is gone."""
    global session
    channel = Channel(at_end=end)
    settings = json.loads(sys.argv[1])
    # A handler, and not SIG_IGN: what is ignored stays so in all programs that are started.
    signal.signal(signal.SIGINT, lambda *_: None)
    environment = dict(os.environ)
    restrain(**settings["limits"])
    answer_for_absent()
    # 15 s without output, and Open Interpreter would call litellm by itself.
    os.environ["INTERPRETER_TERMINAL_INPUT_PATIENCE"] = "1000000000"
    from tools.interpreter.worker.session import Session

    session = Session(Tools(**settings["tools"], environment=environment))
    channel.send(ready=True)
    while True:
        answer(channel, channel.next_request())


try:
    serve()
except BrokenPipeError:
    end()
