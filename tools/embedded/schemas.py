"""JSON schemas as Ollama's grammar takes them."""

from typing import Any


def closed(schema: Any) -> Any:
    """The schema with no other keys in its objects unless it allows them itself.

    Ollama's grammar writes the listed properties only; llama.cpp's, newer, lets the model add keys of its own.
    """
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        inner["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
        inner.setdefault("additionalProperties", False)
    return inner
