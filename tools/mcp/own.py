"""The program's own tools: a few that read the workspace, never through a link, and one that asks the user."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from fnmatch import fnmatch
from typing import Any

from tools.mcp.question import Ask
from tools.mcp.relevance import Schema
from tools.tables import table
from tools.texts import Text, decoded
from tools.workspace import Workspace

ASK = "ask_user"
_FILE = 4_000_000
_ONCE = 3000
_LINES = 40
_NAMES = 200
_LINE = 200


def _schema(name: str, description: str, **parameters: tuple[str, str]) -> Schema:
    """A tool; parameters are (type, description), and `?` after the type says that it may be left out."""
    properties = {key: {"type": kind.rstrip("?"), "description": told} for key, (kind, told) in parameters.items()}
    needed = [key for key, (kind, _) in parameters.items() if not kind.endswith("?")]
    wanted = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return {"name": name, "description": description, "parameters": wanted}


SCHEMAS = [
    _schema(
        "read_file",
        f"Read a text file of the workspace, {_ONCE} characters at a time.",
        path=("string", "as list_files shows it"),
        offset=("integer?", "character to begin at"),
    ),
    _schema("list_files", "List the files of the workspace.", pattern=("string?", "such as *.csv or src/*")),
    _schema(
        "search_files",
        "Find lines in the workspace's text files that hold these words.",
        text=("string", "what to look for, upper or lower case"),
        pattern=("string?", "such as *.py"),
    ),
    _schema("view_table", "Show columns and first rows of a CSV, TSV or JSON file.", path=("string", "the file")),
    _schema(ASK, "Ask the user when only they can know.", question=("string", "one short question")),
]


class OwnTools:
    """What can be done without a server; a mistake is told in words, beginning with "Error"."""

    def __init__(self, workspace: Workspace, ask: Ask | None = None) -> None:
        self.workspace, self._ask = workspace, ask
        self._tools: dict[str, Callable[..., Awaitable[str]]] = {
            "read_file": self.read_file,
            "list_files": self.list_files,
            "search_files": self.search_files,
            "view_table": self.view_table,
            **({ASK: self.ask_user} if ask else {}),
        }
        self.schemas = {schema["name"]: schema for schema in SCHEMAS if schema["name"] in self._tools}

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """What the tool gives, for arguments that fit its schema."""
        return await self._tools[name](**arguments)

    async def read_file(self, path: str, offset: int = 0) -> str:
        """A part of a file, and where it goes on."""
        text = self._text(path)
        if text is None:
            return self._missing(path)
        start = min(max(0, offset), len(text.text))
        part = text.text[start : start + _ONCE]
        end = start + len(part)
        more = f'\n[goes on: {{"path": "{path}", "offset": {end}}}, {len(text.text):,} characters in all]'
        return (part or "(nothing)") + (
            more if end < len(text.text) else "" if text.whole else "\n[the rest is not read]"
        )

    async def list_files(self, pattern: str = "*") -> str:
        """Names and sizes."""
        found = [each for each in self.workspace.walk() if each.kind == "file" and _match(each.path, pattern)]
        lines = [f"{each.path} ({each.stat.st_size:,} bytes)" for each in found[:_NAMES]]
        more = [f"and {len(found) - _NAMES} more"] if len(found) > _NAMES else []
        return "\n".join([*lines, *more]) or f"no file matches {pattern}"

    async def search_files(self, text: str, pattern: str = "*") -> str:
        """Lines with their place."""
        paths = [path for path in self.workspace.files() if _match(path, pattern)]
        found: list[str] = []
        for line in (line for path in paths for line in self._lines(path, text.lower())):
            if len(found) == _LINES:
                return "\n".join([*found, "and more; search for something rarer"])
            found.append(line)
        return "\n".join(found) or f"no line holds {text!r} in {len(paths)} files"

    async def view_table(self, path: str) -> str:
        """Columns by name and type, then the first lines."""
        text = self._text(path)
        if text is None:
            return self._missing(path)
        suffix = f".{path.rpartition('.')[2].lower()}"
        found = table(suffix, text, len(text.text))
        if found is None:
            return f"Error: {path} is no table; use read_file"
        columns = [f"{each.name}: {each.type}, {each.missing} missing" for each in found.columns[:60]]
        head = [line[:_LINE] for line in text.text.splitlines()[:6]]
        return "\n".join([f"{found.rows} rows; columns:", *columns, "begins:", *head])

    async def ask_user(self, question: str) -> str:
        """The user's answer."""
        answer = await self._ask(question) if self._ask else ""
        return answer.strip() or "Error: the user did not answer; go on without"

    def _lines(self, path: str, wanted: str) -> Iterator[str]:
        text = self._text(path)
        for number, line in enumerate(text.text.splitlines() if text else [], 1):
            if wanted in line.lower():
                yield f"{path}:{number}: {line.strip()[:_LINE]}"

    def _text(self, path: str) -> Text | None:
        data = self.workspace.read(path.removeprefix("./"), _FILE + 1)
        return None if data is None else decoded(data[:_FILE], whole=len(data) <= _FILE)

    def _missing(self, path: str) -> str:
        name = path.rpartition("/")[2].lower()
        like = [each for each in self.workspace.files() if each.lower().endswith(name)][:5]
        hint = f"; there is {', '.join(like)}" if like and path not in like else "; list_files shows what there is"
        return f"Error: {path} is no text file of the workspace{hint}"


def _match(path: str, pattern: str) -> bool:
    return fnmatch(path, pattern) or fnmatch(path.rpartition("/")[2], pattern)
