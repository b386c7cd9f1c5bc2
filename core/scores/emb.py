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
        # As exact as the vectors are; what a product has beyond that depends on the cores.
        cosine[:, wanted] = np.maximum(left @ right.T, 0.0).astype(np.float32)
        if linked is not None:
            cosine *= linked
        if self.threshold:
            cosine[cosine < self.threshold] = 0.0
        return cosine

    def _unit_sums(
        self, side: SubwordVectors, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Sum word vectors over spans and scale to length 1: a sum points where its mean does.

        A span of all words with a vector is nothing but the mean of its sentence: centred, it has
        no direction left, and its sum is 0.
        """
        sums, whole = _sums(side, starts, ends)
        if self.centre:
            counts = np.zeros(side.words + 1, dtype=np.int64)
            counts[side.word_index + 1] = 1  # a word without a subword has no vector
            np.cumsum(counts, out=counts)
            shares = (counts[ends] - counts[starts]) / max(int(counts[-1]), 1)
            sums -= shares[:, None] * whole
            sums[shares == 1] = 0.0
        norms = np.sqrt(np.einsum("ij,ij->i", sums, sums))
        norms[norms == 0] = 1.0
        sums /= norms[:, None]
        return sums


def _sums(
    side: SubwordVectors, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum word vectors, each the mean of its subwords, over spans and over all words.

    No matrix product: its last bits depend on how many cores share it.

    Returns:
        Shape (spans, hidden), and (hidden,).
    """
    words = side.word_index  # ascending, so that a span is a stretch of memberships
    share = (1.0 / np.bincount(words, minlength=side.words)[words]).astype(np.float32)
    subwords = side.vectors if side.subword_index is None else side.vectors[side.subword_index]
    parts = (subwords * share[:, None]).astype(np.float64)
    first, last = words.searchsorted(starts), words.searchsorted(ends)
    if len(starts) > len(words):
        upto = np.zeros((len(words) + 1, parts.shape[1]))
        np.cumsum(parts, axis=0, out=upto[1:])
        return upto[last] - upto[first], upto[-1]
    sums = np.zeros((len(starts), parts.shape[1]))
    for begin, end, out in zip(first.tolist(), last.tolist(), sums, strict=True):
        np.add.reduce(parts[begin:end], axis=0, out=out)
    return sums, parts.sum(axis=0)


SCORES.register(Emb)
