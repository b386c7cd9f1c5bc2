"""How an encoder reads a sentence: in which pieces, and which words each subword belongs to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from core.encoders.loading import fast_tokenizer
from core.text.segments import has_character_words, segment
from core.types import Sentence

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Text = Sentence | Sequence[str]
"""What can be encoded: a sentence, or bare words."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the tokenizer reads, piece by piece, and which words each piece covers.

    Pieces are the words themselves, or in text without spaces the words a segmenter found there,
    each covering the characters that are our words.
    """

    pieces: tuple[str, ...]
    words: int
    covers: tuple[tuple[int, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Subwords:
    """One sentence as the model reads it, and which subword belongs to which word."""

    ids: list[int]
    word_index: NDArray[np.int64]
    subword_index: NDArray[np.int64] | None = None


class Reader:
    """Prepares and tokenizes sentences for all models with one tokenizer.

    What was read last is kept: after the encoder the tagger reads the same sentences.

    Args:
        tokenizer: a fast tokenizer.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self._last: dict[Prepared, Subwords] = {}
        self._lock = threading.Lock()  # a fast tokenizer refuses two threads at once

    def prepare(self, sentence: Text) -> Prepared:
        """Decide in which pieces a sentence is read."""
        if not isinstance(sentence, Sentence):
            return Prepared(tuple(sentence), len(sentence))
        if not has_character_words(sentence):
            return Prepared(sentence.words, len(sentence.words))
        text = sentence.text
        segments = segment(text, sentence.language) or self._own_segments(text)
        covered = {
            (start, end): tuple(
                word
                for word, (first, last) in enumerate(sentence.char_offsets)
                if first < end and start < last
            )
            for start, end in segments
            if text[start:end].strip()
        }
        pieces = tuple(text[start:end] for start, end in covered)
        return Prepared(pieces, len(sentence.words), tuple(covered.values()))

    def _own_segments(self, text: str) -> tuple[tuple[int, int], ...]:
        """Cut text into the subwords the model would read: the next best thing to words."""
        with self._lock:
            places = self.tokenizer(
                text, add_special_tokens=False, truncation=False, return_offsets_mapping=True
            )["offset_mapping"]
        return tuple((start, end) for start, end in places if start < end)

    def tokenize(self, inputs: Sequence[Prepared]) -> list[Subwords]:
        """Tokenize prepared sentences in one call, without special tokens and without cutting."""
        with self._lock:
            missing = [one for one in dict.fromkeys(inputs) if one not in self._last]
            read = self._last | dict(zip(missing, self._read(missing), strict=True))
            self._last = {one: read[one] for one in inputs}
            return list(map(read.__getitem__, inputs))

    def _read(self, inputs: Sequence[Prepared]) -> list[Subwords]:
        if not inputs:
            return []
        encodings = self.tokenizer(
            [list(one.pieces) for one in inputs],
            is_split_into_words=True,
            add_special_tokens=False,
            truncation=False,
            padding=False,
            verbose=False,
        )
        return [
            _members(one, ids, encodings.word_ids(i))
            for i, (one, ids) in enumerate(zip(inputs, encodings["input_ids"], strict=True))
        ]


_SHARED: WeakValueDictionary[str, Reader] = WeakValueDictionary()
_LOADING = threading.Lock()


def shared_reader(folder: str) -> Reader:
    """Return the reader of a tokenizer, one for all models that are loaded with it.

    Args:
        folder: a Hugging Face id or a model folder.

    Raises:
        BackendError: the model has only a slow tokenizer (code model-unusable).
    """
    with _LOADING:
        reader = _SHARED.get(folder)
        if reader is None:
            reader = _SHARED[folder] = Reader(fast_tokenizer(folder))
        return reader


def _members(one: Prepared, ids: list[int], piece_of: Sequence[int]) -> Subwords:
    if one.covers is None:
        return Subwords(ids, np.array(piece_of, dtype=np.int64).reshape(-1))
    members = sorted(
        (word, subword) for subword, piece in enumerate(piece_of) for word in one.covers[piece]
    )
    index = np.array(members, dtype=np.int64).reshape(-1, 2)
    return Subwords(ids, index[:, 0], index[:, 1])
