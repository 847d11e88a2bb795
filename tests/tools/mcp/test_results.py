"""What a model sees of a result: marked, cut in its middle, the rest in a file that it can read on."""

import asyncio
import base64
from pathlib import Path

import pytest
from mcp.types import (
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)
from pydantic import AnyUrl

from tools.mcp.own import OwnTools
from tools.mcp.results import Results
from tools.workspace import Workspace


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(Workspace(tmp_path))


def body(text: str) -> str:
    return "\n".join(text.splitlines()[1:-1])


def test_a_short_result_is_whole(results: Results) -> None:
    text = results.marked("t", results.text("t", CallToolResult(content=[TextContent(type="text", text="a\nb")])))
    assert body(text) == "a\nb"
    assert not (results.workspace.root / "tool-results").exists()


def test_a_long_result_is_read_on_to_its_last_character(results: Results) -> None:
    long = "\n".join(f"row {n}: {'x' * 50}" for n in range(2000))
    text = body(results.marked("big", long))
    assert len(text) < results.most + 300
    assert text.startswith("row 0: ")
    assert text.endswith(f"row 1999: {'x' * 50}")
    (file,) = (results.workspace.root / "tool-results").iterdir()
    assert file.read_text(encoding="utf-8") == long
    named = f'read_file {{"path": "tool-results/{file.name}", "offset": '
    assert named in text
    offset, own = int(text.partition(named)[2].partition("}")[0]), OwnTools(results.workspace)
    whole = text[: text.index("\n[... ")]
    assert whole == long[:offset]
    while offset < len(long):
        part = asyncio.run(own.read_file(f"tool-results/{file.name}", offset)).partition("\n[goes on")[0]
        whole += part
        offset += len(part)
    assert whole == long


def test_one_endless_line_is_cut_too(results: Results) -> None:
    assert len(results.marked("t", "y" * 1_000_000)) < 4500


def test_control_characters_are_shown(results: Results) -> None:
    assert body(results.marked("t", "a\x1b[2Jb\u202ec\r\nd\te")) == "a\\x1b[2Jb\\u202ec\nd\te"


def test_other_kinds_of_content(results: Results) -> None:
    png = base64.b64encode(b"\x89PNG").decode()
    content = [
        ImageContent(type="image", data=png, mimeType="image/png"),
        ImageContent(type="image", data="%", mimeType="image/png"),
        ResourceLink(type="resource_link", uri=AnyUrl("file:///a"), name="A"),
        EmbeddedResource(type="resource", resource=TextResourceContents(uri=AnyUrl("x://t"), text="inside")),
        EmbeddedResource(
            type="resource", resource=BlobResourceContents(uri=AnyUrl("x://b"), blob=png, mimeType="../../evil")
        ),
    ]
    lines = body(results.marked("t", results.text("t", CallToolResult(content=content)))).splitlines()
    assert lines == [
        "[image/png, 4 bytes, saved as tool-results/001-t.png]",
        "[image/png that cannot be decoded]",
        "[A: file:///a]",
        "[x://t]",
        "inside",
        "[../../evil, 4 bytes, saved as tool-results/002-t.bin]",
    ]
    assert (results.workspace.root / "tool-results" / "001-t.png").read_bytes() == b"\x89PNG"


def test_structured_content_alone_is_told(results: Results) -> None:
    assert '"a": 1' in results.text("t", CallToolResult(content=[], structuredContent={"a": 1}))


def test_nothing_is_written_through_a_link(results: Results, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (results.workspace.root / "tool-results").symlink_to(outside, target_is_directory=True)
    assert "characters are left out here ..." in results.marked("t", "z" * 10_000)
    assert not any(outside.iterdir())


def test_files_of_an_earlier_run_are_kept(results: Results) -> None:
    place = results.workspace.root / "tool-results"
    place.mkdir()
    (place / "001-t.txt").write_text("old", encoding="utf-8")
    assert "002-t.txt" in results.marked("t", "z" * 10_000)
    assert (place / "001-t.txt").read_text(encoding="utf-8") == "old"


def test_a_run_cannot_fill_the_disk(results: Results) -> None:
    assert results.keep("t", b"x" * 10_000_001, ".bin") == ""
    kept = [results.keep("t", b"x" * 10_000_000, ".bin") for _ in range(11)]
    assert [bool(place) for place in kept] == [True] * 10 + [False]
