"""Tool calls out of text, however it is cut into pieces."""

import pytest

from tools.embedded.calls import CallParser

CALL = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'


def parse(text: str, size: int) -> tuple[str, list[tuple[str, dict[str, object]]]]:
    parser = CallParser()
    results = [parser.feed(text[at : at + size]) for at in range(0, len(text), size)] + [parser.flush()]
    return "".join(content for content, _ in results), [(c.name, c.arguments) for _, calls in results for c in calls]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "content", "count"),
    [
        ("plain < text <tool", "plain < text <tool", 0),
        (CALL, "", 1),
        (f"before {CALL}\n{CALL}", "before ", 2),
        (CALL.removesuffix("</tool_call>"), "", 1),
        ("<tool_call>no json</tool_call>after", "<tool_call>no json</tool_call>after", 0),
        ("<tool_call>[1]</tool_call>", "<tool_call>[1]</tool_call>", 0),
        ('{"name": "f", "arguments": {}}', '{"name": "f", "arguments": {}}', 0),
    ],
)
def test_only_whole_tagged_calls_are_taken(text: str, content: str, count: int, size: int) -> None:
    assert parse(text, size) == (content, [("f", {"a": 1})] * count)
