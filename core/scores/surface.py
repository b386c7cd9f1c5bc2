"""String similarity of entity and candidate after romanisation, for names kept or respelt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.scores import SCORES
from core.types import EntityByCandidate, PairVectors, Problem


@dataclass(frozen=True)
class Surface:
    """How alike entity and candidate are in spelling."""

    inputs: ClassVar[tuple[str, ...]] = ()
    requires: ClassVar[tuple[str, ...]] = ("rapidfuzz", "anyascii")

    threshold: Annotated[
        float, Field(ge=0, le=1, description="lower similarities count as 0: chance likeness")
    ] = 0.6

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair by normalised edit similarity in [0, 1]."""
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        if not problem.entities or not problem.candidates:
            return np.zeros((len(problem.entities), len(problem.candidates)))
        source = [romanise(word) for word in problem.source_words]
        target = [romanise(word) for word in problem.target_words]
        scores = cdist(
            ["".join(source[entity.start : entity.end]) for entity in problem.entities],
            ["".join(target[c.start : c.end]) for c in problem.candidates],
            scorer=Indel.normalized_similarity,
            score_cutoff=self.threshold,
            dtype=np.float64,
        )
        return np.asarray(scores, dtype=np.float64)


def romanise(word: str) -> str:
    """Return a word in lower-case Latin letters and digits; other signs vanish."""
    from anyascii import anyascii

    return "".join(char for char in anyascii(word).lower() if char.isalnum())


SCORES.register(Surface)
