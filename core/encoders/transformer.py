"""Contextual subword vectors from one layer of a transformer encoder.

Three things make this fast without changing a result: layers above the one asked for are never
loaded, sentences are batched with others of the same length, and a sentence that occurs twice is
encoded once. Text longer than the model's window is read through overlapping windows, so that no
word is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.encoders import bundled
from core.encoders.cpu import map_on_all_cores, pack_linear_layers
from core.encoders.quiet import quiet
from core.encoders.reading import Prepared, Reader, Text
from core.errors import BackendError, ConfigError
from core.types import SubwordVectors

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Progress = Callable[[int, int], None]
"""Called with (done, total) sentences."""

# Encoders whose k-th hidden state is the output of a model cut off after k layers: no final norm
# follows the last layer. Others run whole and the layer is picked from all hidden states.
_CUTTABLE = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra", "ernie", "mpnet"})


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one sentence's subwords that fits the model."""

    sentence: int
    start: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Encoder:
    """Word vectors of one layer of a transformer.

    Calls are safe from several threads; the model is loaded once a process and shared.
    """

    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    model: Annotated[
        str, Field(description="'bundled', a Hugging Face id, or a folder", min_length=1)
    ] = "bundled"
    layer: Annotated[int, Field(ge=0, description="hidden layer to take; 0 is the embeddings")] = 6
    device: Annotated[
        Literal["auto", "cpu", "cuda"], Field(description="where to compute; auto takes a GPU")
    ] = "auto"
    batch_subwords: Annotated[
        int, Field(ge=1, description="subwords computed at once; more needs more memory")
    ] = 512

    def encode(
        self, sentences: Sequence[Text], progress: Progress | None = None
    ) -> list[SubwordVectors]:
        """Compute the vectors of every subword.

        A sentence whose words are the characters of a script without spaces is read by the words
        that a segmenter finds in it; all else is read word by word.

        Args:
            sentences: sentences or their words; an empty one gives no vectors.
            progress: called after each batch.

        Returns:
            One value a sentence, in order. A word made only of characters the tokenizer drops
            (zero-width signs) has no subword.

        Raises:
            BackendError: the model cannot be found or loaded.
            ConfigError: the model has fewer layers (code layer-out-of-range).
        """
        loaded = _load(self.model, self.layer, self.device)
        inputs = [loaded.reader.prepare(sentence) for sentence in sentences]
        keys = list(dict.fromkeys(inputs))
        with loaded.lock:
            encoded = dict(
                zip(keys, loaded.encode(keys, self.batch_subwords, progress), strict=True)
            )
        return [encoded[key] for key in inputs]

    def load(self) -> None:
        """Load the model now, instead of at the first sentence.

        Raises:
            BackendError: the model cannot be found or loaded.
            ConfigError: the model has fewer layers (code layer-out-of-range).
        """
        _load(self.model, self.layer, self.device)


class _LoadedModel:
    """A model cut to the layers in use, its tokenizer, and a lock around both."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, layer: int, *, cut: bool
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.reader = Reader(tokenizer)
        self.layer = layer
        self.cut = cut
        self.lock = threading.Lock()
        empty = tokenizer("", return_special_tokens_mask=True)["input_ids"]
        # The usual layouts are "<s> … </s>"; half of the special tokens stand before the text.
        self.prefix = tuple(empty[: (len(empty) + 1) // 2])
        self.suffix = tuple(empty[(len(empty) + 1) // 2 :])
        self.room = _window_length(model, tokenizer) - len(empty)

    def encode(
        self, sentences: Sequence[Prepared], batch_subwords: int, progress: Progress | None
    ) -> list[SubwordVectors]:
        tokenised = self.reader.tokenize(sentences)
        subwords = [one.ids for one in tokenised]
        windows = [
            _Window(sentence, start, tuple(ids[start : start + self.room]))
            for sentence, ids in enumerate(subwords)
            for start in window_starts(len(ids), self.room)
        ]
        hidden = int(self.model.config.hidden_size)
        vectors = [np.zeros((len(ids), hidden), dtype=np.float32) for ids in subwords]
        done = 0
        for batch, outputs in self._map(list(_batches(windows, batch_subwords))):
            for window, output in zip(batch, outputs, strict=True):
                self._keep(vectors[window.sentence], window, output)
            done += len(batch)
            if progress is not None:
                progress(done, len(windows))
        counts = np.bincount(
            [window.sentence for window in windows], minlength=len(sentences)
        ).tolist()
        return [
            SubwordVectors(
                vectors=_read_only(vectors[i]),
                word_index=one.word_index,
                words=sentences[i].words,
                windows=max(counts[i], 1),
                subword_index=one.subword_index,
            )
            for i, one in enumerate(tokenised)
        ]

    def _map(
        self, batches: Sequence[list[_Window]]
    ) -> Iterator[tuple[list[_Window], list[NDArray[np.float32]]]]:
        if self.model.device.type == "cpu":
            return map_on_all_cores(self._forward, batches)
        return ((batch, self._forward(batch)) for batch in batches)

    def _forward(self, batch: Sequence[_Window]) -> list[NDArray[np.float32]]:
        import torch

        rows = [[*self.prefix, *window.ids, *self.suffix] for window in batch]
        longest = max(map(len, rows))
        padding = self.tokenizer.pad_token_id or 0
        ids = torch.full((len(rows), longest), padding)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        inputs: dict[str, Any] = {"input_ids": ids.to(self.model.device)}
        # Without padding the mask says nothing, and attention is faster without one.
        if not bool(mask.all()):
            inputs["attention_mask"] = mask.to(self.model.device)
        with torch.inference_mode():
            output = self.model(**inputs, output_hidden_states=not self.cut)
        states = output.last_hidden_state if self.cut else output.hidden_states[self.layer]
        array = states.float().cpu().numpy()
        first = len(self.prefix)
        return [array[i, first : first + len(window.ids)] for i, window in enumerate(batch)]

    def _keep(
        self, target: NDArray[np.float32], window: _Window, output: NDArray[np.float32]
    ) -> None:
        """Store the part of a window in which it has more context than its neighbours."""
        starts = window_starts(len(target), self.room)
        place = starts.index(window.start)
        begin, end = window.start, window.start + len(window.ids)
        low = begin if place == 0 else (begin + starts[place - 1] + self.room + 1) // 2
        last = place == len(starts) - 1
        high = end if last else (starts[place + 1] + end + 1) // 2
        target[low:high] = output[low - begin : high - begin]


def window_starts(length: int, room: int) -> list[int]:
    """Place windows of at most `room` subwords so that neighbours share half of them.

    >>> window_starts(10, 4)
    [0, 2, 4, 6]
    """
    if length == 0:
        return []
    if length <= room:
        return [0]
    stride = max(room // 2, 1)
    return [*range(0, length - room, stride), length - room]


def _batches(windows: Sequence[_Window], batch_subwords: int) -> Iterator[list[_Window]]:
    """Group windows by length, longest first so that memory trouble shows at once."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        if batch and len(batch[0].ids) * (len(batch) + 1) > batch_subwords:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _read_only(array: NDArray[np.float32]) -> NDArray[np.float32]:
    array.flags.writeable = False
    return array


def _window_length(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int:
    positions = int(getattr(model.config, "max_position_embeddings", 512))
    if model.config.model_type in {"roberta", "xlm-roberta", "camembert"}:
        positions -= int(model.config.pad_token_id) + 1  # positions are counted from behind padding
    return min(positions, int(tokenizer.model_max_length))


@lru_cache(maxsize=2)
def _load(name: str, layer: int, device: str) -> _LoadedModel:
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    folder = str(bundled.unpack()) if name == "bundled" else name
    try:
        config = AutoConfig.from_pretrained(folder)
        depth = int(config.num_hidden_layers)
        if not layer <= depth:
            raise ConfigError(
                f"the layer of {name!r} must be 0 to {depth}, got {layer}",
                code="layer-out-of-range",
            )
        cut = config.model_type in _CUTTABLE
        if cut:
            config.num_hidden_layers = layer
        with quiet():  # the report of layers left out is no news here
            model = AutoModel.from_pretrained(folder, config=config)
        tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True)
    except (OSError, ValueError) as error:
        raise BackendError(
            f"model {name!r} must be a Hugging Face id or a model folder, got: {error}",
            code="model-not-found",
            hint="check the name and the network, or use the bundled encoder",
        ) from error
    if not tokenizer.is_fast:
        raise BackendError(
            f"model {name!r} must have a fast tokenizer, which maps subwords to words",
            code="model-unusable",
        )
    place = "cuda" if device == "auto" and torch.cuda.is_available() else device
    model = model.to("cpu" if place == "auto" else place).eval()
    if model.device.type == "cpu":
        pack_linear_layers(model)
    return _LoadedModel(model, tokenizer, layer, cut=cut)
