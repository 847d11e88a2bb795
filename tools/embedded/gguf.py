"""The head of a GGUF file: what `/api/show` and `/api/tags` tell of a model; format as in ggml's docs/gguf.md."""

import mmap
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_TENSOR_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 30: "BF16", 39: "MXFP4",
}  # fmt: skip
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 32: "BF16",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """Metadata (arrays as None, as Ollama shows them) and tensors of a GGUF file."""

    metadata: dict[str, Any]
    tensors: list[dict[str, Any]]
    file_size: int
    """Size of the whole file."""

    @property
    def architecture(self) -> str:
        """Such as `qwen2`."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def template(self) -> str:
        """The chat template inside the file, a Jinja text; empty when it has none."""
        return str(self.metadata.get("tokenizer.chat_template", ""))

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(prod(tensor["shape"]) for tensor in self.tensors)

    @property
    def quantization(self) -> str:
        """Such as `Q4_K_M`."""
        return _FILE_TYPES.get(self.metadata.get("general.file_type", -1), "unknown")

    def number(self, key: str) -> int:
        """An architecture's own number such as `block_count`; 0 when it is not told."""
        return int(self.metadata.get(f"{self.architecture}.{key}") or 0)

    def cache_bytes(self, window: int) -> int:
        """Memory of the key and value cache for a window in tokens, at 16 bits."""
        heads = self.number("attention.head_count") or 1
        width = self.number("embedding_length") // heads
        return 4 * window * self.number("block_count") * (self.number("attention.head_count_kv") or heads) * width


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def scalar(self, form: str) -> Any:
        value = struct.unpack_from(form, self._data, self._at)[0]
        self._at += struct.calcsize(form)
        return value

    def string(self) -> str:
        length = self.scalar("<Q")
        self._at += length
        return self._data[self._at - length : self._at].decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self._skip(self.scalar("<I"), self.scalar("<Q"))
        return self.scalar(_SCALARS[kind])

    def _skip(self, kind: int, count: int) -> None:
        if kind != _STRING:
            self._at += count * struct.calcsize(_SCALARS[kind])
            return
        unpack, at = struct.Struct("<Q").unpack_from, self._at
        for _ in range(count):  # 300,000 words of a vocabulary: no method calls in here
            at += 8 + unpack(self._data, at)[0]
        self._at = at

    def tensor(self) -> dict[str, Any]:
        name = self.string()
        shape = [self.scalar("<Q") for _ in range(self.scalar("<I"))]
        kind = self.scalar("<I")
        self.scalar("<Q")
        return {"name": name, "type": _TENSOR_TYPES.get(kind, str(kind)), "shape": shape}


def read(path: Path) -> Head:
    """The head of the file; ValueError when it is no GGUF or cut short."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _head(_Reader(data), data[:4], len(data))
    except (struct.error, KeyError, IndexError) as error:
        raise ValueError(f"{path} is cut short or of an unknown GGUF form ({error})") from None


def _head(reader: _Reader, magic: bytes, size: int) -> Head:
    if magic != b"GGUF":
        raise ValueError("no GGUF file")
    reader.scalar("<I")
    version, tensors, pairs = reader.scalar("<I"), reader.scalar("<Q"), reader.scalar("<Q")
    if version not in (2, 3):
        raise ValueError(f"GGUF version {version} is not known here")
    metadata = {reader.string(): reader.value(reader.scalar("<I")) for _ in range(pairs)}
    return Head(metadata, [reader.tensor() for _ in range(tensors)], size)
