"""What a tool gave, as a model may read it: marked as data, its middle cut out, all of it in the workspace."""

import base64
import binascii
import json
import mimetypes
from collections.abc import Iterator
from typing import Any

from mcp.types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from tools.folder import Folder
from tools.mcp.marks import marked
from tools.workspace import Workspace, shown

PLACE = "tool-results"
MOST = 4000
"""Characters of one result in a prompt, about 1,000 tokens."""
_FILE, _ALL = 10_000_000, 100_000_000
"""Bytes of one kept file, and of all in a run."""


class Results:
    """The results of one run."""

    def __init__(self, workspace: Workspace, most: int = MOST) -> None:
        self.workspace, self.most = workspace, most
        self._count, self._room = 0, _ALL

    def text(self, tool: str, result: CallToolResult) -> str:
        """The result of an MCP tool as text."""
        parts = [part for each in result.content for part in self._part(tool, each)]
        if result.structuredContent is not None and not any(part.strip() for part in parts):
            parts = [json.dumps(result.structuredContent, indent=1, ensure_ascii=False)]
        return "\n".join(parts)

    @property
    def kept(self) -> bool:
        """Whether there are results in the workspace, to be read on."""
        return self._count > 0

    def marked(self, tool: str, text: str) -> str:
        """The text between two lines that it cannot hold itself, cut where it is too long."""
        text = _printable(text)
        body = text if len(text) <= self.most else self._cut(tool, text)
        return marked(tool, body)

    def _cut(self, tool: str, text: str) -> str:
        head, tail = _head(text, self.most * 3 // 5), _tail(text, self.most * 3 // 10)
        place = self.keep(tool, text.encode("utf-8", "replace"), ".txt")
        left = len(text) - len(head) - len(tail)
        where = (
            f'; all {len(text):,} are in {place}: read_file {{"path": "{place}", "offset": {len(head)}}}'
            if place
            else ""
        )
        return f"{head}\n[... {left:,} characters are left out here{where} ...]\n{tail}"

    def keep(self, tool: str, data: bytes, suffix: str) -> str:
        """Put data into a new file of the workspace, never through a link; its path, empty where that fails."""
        if len(data) > _FILE or len(data) > self._room:
            return ""
        self._room -= len(data)
        try:
            with Folder.at(self.workspace.root) as root:
                if PLACE not in root.names(10_000):
                    root.make(PLACE)
                with root.folder(PLACE) as folder:
                    name = self._free(folder, tool, suffix)
                    folder.write(name, data, 0o644)
        except (OSError, ValueError):
            return ""
        return f"{PLACE}/{name}"

    def _free(self, folder: Folder, tool: str, suffix: str) -> str:
        taken = set(folder.names(100_000))
        while True:
            self._count += 1
            name = f"{self._count:03}-{tool[:60]}{suffix}"
            if name not in taken:
                return name

    def _part(self, tool: str, content: Any) -> Iterator[str]:
        match content:
            case TextContent(text=text):
                yield text
            case ImageContent(data=data, mimeType=kind) | AudioContent(data=data, mimeType=kind):
                yield self._file(tool, data, kind)
            case ResourceLink(uri=uri, name=name):
                yield f"[{name}: {uri}]"
            case EmbeddedResource(resource=TextResourceContents(uri=uri, text=text)):
                yield f"[{uri}]\n{text}"
            case EmbeddedResource(resource=BlobResourceContents(blob=data, mimeType=kind)):
                yield self._file(tool, data, kind or "")

    def _file(self, tool: str, data: str, kind: str) -> str:
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return f"[{kind} that cannot be decoded]"
        place = self.keep(tool, raw, mimetypes.guess_extension(kind.partition(";")[0]) or ".bin")
        return f"[{kind}, {len(raw):,} bytes, {f'saved as {place}' if place else 'not kept'}]"


def _head(text: str, most: int) -> str:
    """The beginning, up to a line's end where one is near."""
    end = text.rfind("\n", most * 3 // 4, most)
    return text[: end if end > 0 else most]


def _tail(text: str, most: int) -> str:
    start = text.find("\n", len(text) - most, len(text) - most * 3 // 4)
    return text[start + 1 if start > 0 else len(text) - most :]


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() or char in "\n\t\\" else shown(char) for char in text.replace("\r\n", "\n")
    )
