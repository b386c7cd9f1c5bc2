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
    over_words = _WordPairs(pair)
    linked = over_words.combine(subword_links, np.logical_or)
    source, target = (places.tolist() for places in np.nonzero(linked))
    return Alignment(
        tuple(map(Link, source, target)),
        over_words.combine(subword_similarity, np.maximum),
        windows_note(pair),
        source_unseen=_without_subword(pair.source),
        target_unseen=_without_subword(pair.target),
    )


def _without_subword(side: SubwordVectors) -> tuple[int, ...]:
    counts = np.bincount(side.word_index, minlength=side.words)
    return tuple(np.flatnonzero(counts == 0).tolist())


Value = TypeVar("Value", np.bool_, np.float32)


class _WordPairs:
    """The subwords behind every pair of words.

    Args:
        pair: vectors with the subword → word maps.
    """

    def __init__(self, pair: PairVectors) -> None:
        self.shape = (pair.source.words, pair.target.words)
        one_to_one = pair.source.subword_index is None and pair.target.subword_index is None
        self.members = ... if one_to_one else np.ix_(pair.source.members, pair.target.members)
        # Memberships are sorted by word, so combining over runs is combining over words.
        self.row_starts = _run_starts(pair.source.word_index)
        self.column_starts = _run_starts(pair.target.word_index)
        self.words = np.ix_(
            pair.source.word_index[self.row_starts], pair.target.word_index[self.column_starts]
        )

    def combine(self, subwords: NDArray[Value], how: np.ufunc) -> NDArray[Value]:
        """Combine the values of all subwords of each word pair; one without subwords gets 0."""
        words = np.zeros(self.shape, dtype=subwords.dtype)
        if subwords.size:
            values = how.reduceat(subwords[self.members], self.row_starts, axis=0)
            words[self.words] = how.reduceat(values, self.column_starts, axis=1)
        words.flags.writeable = False
        return words


def _run_starts(ascending: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    begins = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=begins[1:])
    return np.flatnonzero(begins)
