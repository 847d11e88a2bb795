"""The one parser of model replies: code blocks, prose, tool calls written as text, and JSON answers. Never raises."""

from tools.replies.blocks import Block, code_blocks, prose
from tools.replies.calls import ToolCall, json_object, tool_calls

__all__ = ["Block", "ToolCall", "code_blocks", "json_object", "prose", "tool_calls"]
