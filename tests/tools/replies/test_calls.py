"""Tool calls and JSON answers in text: lenient in form, strict in what counts."""

import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from tools.replies import ToolCall, json_object, tool_calls

NAMES = {"read", "write"}
READ = ToolCall("read", {"path": "a.txt"})


@pytest.mark.parametrize(
    "reply",
    [
        '{"name": "read", "arguments": {"path": "a.txt"}}',
        'I will look.\n```json\n{"name": "read", "arguments": {"path": "a.txt"}}\n```\nThen go on.',
        '```\n{"name": "read", "parameters": {"path": "a.txt"}}\n```',
        '```json\n{"name": "read", "arguments": {"path": "a.txt"}}',
        '<tool_call>\n{"name": "read", "arguments": {"path": "a.txt"}}\n</tool_call>',
        '<tool_call>{"name": "read", "arguments": {"path": "a.txt"}}',
        '<tool_call>\n{"name": "read", "arguments": {"path": "a.txt"}\n</tool_call>',
        '<tool_call>\n```json\n{"name": "read", "arguments": {"path": "a.txt"}}\n```\n</tool_call>',
        "<tool_call><function=read>\n<parameter=path>\na.txt\n</parameter>\n</function></tool_call>",
        '[TOOL_CALLS][{"name": "read", "arguments": {"path": "a.txt"}}]',
        '<|python_tag|>{"name": "read", "parameters": {"path": "a.txt"}}',
        '{"function": {"name": "read", "arguments": {"path": "a.txt"}}}',
        '{"type": "function", "function": {"name": "read", "arguments": "{\\"path\\": \\"a.txt\\"}"}}',
        '{"tool_calls": [{"id": "1", "function": {"name": "read", "arguments": {"path": "a.txt"}}}]}',
        '{"tool": "read", "parameters": {"path": "a.txt"}}',
        '{"action": "read", "action_input": {"path": "a.txt"}}',
        '{"name": "functions.read", "arguments": {"path": "a.txt"}}',
        '{"read": {"path": "a.txt"}}',
        '{"name": "read", "arguments": {"path": "a.txt",},}',
        "{'name': 'read', 'arguments': {'path': 'a.txt'}}",
        '{name: "read", arguments: {path: "a.txt"}}',
        '{\n  // look\n  "name": "read", # it\n  /* so */ "arguments": {"path": "a.txt"}\n}',
        '{{"name": "read", "arguments": {"path": "a.txt"}}}',
        '{"name": "read", "arguments": {"path": "a.txt"}',
        'Use {x} and {"a": 1}: {"name": "read", "arguments": {"path": "a.txt"}}',
        '```python\n{"name": "read", "arguments": {"path": "a.txt"}}\n```',
        '<think>{"name": "write", "arguments": {}}</think>{"name": "read", "arguments": {"path": "a.txt"}}',
    ],
)
def test_a_call_is_found_in_any_dress(reply: str) -> None:
    assert tool_calls(reply, NAMES) == [READ]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "read the file",
        '{"name": "delete", "arguments": {"path": "a.txt"}}',
        '{"name": "read", "age": 7}',
        '{"name": "read", "arguments": ["a.txt"]}',
        '{"name": "read", "arguments": "a.txt"}',
        '{"name": ["read"], "arguments": {}}',
        '{"name": "write", "arguments": {"path": "a.txt", "content": "half of',
        '{"name": "write", "arguments": {"path": "a.txt"',
        '{"name": "write", "arguments": {"path": "a.txt",',
        '<tool_call>\n{"name": "write", "arguments": {"content": "half of\n</tool_call>',
        '```python\ncall = {"name": "read", "arguments": {"path": "a.txt"}}\n```',
        '{"example": {"name": "read", "arguments": {"path": "a.txt"}}}',
    ],
)
def test_what_is_no_whole_call_of_a_known_tool_is_none(reply: str) -> None:
    assert tool_calls(reply, NAMES) == []


def test_several_calls_keep_their_order() -> None:
    call = '{"name": "%s", "arguments": {"n": %d}}'
    wanted = [ToolCall("read", {"n": 1}), ToolCall("write", {"n": 2}), ToolCall("read", {"n": 3})]
    each = [call % (item.name, item.arguments["n"]) for item in wanted]
    assert tool_calls("\n".join(f"<tool_call>\n{one}\n</tool_call>" for one in each), NAMES) == wanted
    assert tool_calls("<tool_call>" + "\n<tool_call>".join(each), NAMES) == wanted
    assert tool_calls(f"[{', '.join(each)}]", NAMES) == wanted
    assert tool_calls("\n".join(each), NAMES) == wanted
    assert tool_calls("First:\n" + "\n".join(f"```json\n{one}\n```" for one in each), NAMES) == wanted


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("True", True),
        ("None", None),
        ("-1.5e3", -1500.0),
        ('"C:\\new\\dir"', "C:\new\\dir"),
        ('"\\d+"', "\\d+"),
        ('"print("hi")"', 'print("hi")'),
        ('"a\nb"', "a\nb"),
        ('"""a "b"\nc"""', 'a "b"\nc'),
        ("'it\\'s'", "it's"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"```python\nx\n```"', "```python\nx\n```"),
    ],
)
def test_arguments_keep_their_meaning(written: str, meant: object) -> None:
    reply = f'{{"name": "write", "arguments": {{"x": {written},}}}}'
    assert tool_calls(reply, NAMES) == [ToolCall("write", {"x": meant})]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', {"a": 1}),
        (' {"a": {"b": "```\\nx"}} ', {"a": {"b": "```\\nx".replace("\\n", "\n")}}),
        ('Sure:\n```json\n{"a": 1,}\n```\n', {"a": 1}),
        ('See {"b": 2}:\n```json\n{"a": 1}\n```\n', {"a": 1}),
        ("The answer is {'a': True}.", {"a": True}),
        ('{"a": {"b": [1, 2]}', {"a": {"b": [1, 2]}}),
        ('{"a": "cut', None),
        ("[1, 2]", None),
        ("none", None),
        ("", None),
    ],
)
def test_json_answers(text: str, found: dict[str, Any] | None) -> None:
    assert json_object(text) == found


def value(chance: random.Random, depth: int = 0) -> Any:
    """Some JSON value with what breaks parsers in its strings."""
    strings = [
        "",
        "a",
        "it's",
        'say "hi"',
        "a\nb",
        "```python\nx\n```",
        "{",
        "}]",
        "\\d",
        "// no",
        "# no",
        "é\U0001f600",
        "</x>",
        ",",
    ]
    simple: list[Callable[[], Any]] = [
        lambda: chance.choice(strings),
        lambda: chance.choice([True, False, None]),
        lambda: chance.randrange(-1000, 1000),
        lambda: chance.random(),
    ]
    if depth < 3 and chance.random() < 0.4:
        if chance.random() < 0.5:
            return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
        return {f"k{n}": value(chance, depth + 1) for n in range(chance.randrange(4))}
    return chance.choice(simple)()


def dressed(call: str, chance: random.Random) -> str:
    """The call in one of the forms that models use."""
    forms = [
        "{}",
        "I call:\n```json\n{}\n```\nok",
        "<tool_call>\n{}\n</tool_call>",
        "```\n{}\n```",
        "Now {} then",
        "<tool_call>{}",
    ]
    return chance.choice(forms).replace("{}", call)


def test_well_formed_calls_survive_in_any_dress() -> None:
    chance = random.Random(3)
    for _ in range(3000):
        call = ToolCall("write", {f"a{n}": value(chance) for n in range(chance.randrange(4))})
        wire = {"name": call.name, "arguments": call.arguments}
        text = json.dumps(wire, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2]))
        assert tool_calls(dressed(text, chance), NAMES) == [call]


def test_mangled_calls_never_raise_and_never_name_strangers() -> None:
    chance = random.Random(4)
    for _ in range(5000):
        wire = {"name": chance.choice(["read", "delete"]), "arguments": {"x": value(chance)}}
        text = list(dressed(json.dumps(wire), chance))
        for _ in range(chance.randrange(6)):
            place = chance.randrange(len(text))
            text[place] = chance.choice(
                ["", "{", "}", '"', "'", "[", "]", ",", "\\", "\n", "```", "<tool_call>", "\ud800", "9" * 5000]
            )
        mangled = "".join(text)
        assert {call.name for call in tool_calls(mangled, NAMES)} <= NAMES
        assert json_object(mangled) is None or isinstance(json_object(mangled), dict)


def test_a_call_cut_anywhere_is_whole_or_none() -> None:
    arguments = {"path": "a.txt", "content": "one {two} 'three'\n", "list": [1, {"a": 2}]}
    for form in ["{}", "<tool_call>\n{}\n</tool_call>", "```json\n{}\n```"]:
        text = form.replace("{}", json.dumps({"name": "write", "arguments": arguments}), 1)
        for length in range(len(text)):
            assert tool_calls(text[:length], NAMES) in ([], [ToolCall("write", arguments)])


@pytest.mark.parametrize(
    "hostile",
    ['{"a', '{"a":', "{", "[", "[{", '{"a":"b"x', "{'a' ", "/*{", "<tool_call>\n", '{"name":"read",'],
    ids=lambda hostile: repr(hostile[:12]),
)
def test_a_hostile_reply_costs_little(hostile: str) -> None:
    def cost(length: int) -> float:
        start = time.process_time()
        tool_calls(hostile * (length // len(hostile)), NAMES)
        return time.process_time() - start

    # in proportion it is 16, by the square 256
    assert any(cost(40_000) < 64 * max(cost(2_500), 0.005) for _ in range(3))
