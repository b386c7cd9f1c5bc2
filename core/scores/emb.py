"""Cosine of the mean contextual vectors of entity and candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.errors import ConfigError
from core.matching.instance import bounds
from core.matching.linked import linked_at_edges
from core.scores import SCORES
from core.types import EntityByCandidate, PairVectors, Problem


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
            ConfigError: no vectors were given (code missing-stage).
        """
        if vectors is None:
            raise ConfigError("the score emb needs the encoder's vectors", code="missing-stage")
        if not problem.entities or not problem.candidates:
            return np.zeros((len(problem.entities), len(problem.candidates)))
        source, target = vectors.source.word_vectors(), vectors.target.word_vectors()
        if self.centre:
            source, target = _centred(source), _centred(target)
        starts, ends = bounds(problem.candidates)
        # Of all n-grams only a few are linked; the others need no vector.
        linked = _linked(problem, starts, ends) if self.linked_only else None
        wanted = np.arange(len(starts)) if linked is None else np.flatnonzero(linked.any(axis=0))
        left = _unit_sums(
            source,
            np.array([entity.start for entity in problem.entities]),
            np.array([entity.end for entity in problem.entities]),
        )
        cosine = np.zeros((len(problem.entities), len(starts)))
        right = _unit_sums(target, starts[wanted], ends[wanted])
        cosine[:, wanted] = np.maximum(left @ right.T, 0.0)
        if linked is not None:
            cosine = np.where(linked, cosine, 0.0)
        return np.where(cosine < self.threshold, 0.0, cosine)


def _centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Subtract the mean of the words that have a vector; the others have none afterwards either."""
    has_vector = (vectors != 0).any(axis=1)
    if has_vector.all():
        return np.asarray(vectors - vectors.mean(axis=0))
    if not has_vector.any():
        return vectors
    return np.where(has_vector[:, None], vectors - vectors[has_vector].mean(axis=0), 0)


def _linked(
    problem: Problem, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell for every pair whether the candidate's first and last word are linked to the entity."""
    if problem.alignment is None:
        raise ConfigError("emb.linked_only needs an alignment, got none", code="missing-stage")
    matrix = problem.alignment.matrix(len(problem.source_words), len(problem.target_words))
    return np.array(
        [linked_at_edges(matrix[e.start : e.end], starts, ends) for e in problem.entities]
    )


def _unit_sums(
    words: NDArray[np.float32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum word vectors over spans and scale to length 1: the direction of a sum is its mean's."""
    sums = np.zeros((len(words) + 1, words.shape[1]))
    for index, word in enumerate(words):  # numpy's cumsum walks down each column: slower by half
        np.add(sums[index], word, out=sums[index + 1])
    spans = sums[ends] - sums[starts]
    norms = np.linalg.norm(spans, axis=1, keepdims=True)
    return np.asarray(spans / np.where(norms == 0, 1.0, norms))


SCORES.register(Emb)
