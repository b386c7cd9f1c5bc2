"""Counting links over many candidate spans at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.matching.instance import bounds
from core.matching.same import kept_for_same
from core.types import Problem


@dataclass(frozen=True, slots=True)
class EdgeLinks:
    """What is linked to each entity; nobody may write to the arrays.

    Attributes:
        matrix: shape (source words, target words), all links.
        words: shape (entities, target words), True where a word is linked to the entity.
        candidates: shape (entities, candidates), True where a candidate begins and ends with a word
            linked to the entity. Of all n-grams they are few.
    """

    matrix: NDArray[np.bool_]
    words: NDArray[np.bool_]
    candidates: NDArray[np.bool_]


@kept_for_same(1)  # one score of a pair asks after the other
def edge_links(problem: Problem) -> EdgeLinks:
    """Find the candidates that begin and end with a word linked to an entity.

    Raises:
        ConfigError: no alignment was given (code missing-stage).
    """
    if problem.alignment is None:
        raise ConfigError(
            "candidates linked at their edges need an alignment, got none", code="missing-stage"
        )
    matrix = problem.alignment.matrix(len(problem.source_words), len(problem.target_words))
    starts, ends = bounds(problem.candidates)
    words = np.zeros((len(problem.entities), matrix.shape[1]), dtype=np.bool_)
    for row, entity in enumerate(problem.entities):
        matrix[entity.start : entity.end].any(axis=0, out=words[row])
    candidates = words.take(starts, axis=1) & words.take(ends - 1, axis=1)
    for array in (matrix, words, candidates):
        array.flags.writeable = False
    return EdgeLinks(matrix, words, candidates)


def counts_between(
    rows: NDArray[np.bool_] | NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sum every row over [start, end) of every candidate, by prefix sums.

    Args:
        rows: shape (rows, target words).
        starts: first word of each candidate.
        ends: word after the last of each candidate.

    Returns:
        Shape (rows, candidates).
    """
    sums = np.zeros((rows.shape[0], rows.shape[1] + 1), dtype=np.int64)
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    return np.asarray(sums.take(ends, axis=1) - sums.take(starts, axis=1))
