"""The team chat: what is typed becomes a task, a command, an answer to a question, or waits for its turn."""

import asyncio
import re
import secrets
import subprocess
import sys
from argparse import Namespace
from collections import deque
from collections.abc import Callable

from prompt_toolkit.patch_stdout import patch_stdout

from commander.aside import aside, terminable
from commander.chat import commands, status
from commander.chat.completion import Words
from commander.chat.keeping import shown_by_open
from commander.chat.line import line
from commander.chat.shell import shell
from commander.chat.talk import Talk, Turn
from commander.chat.view import ChatScreen
from commander.cli import release
from commander.place import workspace
from commander.sessions import shelf
from commander.sessions.recording import Recording, begun
from commander.sessions.resume import resumed
from commander.sessions.session import Session
from commander.task import done
from commander.typed import chosen
from config.errors import CommanderError, DiskError
from tools.workspace import Workspace

AGENTS = {"commander": "strategy", "executor": "code"}
_TO_AGENT = re.compile(r"@(commander|executor)\b[:,]?\s*", re.IGNORECASE)
_AT = re.compile(r"(?<!\S)@(?=[\w./-])")
ANSWERS = frozenset({"y", "yes", "n", "no", "a", "all", "always", "e", "edit"})
"""To a question; as messages they would make no sense."""


async def chat(options: Namespace) -> int:
    """Talk until the user leaves; the exit code.

    Raises:
        CommanderError: the folder cannot be worked in, or what was typed makes no sense.
    """
    chosen(options)
    with terminable(), patch_stdout(raw=True):
        await Chat(options, ChatScreen(asyncio.get_running_loop())).run()
    return 0


class Chat:
    """One conversation at a time, in one folder."""

    def __init__(self, options: Namespace, view: ChatScreen) -> None:
        self.options = options
        self.view = view
        self.place = workspace(options.workspace, view.emit)
        self.talk = Talk()
        self.queue: deque[str] = deque()
        self.recording: Recording | None = None
        """The turn that works now."""
        self.leaving = False
        self.begin()
        self._work: asyncio.Task[None] | None = None
        self._warned = False
        files = Workspace(self.place)
        names = {"commander": "answers or plans", "executor": "writes code"}

        def mentioned() -> list[tuple[str, str]]:
            return [*names.items(), *((path, "") for path in files.files(2000))]

        about = {name: command.about for name, command in commands.COMMANDS.items()}
        words = Words(about, commands.choices(self), mentioned)
        self.line = line(
            lambda: status.before(view, working=self.working),
            lambda: status.below(view, self.options.route, len(self.queue)),
            words,
            self.interrupt,
            colour=not view.console.no_color,
        )
        view.changed, view.arrived = self.line.app.invalidate, self.set_aside
        self._draft = ""
        """What was typed when a question came."""

    def begin(self) -> None:
        """A new conversation."""
        self.talk, self.id = Talk(), secrets.token_hex(4)
        self.options.chat = self.id

    async def run(self) -> None:
        """Take what is typed, until the user leaves."""
        self.view.say(f"commander {release()} in {self.place}   (/help, Ctrl-D leaves)", "dim")
        left = next((one for one in shelf.sessions() if one.workspace == self.place), None)
        if left and not left.done:
            self.view.say(f"  {left.outcome}: {left.task.splitlines()[0][:80]}; to go on: /resume", "dim")
        try:
            while not self.leaving:
                draft = "" if self.view.asked else self._draft
                self._draft = self._draft if self.view.asked else ""
                self.take(await self.line.prompt_async(default=draft))
        except (EOFError, KeyboardInterrupt):
            self.leaving = True
        finally:
            self.queue.clear()
            await self.stopped()

    def take(self, text: str) -> None:
        """What was typed: an answer, a command, or a message."""
        self._warned = False
        if self.view.asked:
            self.view.reply(text)
        elif not text.strip():
            return
        elif quick := commands.quick(text):
            self.guarded(lambda: quick(self))
        elif self.working and text.strip().lower() in ANSWERS:
            self.view.say("  nothing is asked now", "dim")
        elif self.working:
            self.queue.append(text)
            self.view.say(f"  queued: {text.splitlines()[0][:80]}   (/steer tells it to the team now)", "dim")
        else:
            self._work = asyncio.create_task(self._worked(text))

    def set_aside(self) -> None:
        """Keep what is being typed until the question is answered that comes now."""
        self._draft = self.line.default_buffer.text or self._draft
        self.line.default_buffer.reset()

    def give_back(self) -> None:
        """The draft into the empty line again."""
        if self._draft and not self.line.default_buffer.text:
            self.line.default_buffer.text, self._draft = self._draft, ""

    @property
    def working(self) -> bool:
        """Whether a turn goes on."""
        return self._work is not None and not self._work.done()

    def interrupt(self) -> bool:
        """Ctrl-C: end the turn, else clear the line, else leave at the second one."""
        if self.working and not self._warned:
            self.view.say("  stopping", "yellow")
            for text in self.queue:
                self.view.say(f"  not sent: {text}", "yellow")
            self.queue.clear()
            if self._work:
                self._work.cancel()
        elif self.line.default_buffer.text:
            self.line.default_buffer.reset()
            return False
        elif self._warned:
            return True
        else:
            self.view.say("  Ctrl-C again, or Ctrl-D, leaves", "dim")
        self._warned = True
        return False

    async def stopped(self) -> None:
        """End the turn, and wait until nothing of it is left."""
        if self._work and not self._work.done():
            self._work.cancel()
            await asyncio.wait([self._work])

    async def _worked(self, text: str) -> None:
        """Do what was typed, then what waits."""
        ticking = asyncio.create_task(self._tick())
        try:
            while True:
                self.view.begin()
                await self.turn(text)
                if not self.queue or self.leaving:
                    return
                text = self.queue.popleft()
                self.view.say(f"> {text}", "bold")
        finally:
            ticking.cancel()
            self.view.changed()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(status.TICK)
            self.view.changed()

    def guarded(self, act: Callable[[], None]) -> None:
        """Do it; what goes wrong is one line."""
        try:
            act()
        except (CommanderError, OSError) as error:
            self.failed(error)

    async def turn(self, text: str) -> None:
        """A command that takes time, or a message; what goes wrong is one line, also when the user stops it."""
        work = commands.slow(text)
        try:
            await (work(self) if work else self.message_to_team(text))
        except (CommanderError, OSError) as error:
            self.failed(error)
        except asyncio.CancelledError:
            self.view.say("  stopped; /resume goes on with it, /retry begins it anew", "yellow")
            raise
        except Exception as error:  # noqa: BLE001, a mistake of ours ends the turn, not the conversation
            self.view.say(f"commander: {type(error).__name__}: {error}; next: commander --debug, and the same", "red")
            if self.options.debug:
                self.view.console.print_exception()
        finally:
            self.view.reply("")
            self.note()
            self.give_back()

    def failed(self, error: CommanderError | OSError) -> None:
        """Show an error as a line with what to do next."""
        if self.options.debug:
            self.view.console.print_exception()
        self.view.say(f"commander: {error if isinstance(error, CommanderError) else DiskError.of(error)}", "red")

    async def message_to_team(self, text: str, **more: object) -> None:
        """A message: a task for the team, or for one of it."""
        options = Namespace(**{**vars(self.options), **more})
        if to := _TO_AGENT.match(text):
            text, options.route = text[to.end() :], AGENTS[to[1].lower()]
        task = self.plain(text).strip()
        if task:
            with begun(task, self.place, options, self.view.emit) as recording:
                recording.talk = self.talk.text()
                await self.follow(recording, options)

    async def follow(self, recording: Recording, options: Namespace) -> int:
        """Let the team work; what the user said too late for it waits as a message."""
        self.recording = recording
        result = await done(recording, options, self.view)
        if picture := shown_by_open(result):
            self.view.say(f"  /open shows {picture}", "dim")
        self.queue.extendleft(reversed(recording.unread))
        return result.exit_code

    def plain(self, text: str) -> str:
        """The message with `@path` as the path, where there is such a file."""
        parts = _AT.split(text)
        known = [parts[0]]
        for part in parts[1:]:
            path = re.match(r"[\w./-]*[\w/-]", part)
            known.append(part if path and (self.place / path[0]).exists() else f"@{part}")
        return "".join(known)

    async def go_on(self, one: Session) -> None:
        """Go on with a session that stopped."""
        options = Namespace(**vars(self.options))
        await resumed(one, options, self.view, lambda recording: self.follow(recording, options))

    async def run_shell(self, command: str) -> None:
        """A command of the user's in the jail."""
        with begun(f"/run {command}", self.place, self.options, self.view.emit) as recording:
            self.recording = recording
            recording.emit(await shell(recording, command, self.options))

    async def child(self, *words: str) -> None:
        """Another command of the program, which has the terminal as long as it runs."""
        typed = ("model", "executor_model", "base_url")
        given = [f"--{name.replace('_', '-')}={value}" for name in typed if (value := getattr(self.options, name))]
        files = [f"--mcp={file}" for file in self.options.mcp]
        command = [sys.executable, "-P", "-m", "commander", f"--workspace={self.place}", *given, *files, *words]
        await aside(lambda: self.view.still(lambda: subprocess.run(command, check=False)))
        self.talk.amend({turn.session: shelf.session(turn.session).outcome for turn in self.talk.turns if turn.session})

    def note(self) -> None:
        """Enter the turn that ended into the conversation, as it was journalled."""
        recording, self.recording = self.recording, None
        if recording is None:
            return
        kept = Session.at(shelf.place() / recording.id) if recording.id else None
        if kept:
            self.talk.enter(Turn.of(kept))
        elif end := self.view.finished:
            self.talk.enter(Turn(recording.task, end.answer, "not done" if end.missing else "done"))

    def load(self, one: Session) -> None:
        """Take up the conversation that the session is of."""
        self.id = self.options.chat = one.header.get("chat") or one.id
        found = [each for each in shelf.sessions() if each.header.get("chat") == self.id] or [one]
        self.talk = Talk([Turn.of(each) for each in reversed(found)])
