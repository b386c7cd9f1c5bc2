"""Spans that a multilingual tagger finds in the target sentence.

Paper: Politov et al. 2025, arXiv:2501.18750 (NER candidates).
Departs: sub-spans and loose runs can be added, for taggers that miss or overreach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.candidates import CANDIDATES
from core.text.tagging import decode, require_tags
from core.types import Candidate, Problem, WordTags


@dataclass(frozen=True)
class Ner:
    """Spans that a tagger finds in the target, whatever their class."""

    inputs: ClassVar[tuple[str, ...]] = ("target_tags",)

    sub_spans: Annotated[bool, Field(description="also every span inside one that was found")] = (
        False
    )
    loose: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            description="above 0: also runs of words that are in an entity with more than this "
            "probability",
        ),
    ] = 0.0

    def extract(self, problem: Problem) -> tuple[Candidate, ...]:
        """List the spans, by start and end.

        Raises:
            ConfigError: no target tags were given (code missing-stage).
        """
        tags = require_tags(problem.target_tags, "the candidate extractor 'ner'")
        spans = {(span.start, span.end) for span in decode(tags)}
        if self.loose > 0:
            spans.update(_loose_runs(tags, self.loose))
        if self.sub_spans:
            spans = {
                (start, end)
                for first, last in spans
                for start in range(first, last)
                for end in range(start + 1, last + 1)
            }
        return tuple(Candidate(start, end, ("ner",)) for start, end in sorted(spans))


def _loose_runs(tags: WordTags, least: float) -> list[tuple[int, int]]:
    """List the maximal runs of words whose probability of not being O exceeds `least`."""
    inside = 1.0 - tags.probabilities[:, tags.tags.index("O")] > least
    steps = np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


CANDIDATES.register(Ner)
