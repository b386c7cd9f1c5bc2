"""Greedy matching: take the best remaining pair until none is left.

Paper: Politov et al. 2025, arXiv:2501.18750 (greedy approximation of the programme).
Departs: ties are decided by the rule all our projectors share (longer, then leftmost), not by the
order in which candidates were listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.matching.decisions import explain_matching, objective
from core.matching.fixed import reduce_problem
from core.matching.instance import Instance
from core.projectors import PROJECTORS
from core.types import Matching, Problem


@dataclass(frozen=True)
class Greedy:
    """Takes the highest score first; never takes back what it took."""

    inputs: ClassVar[tuple[str, ...]] = ("scores",)

    n: Annotated[int, Field(ge=1, le=20, description="most spans an entity may get")] = 1
    min_score: Annotated[
        float, Field(ge=0, description="pairs with a lower total score are not matched")
    ] = 0.0

    def project(self, problem: Problem) -> Matching:
        """Decide by descending score."""
        reduced = reduce_problem(
            problem, capacity=self.n, sense="at_most", min_score=self.min_score
        )
        chosen = tuple(sorted((*reduced.pinned, *take_best(reduced.instance))))
        return Matching(
            decisions=explain_matching(problem, reduced, chosen),
            candidates=problem.candidates,
            status="heuristic",
            objective=objective(problem, chosen),
        )


def take_best(instance: Instance) -> list[tuple[int, int]]:
    """Take the best pair, drop what overlaps it and entities that are full, repeat."""
    scores = np.where(instance.capacity[:, None] > 0, instance.scores, 0.0)
    left = instance.capacity.copy()
    chosen = []
    while scores.size and scores.max() > 0:
        row, column = (int(i) for i in np.unravel_index(scores.argmax(), scores.shape))
        chosen.append((row, column))
        start, end = instance.starts[column], instance.ends[column]
        scores[:, (instance.starts < end) & (instance.ends > start)] = 0.0
        left[row] -= 1
        if left[row] == 0:
            scores[row] = 0.0
    return chosen


PROJECTORS.register(Greedy)
