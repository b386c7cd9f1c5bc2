"""Running a model over sentences of any length: batches of like length, overlapping windows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.encoders.cpu import map_on_all_cores
from core.encoders.reading import Prepared, Reader, Text
from core.types import SubwordVectors

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Progress = Callable[[int, int], None]
"""Called with (done, total) sentences."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one sentence's subwords that fits the model."""

    sentence: int
    start: int
    ids: tuple[int, ...]


class WindowedModel:
    """A model that gives every subword a vector, its reader, and a lock around both.

    Args:
        model: a transformer.
        reader: around its tokenizer; several models may share it.
        read: takes the vectors, shape (batch, subwords, width), out of the model's output.
        width: numbers a subword.
        options: further arguments of the model's call.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        reader: Reader,
        *,
        read: Callable[[Any], torch.Tensor],
        width: int,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self.model = model
        self.reader = reader
        self.read = read
        self.width = width
        self.options = dict(options or {})
        self.lock = threading.Lock()
        tokenizer = reader.tokenizer
        empty = tokenizer("", return_special_tokens_mask=True)["input_ids"]
        # The usual layouts are "<s> … </s>"; half of the special tokens stand before the text.
        self.prefix = tuple(empty[: (len(empty) + 1) // 2])
        self.suffix = tuple(empty[(len(empty) + 1) // 2 :])
        self.room = _window_length(model, tokenizer) - len(empty)

    def encode(
        self, sentences: Sequence[Text], batch_subwords: int, progress: Progress | None = None
    ) -> list[SubwordVectors]:
        """Compute the vectors of every subword; equal sentences are computed once.

        Args:
            sentences: sentences or their words; an empty one gives no vectors.
            batch_subwords: subwords computed at once.
            progress: called after each batch.
        """
        inputs = [self.reader.prepare(sentence) for sentence in sentences]
        keys = list(dict.fromkeys(inputs))
        with self.lock:
            encoded = dict(zip(keys, self._encode(keys, batch_subwords, progress), strict=True))
        return [encoded[key] for key in inputs]

    def _encode(
        self, sentences: Sequence[Prepared], batch_subwords: int, progress: Progress | None
    ) -> list[SubwordVectors]:
        tokenised = self.reader.tokenize(sentences)
        subwords = [one.ids for one in tokenised]
        windows = [
            _Window(sentence, start, tuple(ids[start : start + self.room]))
            for sentence, ids in enumerate(subwords)
            for start in window_starts(len(ids), self.room)
        ]
        vectors = [np.zeros((len(ids), self.width), dtype=np.float32) for ids in subwords]
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
        padding = self.reader.tokenizer.pad_token_id or 0
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
            output = self.read(self.model(**inputs, **self.options))
        array = output.float().cpu().numpy()
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
