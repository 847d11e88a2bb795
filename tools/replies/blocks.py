"""Fenced code blocks of a reply, and the prose around them.

CommonMark's rules, with what small models need: list markers before a fence, a block whose end is missing, and fences
inside of Python strings and shell here-documents, which do not end the block.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.replies.paths import comment_path, info_names, known, line_path

_FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<item>(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE
)
_TAG = re.compile(r"^[ \t]*<tool_call>", re.MULTILINE)
_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_PROMPT = re.compile(r"[ \t]*(?:\$|PS [^>\n]*>) ")
_BLANKS = re.compile(r"\n{3,}")
# What may hold a line that looks like a fence; group `torn` is there when the text ends before the string does.
_SHIELDS = {
    "python": re.compile(
        r"(\"\"\"|''')(?:\\.|.)*?(?:\1|(?P<torn>\Z))|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*", re.DOTALL
    ),
    "shell": re.compile(
        r"(?<!<)<<-?[ \t]*(['\"]?)([A-Za-z_]\w*)\1[^\n]*\n(?:(?:.*?\n)??[ \t]*\2[ \t]*$|.*(?P<torn>\Z))",
        re.DOTALL | re.MULTILINE,
    ),
}
_MOST = 200  # blocks and tags in a reply; a hostile one must not cost the square of its length


@dataclass(frozen=True)
class Block:
    """One fenced block: its code with Unix line ends, the file it is meant for, and whether its end was written."""

    language: str
    code: str
    path: str | None = None
    closed: bool = True


@dataclass(frozen=True)
class Tagged:
    """What stands in a `<tool_call>` tag; fences in it are no code blocks."""

    text: str
    closed: bool


class _Shield:
    """Which positions of a block lie in a string that spans lines; asked with rising positions."""

    def __init__(self, language: str, text: str, start: int) -> None:
        self._spans = _SHIELDS[language].finditer(text, start) if language in _SHIELDS else iter(())
        self._span = next(self._spans, None)

    def covers(self, position: int) -> bool:
        """Whether a string begins before the position and ends after it."""
        return self._reaches(position) and not self.torn(position)

    def torn(self, position: int) -> bool:
        """Whether a string begins before the position and never ends."""
        return self._reaches(position) and self._span is not None and self._span["torn"] is not None

    def _reaches(self, position: int) -> bool:
        while self._span and self._span.end() <= position and self._span["torn"] is None:
            self._span = next(self._spans, None)
        return self._span is not None and self._span.start() < position


def code_blocks(text: str) -> list[Block]:
    """The fenced blocks of a reply in order; empty ones are left out unless they name a file."""
    return [part for part in segments(text) if isinstance(part, Block) and (part.code.strip() or part.path)]


def prose(text: str) -> str:
    """The reply without its blocks, tool calls and thoughts."""
    return _BLANKS.sub("\n\n", "\n".join(part for part in segments(text) if isinstance(part, str))).strip()


def segments(text: str) -> Iterator[str | Block | Tagged]:
    """The reply cut into prose, blocks and tagged tool calls, in order; thoughts are dropped."""
    text = text.replace("\r\n", "\n")
    thought = _THOUGHT.match(text)
    position = thought.end() if thought else 0
    part: Block | Tagged
    for _ in range(_MOST):
        fence, tag = _FENCE.search(text, position), _TAG.search(text, position)
        if tag and (not fence or tag.start() < fence.start()):
            part, start, end = _tagged(text, tag)
        elif fence:
            part, start, end = _block(text, position, fence)
        else:
            break
        yield text[position:start]
        yield part
        position = end
    yield text[position:]


def _tagged(text: str, tag: re.Match[str]) -> tuple[Tagged, int, int]:
    end = text.find("</tool_call>", tag.end())
    following = _TAG.search(text, tag.end())
    if following and (end < 0 or following.start() < end):
        return Tagged(text[tag.end() : following.start()], True), tag.start(), following.start()
    if end < 0:
        return Tagged(text[tag.end() :], False), tag.start(), len(text)
    return Tagged(text[tag.end() : end], True), tag.start(), end + len("</tool_call>")


def _block(text: str, position: int, fence: re.Match[str]) -> tuple[Block, int, int]:
    language, path = info_names(fence["info"])
    stop, end, closed = _end(text, fence, language)
    code = _dedented(text[fence.end() + 1 : stop], fence)
    if closed and code and not code.endswith("\n"):
        code += "\n"
    if path is None:
        path, marker = comment_path(code.partition("\n")[0], language)
        code = code.partition("\n")[2] if marker else code
    if path is None:
        path = _path_above(text[position : fence.start()])
    return Block(language, _commands(code) if language == "shell" else code, path, closed), fence.start(), end


def _path_above(before: str) -> str | None:
    lines = before.rsplit("\n", 3)[-3:]
    named = next((line for line in reversed(lines) if line.strip()), "")
    return line_path(named)


def _end(text: str, opening: re.Match[str], language: str) -> tuple[int, int, bool]:
    """Where the code stops, where the text goes on, and whether an end was written."""
    depth, shield = 0, _Shield(language, text, opening.end())
    for fence in _FENCE.finditer(text, min(opening.end() + 1, len(text))):
        if not _fits(fence, opening) or shield.covers(fence.start()):
            continue
        if _opens(fence["info"].strip()):
            if language != "markdown" and not shield.torn(fence.start()):
                return _glued(text, opening, language, fence.start())  # the end was forgotten, another block begins
            depth += 1
        elif depth:
            depth -= 1
        else:
            return fence.start(), fence.end(), True
    return _glued(text, opening, language, len(text))


def _glued(text: str, opening: re.Match[str], language: str, stop: int) -> tuple[int, int, bool]:
    """The end of a block without a closing line: a mark at the end of a line (`print(1)` and backticks), or none."""
    shield = _Shield(language, text, opening.end())
    for mark in re.compile(rf"(?<=\S){opening['mark']}[ \t]*$", re.MULTILINE).finditer(text, opening.end() + 1, stop):
        if not shield.covers(mark.start()) and not shield.torn(mark.start()):
            return mark.start(), mark.end(), True
    return stop, stop, False


def _fits(fence: re.Match[str], opening: re.Match[str]) -> bool:
    room = len(opening["indent"]) + len(opening["item"] or "") + 3
    return not fence["item"] and fence["mark"].startswith(opening["mark"]) and len(fence["indent"]) <= room


def _opens(info: str) -> bool:
    """Whether a fence with this info string begins a block rather than ends one; prose behind an end is ignored."""
    words = info.split()
    return len(words) == 1 or (bool(words) and (known(words[0]) or "=" in info))


def _dedented(code: str, fence: re.Match[str]) -> str:
    width = len(fence["indent"]) + len(fence["item"] or "")
    if not width:
        return code
    lines = code.split("\n")
    common = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    return "\n".join(line[min(width, common) :] if line.strip() else line.lstrip(" \t") for line in lines)


def _commands(code: str) -> str:
    """A console transcript without its prompts and outputs; other code as it is."""
    if not _PROMPT.match(code.lstrip("\n")):
        return code
    kept: list[str] = []
    for line in code.split("\n"):
        prompt = _PROMPT.match(line)
        if prompt:
            kept.append(line[prompt.end() :])
        elif kept and kept[-1].endswith("\\"):
            kept.append(line.removeprefix("> "))
    return "\n".join(kept) + "\n"
