"""What a tagger thinks of whole candidates, from its word probabilities.

Paper: Politov et al. 2025, arXiv:2501.18750 (NER score).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.matching.instance import bounds
from core.types import Problem, WordTags


def run_scores(
    problem: Problem, tags: WordTags, labels: Iterable[str], alpha: float, threshold: float
) -> NDArray[np.float64]:
    """Score every candidate as one entity of any of these classes.

    `α^(|t|-1) · (p[first word, B] + Σ_later words p[·, I]) / |t|`, with p summed over the classes.

    Args:
        problem: has at least one candidate.
        tags: probabilities of its target words.
        labels: classes; one the tagger does not know adds nothing.
        alpha: favours longer candidates above 1.
        threshold: lower scores become 0.

    Returns:
        Shape (candidates,), finite and ≥ 0.
    """
    wanted = set(labels)
    first = _sum_of(tags, {f"B-{label}" for label in wanted})
    later = _sum_of(tags, {f"I-{label}" for label in wanted})
    sums = np.concatenate([[0.0], np.cumsum(later)])
    starts, ends = bounds(problem.candidates)
    lengths = ends - starts
    mass = first[starts] + sums[ends] - sums[starts + 1]
    scores = np.maximum(alpha ** (lengths - 1.0) * mass / lengths, 0.0)
    return np.where(scores < threshold, 0.0, scores)


def _sum_of(tags: WordTags, names: set[str]) -> NDArray[np.float64]:
    columns = [index for index, tag in enumerate(tags.tags) if tag in names]
    return np.asarray(tags.probabilities[:, columns].sum(axis=1, dtype=np.float64))
