"""How sure a tagger is that the candidate is an entity of the source entity's class.

Paper: Politov et al. 2025, arXiv:2501.18750 (NER score).
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
class Ner:
    """How sure a tagger is that the candidate is an entity of the same class."""

    inputs: ClassVar[tuple[str, ...]] = ("target_tags",)

    alpha: Annotated[
        float, Field(ge=0.5, le=2, description="above 1 favours longer candidates, for every word")
    ] = 1.15
    threshold: Annotated[float, Field(ge=0, le=1, description="lower scores count as 0")] = 0.05

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair; an entity of a class that the tagger does not know scores 0.

        Raises:
            ConfigError: no target tags were given (code missing-stage).
        """
        tags = require_tags(problem.target_tags, "the score 'ner'")
        result = np.zeros((len(problem.entities), len(problem.candidates)))
        if not result.size:
            return result
        labels = {entity.label for entity in problem.entities}
        rows = {
            label: run_scores(problem, tags, [label], self.alpha, self.threshold)
            for label in labels
        }
        return np.stack([rows[entity.label] for entity in problem.entities])


SCORES.register(Ner)
