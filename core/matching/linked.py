"""Counting links over many candidate spans at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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
    return np.asarray(sums[:, ends] - sums[:, starts])


def linked_at_edges(
    inside: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which candidates begin and end with a word linked to the entity.

    Args:
        inside: links of the entity's words, shape (entity words, target words).
        starts: first word of each candidate.
        ends: word after the last of each candidate.

    Returns:
        Shape (candidates,).
    """
    linked = np.asarray(inside.any(axis=0))
    return np.asarray(linked[starts] & linked[ends - 1])
