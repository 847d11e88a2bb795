"""Addresses of pages, as tasks and calls write them."""

import re

ADDRESS = re.compile(r"\b(?:https?://|(?:localhost|127(?:\.\d+){3}):\d)[^\s'\"<>`]*", re.IGNORECASE)


def addresses(text: str) -> list[str]:
    """Those that stand in `text`, in order, without the marks of the sentence around them."""
    return list(dict.fromkeys(found.rstrip(".,;:!?)]}*_/") for found in ADDRESS.findall(text)))
