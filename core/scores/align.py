"""Share of words that the word alignment covers.

Paper: Politov et al. 2025, arXiv:2501.18750: `2 · Σ_{k∈s} Σ_{l∈t} a[k,l] / (|s| + |t|)`.
Departs: `count=words` counts covered words on both sides instead of links, which bounds the score
by 1 where one word has several links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from core.errors import ConfigError
from core.matching.instance import bounds
from core.matching.linked import counts_between
from core.scores import SCORES
from core.types import EntityByCandidate, PairVectors, Problem


@dataclass(frozen=True)
class Align:
    """How much of entity and candidate is linked to each other."""

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)

    count: Annotated[
        Literal["links", "words"],
        Field(description="count links (may exceed 1), or words covered on both sides"),
    ] = "links"

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair from the links.

        Raises:
            ConfigError: no alignment was given (code missing-stage).
        """
        if problem.alignment is None:
            raise ConfigError("the score align needs an alignment, got none", code="missing-stage")
        matrix = problem.alignment.matrix(len(problem.source_words), len(problem.target_words))
        starts, ends = bounds(problem.candidates)
        lengths = ends - starts
        scores = np.zeros((len(problem.entities), len(starts)))
        for row, entity in enumerate(problem.entities):
            inside = matrix[entity.start : entity.end]
            reached = np.asarray(inside.any(axis=0))
            covered = counts_between(reached[None, :], starts, ends)[0]
            if self.count == "links":
                total = 2 * counts_between(inside.sum(axis=0)[None, :], starts, ends)[0]
            else:
                total = covered + (counts_between(inside, starts, ends) > 0).sum(axis=0)
            scores[row] = total / (len(entity) + lengths)
        return scores


SCORES.register(Align)
