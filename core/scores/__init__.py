"""Matching scores: how well a target candidate fits a source entity."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from core.registry import Registry
from core.types import EntityByCandidate, PairVectors, Problem


@runtime_checkable
class Score(Protocol):
    """Scores every entity × candidate pair of one sentence pair; higher is better.

    Laws (tests/contract/test_scores.py): shape (entities, candidates), finite and ≥ 0, and
    permuting the candidates permutes the columns.
    """

    inputs: ClassVar[tuple[str, ...]]
    """What `compute` needs besides words and candidates: `alignment`, `vectors` or nothing."""

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every entity × candidate pair."""
        ...


SCORES: Registry[Score] = Registry("score", "core.scores")
