"""All spans of up to `max_len` words.

Paper: Politov et al. 2025, arXiv:2501.18750 (n-gram candidates).
Departs: none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

from pydantic import Field

from core.candidates import CANDIDATES
from core.types import Candidate, Problem


@dataclass(frozen=True)
class NGram:
    """Every span of up to `max_len` words."""

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)

    max_len: Annotated[
        int,
        Field(ge=1, le=60, description="longest span in words; more where words are characters"),
    ] = 10
    reduce: Annotated[
        bool,
        Field(
            description="only spans between the leftmost and rightmost word linked to any entity; "
            "loses nothing where all scores come from links"
        ),
    ] = False

    def extract(self, problem: Problem) -> tuple[Candidate, ...]:
        """List the spans, by start and length."""
        first, last = 0, len(problem.target_words)
        if self.reduce:
            linked = _linked_words(problem)
            if not linked:
                return ()
            first, last = min(linked), max(linked) + 1
        return _spans(first, last, self.max_len)


@lru_cache(maxsize=64)  # sentences of one length have the same spans, and most lengths come back
def _spans(first: int, last: int, max_len: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(start, end, ("ngram",))
        for start in range(first, last)
        for end in range(start + 1, min(start + max_len, last) + 1)
    )


def _linked_words(problem: Problem) -> set[int]:
    inside = {word for entity in problem.entities for word in range(entity.start, entity.end)}
    links = problem.alignment.links if problem.alignment else ()
    return {link.target for link in links if link.source in inside}


CANDIDATES.register(NGram)
