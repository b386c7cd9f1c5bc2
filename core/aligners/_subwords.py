"""From subword matrices to word alignments, shared by the embedding aligners."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.types import Alignment, Link, PairVectors, SubwordVectors


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
    rows, columns = np.nonzero(subword_links)
    keys = np.unique(source.word_index[rows] * max(target.words, 1) + target.word_index[columns])
    links = tuple(Link(int(key) // target.words, int(key) % target.words) for key in keys)
    return Alignment(
        links,
        _best_of_words(subword_similarity, source, target),
        windows_note(pair),
        source_unseen=_without_subword(source),
        target_unseen=_without_subword(target),
    )


def _without_subword(side: SubwordVectors) -> tuple[int, ...]:
    return tuple(np.setdiff1d(np.arange(side.words), side.word_index).tolist())


def _best_of_words(
    similarity: NDArray[np.float32], source: SubwordVectors, target: SubwordVectors
) -> NDArray[np.float32]:
    words = np.zeros((source.words, target.words), dtype=np.float32)
    if similarity.size:
        # Subwords of a word are neighbours, so a maximum over runs is a maximum over words.
        source_words, source_starts = np.unique(source.word_index, return_index=True)
        target_words, target_starts = np.unique(target.word_index, return_index=True)
        best = np.maximum.reduceat(similarity, source_starts, axis=0)
        best = np.maximum.reduceat(best, target_starts, axis=1)
        words[np.ix_(source_words, target_words)] = best
    words.flags.writeable = False
    return words
