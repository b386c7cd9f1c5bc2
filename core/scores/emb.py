"""Cosine of the mean contextual vectors of entity and candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.errors import ConfigError
from core.matching.instance import bounds
from core.matching.linked import edge_links
from core.scores import SCORES
from core.types import EntityByCandidate, PairVectors, Problem, SubwordVectors


@dataclass(frozen=True)
class Emb:
    """How alike entity and candidate are in meaning."""

    inputs: ClassVar[tuple[str, ...]] = ("vectors", "alignment")
    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    centre: Annotated[
        bool,
        Field(
            description="subtract each sentence's mean vector first: encoders place all words of a "
            "sentence near one another, and only the rest tells them apart"
        ),
    ] = True
    threshold: Annotated[float, Field(ge=0, le=1, description="lower scores count as 0")] = 0.0
    linked_only: Annotated[
        bool,
        Field(description="only candidates whose first and last word are linked to the entity"),
    ] = False

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair; negative cosines count as 0.

        Raises:
            ConfigError: no vectors were given, or with `linked_only` no alignment (code
                missing-stage).
        """
        if vectors is None:
            raise ConfigError("the score emb needs the encoder's vectors", code="missing-stage")
        cosine = np.zeros((len(problem.entities), len(problem.candidates)))
        if not cosine.size:
            return cosine
        starts, ends = bounds(problem.candidates)
        # Of all n-grams only a few are linked; the others need no vector.
        linked = edge_links(problem).candidates if self.linked_only else None
        wanted = np.arange(len(starts)) if linked is None else np.flatnonzero(linked.any(axis=0))
        of_entities = np.array([(entity.start, entity.end) for entity in problem.entities])
        left = self._unit_sums(vectors.source, of_entities[:, 0], of_entities[:, 1])
        right = self._unit_sums(vectors.target, starts[wanted], ends[wanted])
        cosine[:, wanted] = np.maximum(left @ right.T, 0.0)
        if linked is not None:
            cosine[~linked] = 0.0
        cosine[cosine < self.threshold] = 0.0
        return cosine

    def _unit_sums(
        self, side: SubwordVectors, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Sum word vectors over spans and scale to length 1: a sum points where its mean does.

        A span of all words with a vector is nothing but the mean of its sentence: centred, it has
        no direction left, and its sum is 0.
        """
        if not self.centre:
            return _scaled(_sums(side, starts, ends))
        counts = np.zeros(side.words + 1, dtype=np.int64)
        counts[side.word_index + 1] = 1  # a word without a subword has no vector
        np.cumsum(counts, out=counts)
        total = max(int(counts[-1]), 1)
        shares = ((counts[ends] - counts[starts]) / total)[:, None]
        sums = _sums(side, np.concatenate((starts, [0])), np.concatenate((ends, [side.words])))
        return _scaled(np.where(shares < 1, sums[:-1] - shares * sums[-1], 0.0))


def _sums(
    side: SubwordVectors, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum word vectors, each the mean of its subwords, over spans; shape (spans, hidden)."""
    if len(starts) > side.words + 1:  # sums up to each word are fewer, and give all others
        upto = np.arange(side.words + 1)
        sums = _sums(side, np.zeros_like(upto), upto)
        return np.asarray(sums[ends] - sums[starts])
    words = side.word_index
    share = 1.0 / np.bincount(words, minlength=side.words)[words]
    inside = (words >= starts[:, None]) & (words < ends[:, None])
    subwords = side.vectors if side.subword_index is None else side.vectors[side.subword_index]
    return np.asarray((inside * share) @ subwords.astype(np.float64))


def _scaled(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    norms = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
    return np.asarray(sums / np.where(norms == 0, 1.0, norms))


SCORES.register(Emb)
