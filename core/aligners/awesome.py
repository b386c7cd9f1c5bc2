"""AWESoME: links where both directions of a softmax over dot products agree.

Paper: Dou and Neubig 2021, arXiv:2101.08231, section 2.1 (softmax), 2.2 (α-entmax); Peters et al.
2019, arXiv:1905.05702, for the exact 1.5-entmax.
Departs: batched, and long text is read through overlapping windows; the paper's setting is layer 8
of multilingual BERT, ours is whatever encoder and layer the run chose.
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
from core.types import Alignment, PairVectors, SentencePair


@dataclass(frozen=True)
class Awesome:
    """Links subwords that are probable translations of each other in both directions."""

    inputs: ClassVar[tuple[str, ...]] = ("vectors",)
    corpus_level: ClassVar[bool] = False
    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    extraction: Annotated[
        Literal["softmax", "entmax"],
        Field(description="softmax, or 1.5-entmax, which gives exact zeros"),
    ] = "softmax"
    threshold: Annotated[
        float, Field(ge=0, lt=1, description="both directions must exceed this probability")
    ] = 0.001
    temperature: Annotated[
        float, Field(gt=0, description="dot products are divided by this before the softmax")
    ] = 1.0

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Align every pair from its subword vectors.

        Raises:
            ConfigError: no vectors were given (code missing-stage).
        """
        return align_each("awesome", pairs, vectors, self._align_pair)

    def _align_pair(self, pair: PairVectors) -> Alignment:
        products = pair.source.vectors @ pair.target.vectors.T / np.float32(self.temperature)
        if not products.size:
            empty = np.zeros(products.shape, dtype=np.float32)
            return word_alignment(pair, empty.astype(np.bool_), empty)
        normalise = softmax if self.extraction == "softmax" else entmax15
        forward = normalise(products)
        backward = normalise(products.T).T
        links = (forward > self.threshold) & (backward > self.threshold)
        return word_alignment(pair, links, np.sqrt(forward * backward))


def softmax(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the softmax of each row."""
    exponentials = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), dtype=np.float32)


def entmax15(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the 1.5-entmax of each row, exactly, by sorting.

    `p = max(z/2 − τ, 0)²`, with the τ that makes the row sum to one (Peters et al. 2019, alg. 2).
    """
    halves = (rows - rows.max(axis=1, keepdims=True)).astype(np.float64) / 2
    descending = -np.sort(-halves, axis=1)
    size = np.arange(1, halves.shape[1] + 1)
    mean = np.cumsum(descending, axis=1) / size
    mean_square = np.cumsum(descending**2, axis=1) / size
    spread = size * (mean_square - mean**2)
    tau = mean - np.sqrt(np.maximum((1 - spread) / size, 0))
    support = (tau <= descending).sum(axis=1)
    chosen = tau[np.arange(len(rows)), support - 1]
    return np.asarray(np.maximum(halves - chosen[:, None], 0) ** 2, dtype=np.float32)


ALIGNERS.register(Awesome)
