"""SimAlign: links from a similarity matrix of contextual subword vectors.

Paper: Jalili Sabet et al. 2020, arXiv:2004.08728, section 2.
Departs: sentence pairs are batched and only the layers in use are computed, with the same links as
the authors' package on the same model and layer; `match` is solved by scipy's assignment solver;
text beyond the model's window is read through overlapping windows instead of being cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.aligners import ALIGNERS
from core.aligners._subwords import align_each, word_alignment
from core.encoders.cpu import one_core
from core.types import Alignment, PairVectors, SentencePair, SubwordVectors

# Weight of a subword pair with one side already linked, in further rounds of itermax (section 2.3).
_ALPHA = 0.9
# Sides this short get plain mutual argmax, as in the authors' package.
_TOO_SHORT_TO_ITERATE = 2


@dataclass(frozen=True)
class SimAlign:
    """Links words whose contextual vectors choose each other."""

    inputs: ClassVar[tuple[str, ...]] = ("vectors",)
    corpus_level: ClassVar[bool] = False
    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    matching: Annotated[
        Literal["itermax", "argmax", "match"],
        Field(
            description="argmax: mutual best only; itermax: a further round on words left over; "
            "match: best one-to-one matching"
        ),
    ] = "itermax"
    unit: Annotated[
        Literal["subword", "word"],
        Field(description="compare subwords, or the mean vector of each word"),
    ] = "subword"
    rounds: Annotated[
        int, Field(ge=1, le=10, description="rounds of itermax, the first included")
    ] = 2
    distortion: Annotated[
        float, Field(ge=0, le=1, description="penalty for links far off the diagonal")
    ] = 0.0

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Align every pair from its subword vectors.

        Raises:
            ConfigError: no vectors were given (code missing-stage).
        """
        with one_core():
            return align_each("simalign", pairs, vectors, self._align_pair)

    def _align_pair(self, pair: PairVectors) -> Alignment:
        if self.unit == "word":
            pair = PairVectors(_as_words(pair.source), _as_words(pair.target))
        similarity = cosine_similarity(pair.source.vectors, pair.target.vectors)
        similarity = _distort(similarity, self.distortion)
        if not similarity.size:
            links = np.zeros(similarity.shape, dtype=np.bool_)
        elif self.matching == "match":
            links = _best_matching(similarity)
        else:
            links = itermax(similarity, rounds=1 if self.matching == "argmax" else self.rounds)
        return word_alignment(pair, links, similarity)


def _as_words(side: SubwordVectors) -> SubwordVectors:
    # Words the tokenizer dropped have no vector and take no part.
    present = np.unique(side.word_index)
    return SubwordVectors(side.word_vectors()[present], present, side.words, side.windows)


def cosine_similarity(
    source: NDArray[np.float32], target: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return `(cos + 1) / 2`, shape (source subwords, target subwords), values in [0, 1]."""
    import torch

    # numpy's matrix library shares even a small product between cores, and cannot be told not to.
    rows, columns = torch.from_numpy(_unit_rows(source)), torch.from_numpy(_unit_rows(target))
    similarity: NDArray[np.float32] = (rows @ columns.T).numpy()
    similarity += np.float32(1.0)
    similarity *= np.float32(0.5)
    return similarity


def _unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    norms[norms == 0] = 1
    return np.asarray(vectors / norms[:, None], dtype=np.float32)


def _distort(similarity: NDArray[np.float32], ratio: float) -> NDArray[np.float32]:
    rows, columns = similarity.shape
    if ratio == 0 or rows < 2 or columns < 2:
        return similarity
    offset = np.linspace(0, 1, rows)[:, None] - np.linspace(0, 1, columns)[None, :]
    return (similarity * (1.0 - offset**2 * ratio)).astype(np.float32)


def itermax(similarity: NDArray[np.float32], *, rounds: int) -> NDArray[np.bool_]:
    """Link mutual best pairs, then, round by round, mutual best pairs that reach a free word.

    Args:
        similarity: shape (source, target), neither side empty.
        rounds: 1 gives plain mutual argmax.

    Returns:
        Links, same shape.
    """
    links = _mutual_best(similarity)
    if min(similarity.shape) <= _TOO_SHORT_TO_ITERATE:
        return links
    for _ in range(rounds - 1):
        free_rows = ~np.asarray(links.any(axis=1))
        free_columns = ~np.asarray(links.any(axis=0))
        if not (free_rows.any() and free_columns.any()):
            break
        free = free_rows[:, None].astype(np.int8) + free_columns[None, :]
        # double precision, as in the authors' package: near-ties are decided the same way
        weights = np.array([0.0, _ALPHA, 1.0])[free]
        added = _mutual_best(similarity * weights) & (free > 0)
        if not (added & ~links).any():
            break
        links |= added
    return links


def _mutual_best(similarity: NDArray[np.float64] | NDArray[np.float32]) -> NDArray[np.bool_]:
    links = np.zeros(similarity.shape, dtype=np.bool_)
    best_target = similarity.argmax(axis=1)
    best_source = similarity.argmax(axis=0)
    rows = np.arange(similarity.shape[0])
    mutual = np.equal(best_source[best_target], rows)
    links[rows[mutual], best_target[mutual]] = True
    return links


def _best_matching(similarity: NDArray[np.float32]) -> NDArray[np.bool_]:
    from scipy.optimize import linear_sum_assignment

    links = np.zeros(similarity.shape, dtype=np.bool_)
    links[linear_sum_assignment(similarity, maximize=True)] = True
    return links


ALIGNERS.register(SimAlign)
