"""Candidate extractors: which target spans an entity may be projected to."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from core.registry import Registry
from core.types import Candidate, Problem


@runtime_checkable
class CandidateExtractor(Protocol):
    """Proposes target spans.

    Laws (tests/contract/test_candidates.py): spans lie inside the target sentence, are distinct and
    sorted by (start, end), carry the extractor's name as origin, and never depend on gold.
    """

    inputs: ClassVar[tuple[str, ...]]
    """What `extract` reads from the problem besides its words: `alignment`, `target_tags`, or
    nothing."""

    def extract(self, problem: Problem) -> tuple[Candidate, ...]:
        """Propose candidates for one pair."""
        ...


CANDIDATES: Registry[CandidateExtractor] = Registry("candidate extractor", "core.candidates")
