"""The team chat, driven as a person does: the real program in a pseudo-terminal, its screen read back."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal of POSIX", allow_module_level=True)

from tests.commander.kept import only
from tests.commander.terminal import ALT_ENTER, CTRL_C, CTRL_D, CTRL_R, UP, Terminal
from tools.embedded.scripted import Messages, Reply, Script, ScriptedEngine, scripted

PROMPT = "> "
ANSWER = "# About it\n\nThis is **bold** advice:\n\n- first\n- second\n\nThat is all."


TEXTS = count()
"""No two programs are the same text."""


def writes(name: str, printed: str = "written") -> str:
    """A program that writes this file."""
    return f"```python\nopen('{name}', 'w').write('1\\n')\nprint('{printed}')  # {next(TEXTS)}\n```"


def says(messages: Messages) -> str:
    """What the model says to these tasks."""
    last = str(messages[-1]["content"])
    task = last.rpartition("# Task\n")[2]
    if "Reply as JSON" in last:
        return '{"steps": ["Write one.txt with 1", "Write two.txt with 2"]}'
    if "as the Commander" in task:
        return ANSWER
    if "sixty" in task:
        return "```python\nopen('sixty.txt', 'w').write('1\\n')\nfor n in range(60): print('row', n)\n```"
    if "slow" in task:
        begins = "import time\nopen('slow.txt', 'w').write('1\\n')\nprint('be' + 'gun', flush=True)"
        return f"```python\n{begins}\ntime.sleep(60)\n```"
    name = re.findall(r"\b(\w+\.(?:txt|png))\b", task) or ["none.txt"]
    step = re.findall(r"no other\nWrite (\w+\.txt)", last)
    return writes((step or name)[0], f"wrote {(step or name)[0]}")


@contextmanager
def talking(
    cwd: Path, script: Script = says, *arguments: str, delay: float = 0.0
) -> Iterator[tuple[Terminal, ScriptedEngine]]:
    """A chat that waits for the first message."""
    with scripted(script, delay=delay) as (url, engine), Terminal(url, cwd, *arguments) as terminal:
        terminal.wait("  route ")
        yield terminal, engine


def test_a_message_is_done_and_the_next_one_knows_of_it(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("Write two.txt", "+ two.txt")
        terminal.type(CTRL_D)
        assert terminal.ended() == 0
    assert {path.name for path in tmp_path.iterdir()} == {"one.txt", "two.txt"}
    last = str(engine.asks[-1].messages)
    assert "User: Write one.txt" in last
    assert "Files: + one.txt" in last
    assert "Said before" not in str(engine.asks[0].messages)


def test_what_goes_on_with_files_is_code_and_what_is_addressed_is_not_asked_about(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("Make it better", "wrote none.txt")
        terminal.wait("2 model calls")
        terminal.say("@commander Well?", "That is all.")
        terminal.wait("strategy: as asked for")
        assert "Which way does this task go" not in str([ask.messages for ask in engine.asks])


def test_words_are_streamed_as_markdown(tmp_path: Path) -> None:
    with talking(tmp_path, delay=0.01) as (terminal, _):
        terminal.say("@commander What do you advise?", "That is all.")
        terminal.wait("1 model call")
        shown = terminal.text
    assert "**" not in shown
    assert "• first" in shown
    assert shown.count("That is all.") == 1


def test_several_lines_are_typed_and_pasted(tmp_path: Path) -> None:
    pasted = "\n".join(f"line {number}" for number in range(200))
    with talking(tmp_path) as (terminal, engine):
        terminal.type("Write one.txt" + ALT_ENTER + "now\\\r")
        terminal.type("please\r")
        terminal.wait("+ one.txt")
        terminal.mark()
        terminal.type(f"\x1b[200~Write two.txt from this\n{pasted}\x1b[201~\r")
        terminal.wait("+ two.txt")
    assert "Write one.txt\nnow\nplease" in str(engine.asks[0].messages[-1]["content"])
    assert f"Write two.txt from this\n{pasted}" in str(engine.asks[-1].messages[-1]["content"])


def test_what_was_typed_is_found_again_in_another_session_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_API_KEY", "tops3cretvalue")
    with talking(tmp_path) as (terminal, _):
        terminal.say("/route code", "route code")
        terminal.say("/save tops3cretvalue", "there is no answer")
    with talking(tmp_path) as (terminal, _):
        terminal.type(UP)
        terminal.wait("/save [redacted]")
        terminal.type(UP)
        terminal.wait("> /route code")
        terminal.type(CTRL_C)
        terminal.type(CTRL_R + "rou")
        terminal.wait("/route code")


def test_commands_files_and_agents_are_completed(tmp_path: Path) -> None:
    (tmp_path / "sales-2026.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with talking(tmp_path) as (terminal, _):
        terminal.type("/und")
        terminal.wait("put that back")
        terminal.type("\t ")
        terminal.wait("> /undo")
        terminal.type(CTRL_C + "/model ")
        terminal.wait("auto      as the settings say")
        terminal.type(CTRL_C + "look at @2026")
        terminal.wait("sales-2026.csv")
        terminal.type(CTRL_C + "@exe")
        terminal.wait("writes code")


def test_an_unknown_command_names_the_nearest(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("/und", "/und is not a command; next: /undo")
        terminal.say("/zzzz", "next: /help")
        terminal.say("/route sideways", "sideways is no route")
    assert not engine.asks


def test_a_message_waits_for_the_turn_and_steering_reaches_it(tmp_path: Path) -> None:
    def replies(messages: Messages) -> Reply:
        task = str(messages[-1]["content"])
        name = "two.txt" if "Write two" in task.rpartition("# Task")[2] else "one.txt"
        return Reply(writes(name), delay=0.12 if not engine.asks[1:] else 0.0)

    with talking(tmp_path, replies) as (terminal, engine):
        terminal.say("Write one.txt", "writing")
        terminal.say("Write two.txt", "queued: Write two.txt")
        terminal.say("/steer in capitals", "the team reads it")
        terminal.wait("+ two.txt")
    asked = [str(ask.messages[-1]["content"]) for ask in engine.asks]
    assert "in capitals" not in asked[0]
    assert "# What the user says since\n- in capitals" in asked[1]
    assert "Write two.txt" in asked[-1]


def test_steering_that_comes_too_late_is_a_message(tmp_path: Path) -> None:
    def replies(messages: Messages) -> str | Reply:
        slow = Reply("Fine, and well, too. " * 5, delay=0.3)
        return slow if "as the Commander" in str(messages[-1]) else writes("one.txt")

    with talking(tmp_path, replies) as (terminal, engine):
        terminal.say("@commander Hello", "writing")
        terminal.say("/steer Write one.txt", "the team reads it")
        terminal.wait("+ one.txt")
    assert "# Task\nWrite one.txt" in str(engine.asks[-1].messages[-1]["content"])


def test_ctrl_c_stops_the_turn_while_the_model_writes_and_the_chat_goes_on(tmp_path: Path) -> None:
    with talking(tmp_path, delay=0.1) as (terminal, engine):
        terminal.say("Write one.txt", "writing")
        terminal.type(CTRL_C)
        terminal.wait("stopped;")
        made = engine.made
        terminal.say("/route code", "route code")
        terminal.say("Write two.txt", "+ two.txt")
        assert engine.made > made
        terminal.type(CTRL_C)
        terminal.wait("again")
        terminal.type(CTRL_C)
        assert terminal.ended() == 0
    assert not (tmp_path / "one.txt").exists()


def test_ctrl_c_stops_code_that_runs_and_takes_back_what_it_wrote(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("Write slow.txt, the slow one", "begun")
        terminal.type(CTRL_C)
        terminal.wait("taken back")
        terminal.wait("stopped;")
        assert not (tmp_path / "slow.txt").exists()
        terminal.say("Write two.txt", "+ two.txt")


def test_ctrl_c_at_a_question_and_while_loading(tmp_path: Path) -> None:
    with talking(tmp_path, says, "--ask") as (terminal, _):
        terminal.say("Write one.txt", "run it?")
        terminal.type(CTRL_C)
        terminal.wait("stopped;")
        terminal.say("Write two.txt", "run it?")
        terminal.type("a\r")
        terminal.wait("+ two.txt")
    with scripted(says) as (url, engine), Terminal(url, tmp_path) as terminal:
        engine.load_seconds = 30
        terminal.wait("  route ")
        terminal.say("Write three.txt", "loading the model")
        terminal.type(CTRL_C)
        terminal.wait("stopped;")
        engine.load_seconds = 0
        terminal.say("Write four.txt", "+ four.txt")
    assert {path.name for path in tmp_path.iterdir()} == {"two.txt", "four.txt"}


def test_ctrl_c_while_the_prompt_is_read(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        engine.prompt_token = 0.2
        terminal.say("Write one.txt", "reading the prompt")
        terminal.type(CTRL_C)
        terminal.wait("stopped;")
        engine.prompt_token = 0
        terminal.say("Write two.txt", "+ two.txt")
    assert not (tmp_path / "one.txt").exists()


def test_a_block_is_edited_before_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, place = tmp_path / "editor", tmp_path / "place"
    editor.write_text("#!/bin/sh\nsed -i s/written/edited/ $1\n", encoding="utf-8")
    editor.chmod(0o755)
    place.mkdir()
    monkeypatch.setenv("EDITOR", str(editor))
    script = [writes("one.txt"), writes("one.txt", "edited")]
    with talking(place, script, "--ask") as (terminal, _):
        terminal.say("Write one.txt", "run it?")
        terminal.type("e\r")
        terminal.wait("print('edited')")
        terminal.wait("run it?", times=2)
        terminal.mark()
        terminal.type("a\r")
        terminal.wait("+ one.txt")
        assert "    edited" in terminal.text


def test_what_is_being_typed_does_not_answer_a_question(tmp_path: Path) -> None:
    with talking(tmp_path, says, "--ask", delay=0.12) as (terminal, engine):
        terminal.say("Write one.txt", "writing")
        terminal.type("y also this")
        terminal.wait("run it?")
        terminal.type("n\r")
        terminal.wait("why not?")
        terminal.type("not so\r")
        terminal.wait("run it?", times=2)
        terminal.mark()
        terminal.type("a\r")
        terminal.wait("y also this")
    assert "not so" in str(engine.asks[1].messages)


def test_a_plan_is_shown_edited_and_ticked_off(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("/plan Write two files", "do it like this?")
        terminal.wait("2. Write two.txt with 2")
        terminal.type("a\r")
        terminal.wait("done  step 2 of 2")
        terminal.wait("model calls")
        terminal.say("/plan", "1. Write one.txt with 1")
    assert {path.name for path in tmp_path.iterdir()} == {"one.txt", "two.txt"}


def test_diff_undo_and_retry_are_about_the_last_message(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("Write two.txt", "+ two.txt")
        terminal.say("/diff", "+++ b/two.txt")
        terminal.say("/retry", "put back  two.txt")
        terminal.wait("+ two.txt")
        terminal.say("/undo", "1 put back")
        assert not (tmp_path / "two.txt").exists()
        terminal.say("/undo", "1 put back")
        terminal.wait("put back  two.txt")
        terminal.say("/undo", "put back  one.txt")
        terminal.wait("1 put back")
        assert not (tmp_path / "one.txt").exists()
        terminal.say("Write three.txt", "+ three.txt")
    last = str(engine.asks[-1].messages)
    assert "(undone)" in last
    assert "Files" not in last


def test_long_output_is_folded_and_expanded(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("Write sixty.txt", "+ sixty.txt")
        assert "row 59" not in terminal.text
        terminal.say("/expand", "row 59")


def test_a_shell_command_runs_in_the_jail_and_can_be_undone(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("/run echo $((40 + 2)) > made.txt; cat made.txt; cat /etc/shadow", "No such file")
        terminal.wait("42")
        assert (tmp_path / "made.txt").is_file()
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("/undo", "put back  one.txt")
        terminal.say("/undo", "put back  made.txt")
        terminal.say("/run sleep 60", "running sleep")
        terminal.type(CTRL_C)
        terminal.wait("stopped;")
    assert "User: /run echo" in str(engine.asks[-1].messages)


def test_the_conversation_is_told_in_short_left_and_taken_up_again(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("/compact", "characters of a prompt")
        terminal.say("/clear", "a new conversation")
        terminal.say("Write two.txt", "+ two.txt")
        assert "Said before" not in str(engine.asks[-1].messages)
        terminal.say("/cost", "model calls")
        terminal.say("/quit")
        assert terminal.ended() == 0
    with talking(tmp_path) as (terminal, engine):
        terminal.say("/resume", "1 messages; the last one: Write two.txt")
        terminal.say("Write three.txt", "+ three.txt")
    assert "User: Write two.txt" in str(engine.asks[-1].messages)
    assert "User: Write one.txt" not in str(engine.asks[-1].messages)


def test_a_killed_chat_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("Write slow.txt, the slow one", "begun")
        terminal.kill()
    with talking(tmp_path, lambda messages: writes("slow.txt")) as (terminal, engine):
        assert "killed: Write slow.txt" in terminal.text
        terminal.say("/resume", "go on?")
        terminal.type("y\r")
        terminal.wait("slow.txt")
        terminal.wait("model call")
        assert (tmp_path / "slow.txt").read_text(encoding="utf-8") == "1\n"
    assert "User: Write one.txt" in str(engine.asks[-1].messages)


def test_answers_and_conversations_are_written_to_files(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("@commander What do you advise?", "model call")
        terminal.say("/save advice.md", "wrote")
        terminal.say("/save advice.md", "is there already")
        terminal.say("/export all.md", "/all.md")
        terminal.say("/export all.json", "/all.json")
    assert (tmp_path / "advice.md").read_text(encoding="utf-8").startswith("# About it")
    assert "## Answer" in (tmp_path / "all.md").read_text(encoding="utf-8")
    (kept,) = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert kept["outcome"] == "done"


def test_a_picture_is_named_and_opened_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/opened\n", encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}:{os.environ['PATH']}")
    place = tmp_path / "place"
    place.mkdir()
    with talking(place) as (terminal, _):
        terminal.say("Save plot.png", "+ plot.png")
        terminal.wait("/open shows plot.png")
        terminal.say("/open", "opened")
        terminal.say("/open ../bin/xdg-open", "is no picture")
    deadline = time.monotonic() + 10
    while not (tmp_path / "opened").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (tmp_path / "opened").read_text(encoding="utf-8").strip() == str(place / "plot.png")


def test_other_commands_of_the_program_run_inside(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.say("/ps", "ON THE SERVER")
        terminal.say("/sessions", "OUTCOME")
        terminal.say("/tools", "browser-agent")
        terminal.say("/mcp list", "browser-agent")
        terminal.say("/verify", "same", seconds=90)
        terminal.say("/doctor", "jail", seconds=90)
        terminal.say("/help", "/quit")


def test_models_and_questions_are_chosen_for_the_messages_that_follow(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, engine):
        terminal.say("/model missing:1b", "Commander: missing:1b")
        terminal.say("@commander Hello", "missing:1b is not")
        terminal.say("/model auto", "as the settings say")
        terminal.say("/executor scripted", "Executor: scripted")
        terminal.say("/approve none", "without a question run: none")
        terminal.say("Write one.txt", "run it?")
        terminal.type("y\r")
        terminal.wait("the evidence holds")
        terminal.mark()
        terminal.wait("run it?")
        terminal.type("y\r")
        terminal.wait("+ one.txt")
    assert len(engine.asks) == 2


def test_a_yes_that_nobody_asked_for_is_no_message(tmp_path: Path) -> None:
    with talking(tmp_path, delay=0.1) as (terminal, _):
        terminal.say("Write one.txt", "writing")
        terminal.say("y", "nothing is asked now")
        terminal.wait("+ one.txt")


def test_a_narrow_window_without_colour_is_readable_also_after_a_resize(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with talking(tmp_path, says, delay=0.05) as (terminal, _):
        terminal.say("Write one.txt", "writing")
        terminal.resize(44, 20)
        terminal.wait("+ one.txt")
        terminal.say("/help", "/quit")
        colours = {cell.fg for line in terminal.screen.buffer.values() for cell in line.values()}
        assert colours <= {"default"}
        assert all(len(line) <= 44 for line in terminal.display)
        terminal.resize(120, 40)
        terminal.say("Write two.txt", "+ two.txt")


def test_the_screen_after_a_message(tmp_path: Path) -> None:
    with talking(tmp_path) as (terminal, _):
        terminal.say("Write one.txt", "+ one.txt")
        terminal.wait("2 calls")
        shown = terminal.calm()
    port = re.compile(
        r"127\.0\.0\.1:\d+|\d+\.\d s|\b\d+ s$|[\d,]+ tokens(?: in)?|[\d,]+ (?:in(?=,)|out(?=,|$))|0\.1\.0|(?<=# )\d+"
    )
    assert [port.sub("N", line) for line in shown] == [
        f"commander N in {tmp_path}   (/help, Ctrl-D leaves)",
        "> Write one.txt",
        "  route  code: works on one.txt",
        "  Ollama at http://N",
        "  model scripted: the largest installed one that fits in memory (0.0 GB)",
        "  │ open('one.txt', 'w').write('1\\n')",
        "  │ print('wrote one.txt')  # N",
        "  executor  python",
        "    wrote one.txt",
        "  └ exit 0 in N, wrote one.txt",
        "  review  the evidence holds",
        "  │ open('one.txt', 'w').write('1\\n')",
        "  │ print('wrote one.txt')  # N",
        "  executor  python",
        "    wrote one.txt",
        "  └ exit 0 in N, wrote one.txt",
        "  review  the evidence holds",
        "wrote one.txt",
        "  + one.txt",
        "2 model calls, N, N, 1 load, 0 reloads, 0 swaps (N), N",
        ">",
        "  route auto   scripted (loaded)   context N   2 calls, N, N",
    ]
    assert only().task == "Write one.txt"
