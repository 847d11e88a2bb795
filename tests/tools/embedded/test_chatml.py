"""The prompt as Ollama's template renders it; its length in real tokens is checked in tests/live."""

from tools.embedded import chatml

USER = {"role": "user", "content": "Hi"}


def test_there_is_no_system_message_unless_one_is_given() -> None:
    assert chatml.render([USER], []) == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


def test_system_messages_go_to_the_head_and_neighbours_are_merged() -> None:
    messages = [{"role": "system", "content": "a"}, USER, USER, {"role": "system", "content": "b"}]
    assert chatml.render(messages, []) == (
        "<|im_start|>system\na\n\nb<|im_end|>\n<|im_start|>user\nHi\n\nHi<|im_end|>\n<|im_start|>assistant\n"
    )


def test_an_answer_that_is_begun_is_gone_on_with() -> None:
    assert chatml.render([USER, {"role": "assistant", "content": "So"}], []).endswith("<|im_start|>assistant\nSo")


def test_calls_and_their_results_have_their_tags() -> None:
    call = {"function": {"name": "f", "arguments": {"a": "ü"}}}
    asked = {"role": "assistant", "content": "", "tool_calls": [call]}
    assert chatml.render([USER, asked, {"role": "tool", "content": "4"}], []).endswith(
        '<|im_start|>assistant\n<tool_call>\n{"name": "f", "arguments": {"a":"ü"}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\n4\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
    )


def test_tools_stand_in_the_head_with_keys_in_ollamas_order() -> None:
    properties = {"type": {"description": "kind", "type": "string"}, "a": {"type": "integer"}}
    schema = {"properties": properties, "required": ["a"], "type": "object"}
    tool = {"type": "function", "function": {"parameters": schema, "name": "f", "description": "d"}}
    assert (
        '{"type": "function", "function": {"name":"f","description":"d","parameters":{"type":"object","required":["a"],'
        '"properties":{"type":{"type":"string","description":"kind"},"a":{"type":"integer"}}}}}'
    ) in chatml.render([USER], [tool])
