"""String similarity of entity and candidate after romanisation, for names kept or respelt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.scores import SCORES
from core.types import Candidate, EntityByCandidate, PairVectors, Problem, Span


@dataclass(frozen=True)
class Surface:
    """How alike entity and candidate are in spelling."""

    inputs: ClassVar[tuple[str, ...]] = ()
    requires: ClassVar[tuple[str, ...]] = ("rapidfuzz", "anyascii")

    threshold: Annotated[
        float, Field(ge=0, le=1, description="lower similarities count as 0: chance likeness")
    ] = 0.6

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair by normalised edit similarity in [0, 1].

        What has no letter or digit is like nothing. A candidate that begins or ends with such a
        word scores 0 unless the entity does too, else punctuation beside a name would cost nothing.
        """
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        if not problem.entities or not problem.candidates:
            return np.zeros((len(problem.entities), len(problem.candidates)))
        source = [romanise(word) for word in problem.source_words]
        target = [romanise(word) for word in problem.target_words]
        entities = _Romanised.of(source, problem.entities)
        candidates = _Romanised.of(target, problem.candidates)
        scores = cdist(
            entities.texts,
            candidates.texts,
            scorer=Indel.normalized_similarity,
            score_cutoff=self.threshold,
            dtype=np.float64,
        )
        return np.where(entities.allow(candidates), scores, 0.0)


@dataclass(frozen=True)
class _Romanised:
    """Spans in Latin letters, and which of them begin or end with a word that has none."""

    texts: list[str]
    bare_first: NDArray[np.bool_]
    bare_last: NDArray[np.bool_]

    @classmethod
    def of(cls, words: Sequence[str], spans: Sequence[Span | Candidate]) -> _Romanised:
        return cls(
            ["".join(words[span.start : span.end]) for span in spans],
            np.array([not words[span.start] for span in spans]),
            np.array([not words[span.end - 1] for span in spans]),
        )

    def allow(self, others: _Romanised) -> NDArray[np.bool_]:
        """Tell which others may be alike. Shape: (own, others)."""
        has_text = np.array([bool(text) for text in self.texts])
        return (
            has_text[:, None]
            & (self.bare_first[:, None] | ~others.bare_first)
            & (self.bare_last[:, None] | ~others.bare_last)
        )


def romanise(word: str) -> str:
    """Return a word in lower-case Latin letters and digits; other signs vanish."""
    from anyascii import anyascii

    return "".join(char for char in anyascii(word).lower() if char.isalnum())


SCORES.register(Surface)
