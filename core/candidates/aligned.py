"""Runs of words linked to an entity, and their sub-spans.

Paper: García-Ferrero et al. 2022, arXiv:2210.12623, section 3 (the runs).
Departs: the runs become candidates for the matching instead of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.candidates import CANDIDATES
from core.errors import ConfigError
from core.matching.runs import entity_runs
from core.types import Candidate, Problem


@dataclass(frozen=True)
class Aligned:
    """Spans that the links point at."""

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)

    merge_distance: Annotated[
        int, Field(ge=0, le=20, description="bridge gaps of up to this many unlinked words")
    ] = 1
    sub_spans: Annotated[bool, Field(description="also every span inside a run")] = True

    def extract(self, problem: Problem) -> tuple[Candidate, ...]:
        """List the runs of every entity, with and without bridged gaps.

        Raises:
            ConfigError: no alignment was given (code missing-stage).
        """
        if problem.alignment is None:
            raise ConfigError(
                "the candidates 'aligned' need an alignment, got none", code="missing-stage"
            )
        spans: set[tuple[int, int]] = set()
        for entity in problem.entities:
            for distance in range(self.merge_distance + 1):
                for run in entity_runs(problem, entity, distance):
                    spans.update(_inside(run) if self.sub_spans else [run])
        return tuple(Candidate(start, end, ("aligned",)) for start, end in sorted(spans))


def _inside(run: tuple[int, int]) -> list[tuple[int, int]]:
    first, last = run
    return [(start, end) for start in range(first, last) for end in range(start + 1, last + 1)]


CANDIDATES.register(Aligned)
