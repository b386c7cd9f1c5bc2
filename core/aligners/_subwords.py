"""From subword matrices to word alignments, shared by the embedding aligners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.types import Alignment, Link, PairVectors, SentencePair, SubwordVectors


def align_each(
    name: str,
    pairs: Sequence[SentencePair],
    vectors: Sequence[PairVectors] | None,
    align: Callable[[PairVectors], Alignment],
) -> list[Alignment]:
    """Align every pair from its vectors.

    Raises:
        ConfigError: no vectors were given (code missing-stage).
    """
    if vectors is None:
        raise ConfigError(f"{name} needs the encoder's vectors, got none", code="missing-stage")
    return [align(vector) for _, vector in zip(pairs, vectors, strict=True)]


def windows_note(pair: PairVectors) -> str:
    """Say that a sentence was longer than the model's window, or nothing."""
    most = max(pair.source.windows, pair.target.windows)
    return f"longer than the model: read in {most} overlapping windows" if most > 1 else ""


def word_alignment(
    pair: PairVectors, subword_links: NDArray[np.bool_], subword_similarity: NDArray[np.float32]
) -> Alignment:
    """Link two words if any of their subwords are linked; similarity is that of the best subwords.

    Args:
        pair: vectors with the subword → word maps.
        subword_links: shape (source subwords, target subwords).
        subword_similarity: same shape, values in [0, 1].
    """
    source, target = pair.source, pair.target
    linked = _over_words(subword_links, source, target, np.logical_or)
    links = tuple(Link(int(i), int(j)) for i, j in zip(*np.nonzero(linked), strict=True))
    return Alignment(
        links,
        _over_words(subword_similarity, source, target, np.maximum),
        windows_note(pair),
        source_unseen=_without_subword(source),
        target_unseen=_without_subword(target),
    )


def _without_subword(side: SubwordVectors) -> tuple[int, ...]:
    return tuple(np.setdiff1d(np.arange(side.words), side.word_index).tolist())


Value = TypeVar("Value", np.bool_, np.float32)


def _over_words(
    subwords: NDArray[Value], source: SubwordVectors, target: SubwordVectors, combine: np.ufunc
) -> NDArray[Value]:
    """Combine the values of all subwords of each word pair; a word without subword gets 0."""
    words = np.zeros((source.words, target.words), dtype=subwords.dtype)
    if subwords.size:
        # Memberships are sorted by word, so combining over runs is combining over words.
        rows, row_starts = np.unique(source.word_index, return_index=True)
        columns, column_starts = np.unique(target.word_index, return_index=True)
        values = subwords[np.ix_(source.members, target.members)]
        values = combine.reduceat(values, row_starts, axis=0)
        words[np.ix_(rows, columns)] = combine.reduceat(values, column_starts, axis=1)
    words.flags.writeable = False
    return words
