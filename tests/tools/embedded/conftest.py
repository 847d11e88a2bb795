"""A real GGUF of 60 KB with random weights: everything of llama.cpp works but the sense of what it says."""

import json
import random
import struct
from pathlib import Path
from typing import Any

import pytest

WIDTH, INNER, TRAINED = 32, 64, 32768
TEMPLATE = "{% if tools %}tools {% endif %}{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _pair(key: str, value: object) -> bytes:
    if isinstance(value, str):
        return _string(key) + struct.pack("<I", 8) + _string(value)
    if isinstance(value, float):
        return _string(key) + struct.pack("<If", 6, value)
    if isinstance(value, int):
        return _string(key) + struct.pack("<II", 4, value)
    assert isinstance(value, list)
    if isinstance(value[0], str):
        return _string(key) + struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_string, value))
    form, kind = ("f", 6) if isinstance(value[0], float) else ("i", 5)
    return _string(key) + struct.pack("<IIQ", 9, kind, len(value)) + struct.pack(f"<{len(value)}{form}", *value)


def gguf(template: str = TEMPLATE, seed: int = 1) -> bytes:
    """A llama of one layer whose tokens are bytes."""
    words = ["<unk>", "<s>", "</s>", *(f"<0x{n:02X}>" for n in range(256)), "▁"]
    metadata: dict[str, Any] = {
        "general.architecture": "llama",
        "general.file_type": 0,
        "llama.context_length": TRAINED,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": INNER,
        "llama.attention.head_count": 2,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": words,
        "tokenizer.ggml.scores": [0.0] * len(words),
        "tokenizer.ggml.token_type": [2, 3, 3] + [6] * 256 + [1],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.chat_template": template,
    }
    metadata = {key: value for key, value in metadata.items() if value != ""}
    shapes = {"token_embd": (WIDTH, len(words)), "output": (WIDTH, len(words)), "output_norm": (WIDTH,)}
    shapes |= {f"blk.0.{name}": (WIDTH,) for name in ("attn_norm", "ffn_norm")}
    shapes |= {f"blk.0.attn_{name}": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")}
    shapes |= {"blk.0.ffn_gate": (WIDTH, INNER), "blk.0.ffn_up": (WIDTH, INNER), "blk.0.ffn_down": (INNER, WIDTH)}
    chance, infos, data = random.Random(seed), b"", b""
    for name, shape in shapes.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        sizes = struct.pack(f"<{len(shape)}Q", *shape)
        infos += _string(f"{name}.weight") + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", 0, len(data))
        values = [chance.gauss(0, 1) for _ in range(count)]
        if name == "output":
            values[: 3 * WIDTH] = [0.0] * (3 * WIDTH)  # at temperature 0 the end is never the likeliest token
        data += struct.pack(f"<{count}f", *values)
        data += bytes(-len(data) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(metadata))
    head += b"".join(_pair(key, value) for key, value in metadata.items()) + infos
    return head + bytes(-len(head) % 32) + data


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that model."""
    path = tmp_path_factory.mktemp("models") / "tiny.gguf"
    path.write_bytes(gguf())
    return path


@pytest.fixture(scope="session")
def wire() -> dict[str, dict[str, Any]]:
    """The recorded exchanges with a real Ollama, by name."""
    recording = json.loads(Path(__file__).with_name("ollama-wire.json").read_text("utf-8"))
    return {exchange["name"]: exchange for exchange in recording["exchanges"]}
