"""How sure a tagger is that the candidate is an entity of any class.

Paper: Politov et al. 2025, arXiv:2501.18750 (NER score without the class).
Departs: none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.scores import SCORES
from core.scores._tag_runs import run_scores
from core.text.tagging import require_tags
from core.types import EntityByCandidate, PairVectors, Problem


@dataclass(frozen=True)
class NerSpan:
    """How sure a tagger is that the candidate is an entity, whatever its class."""

    inputs: ClassVar[tuple[str, ...]] = ("target_tags",)

    alpha: Annotated[
        float, Field(ge=0.5, le=2, description="above 1 favours longer candidates, for every word")
    ] = 1.15
    threshold: Annotated[float, Field(ge=0, le=1, description="lower scores count as 0")] = 0.05

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair; all entities get the same row.

        Raises:
            ConfigError: no target tags were given (code missing-stage).
        """
        tags = require_tags(problem.target_tags, "the score 'ner_span'")
        shape = len(problem.entities), len(problem.candidates)
        if 0 in shape:
            return np.zeros(shape)
        row = run_scores(problem, tags, tags.classes, self.alpha, self.threshold)
        return np.tile(row, (shape[0], 1))


SCORES.register(NerSpan)
