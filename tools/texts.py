"""Bytes of a file as text, whatever encoding they are in."""

import codecs
import re
from typing import NamedTuple

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CP1252 = re.compile(rb"[\x80-\x9f]")


class Text(NamedTuple):
    """Decoded text, the encoding by Python's name, and whether this is all of the file."""

    text: str
    encoding: str
    whole: bool


def decoded(data: bytes, whole: bool) -> Text | None:
    """The text of a file or of its beginning, which may end within a character; None for what is no text."""
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return _with(data, encoding, whole) or _with(data, "latin-1", whole)
    if b"\0" in data:
        return None
    legacy = "cp1252" if _CP1252.search(data) else "latin-1"
    text = _with(data, "utf-8", whole) or _with(data, legacy, whole) or _with(data, "latin-1", whole)
    return text if text and len(_CONTROLS.findall(text.text)) * 50 <= len(text.text) + 200 else None


def _with(data: bytes, encoding: str, whole: bool) -> Text | None:
    try:
        return Text(codecs.getincrementaldecoder(encoding)().decode(data, final=whole), encoding, whole)
    except UnicodeDecodeError:
        return None


def fenced(path: str, text: str) -> str:
    """A file's name and its text as a block of code, whatever backticks are in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = {"py": "python", "js": "javascript", "sh": "bash"}.get(path.rpartition(".")[2], "")
    return f"{path}:\n{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"
