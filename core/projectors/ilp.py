"""Optimal matching of entities and candidates by integer linear programming.

Paper: Politov et al. 2025, arXiv:2501.18750, section 3.
Departs: one constraint row a target word instead of one per overlapping pair; a fixed rule decides
ties; for at most one span an entity an exact special solver answers first, with the same optimum;
`exactly` and `at_least` are met as far as there is room, and each entity that falls short is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.errors import BackendError
from core.matching.decisions import explain_matching, objective
from core.matching.exact import solve_exactly
from core.matching.fixed import reduce_problem
from core.matching.instance import Instance, Solution
from core.matching.programme import available_solvers, solve_programme
from core.projectors import PROJECTORS
from core.types import Matching, Problem


@dataclass(frozen=True)
class Ilp:
    """Chooses the set of spans with the highest total score."""

    inputs: ClassVar[tuple[str, ...]] = ("scores",)
    requires: ClassVar[tuple[str, ...]] = ("pulp",)

    solver: Annotated[
        Literal["auto", "highs", "cbc"],
        Field(description="auto: the exact special solver, else HiGHS, else CBC"),
    ] = "auto"
    n: Annotated[int, Field(ge=1, le=20, description="spans an entity gets")] = 1
    sense: Annotated[
        Literal["at_most", "exactly", "at_least"],
        Field(description="whether n is a limit, a demand or a minimum"),
    ] = "at_most"
    min_score: Annotated[
        float, Field(ge=0, description="pairs with a lower total score are not matched")
    ] = 0.0
    time_limit: Annotated[
        float | None,
        Field(gt=0, description="seconds a sentence may take; then the best solution so far"),
    ] = None
    strict: Annotated[bool, Field(description="fail a sentence whose demands cannot be met")] = (
        False
    )

    def project(self, problem: Problem) -> Matching:
        """Solve the matching of one pair.

        Raises:
            BackendError: no solver (missing-package), one that failed (solver-failed), or with
                `strict` a demand that cannot be met (infeasible).
        """
        if not (problem.entities or problem.pins or problem.bans):
            return Matching((), problem.candidates, "optimal", 0.0)  # most sentences of a corpus
        reduced = reduce_problem(
            problem, capacity=self.n, sense=self.sense, min_score=self.min_score
        )
        solution = self._solve(reduced.instance)
        messages = tuple(self._shortfalls(problem, solution))
        if messages and self.strict:
            raise BackendError(
                "; ".join(messages), code="infeasible", hint="set projector.strict=false"
            )
        if solution.status == "feasible":
            messages += ("time limit reached: not proven optimal",)
        chosen = tuple(sorted((*reduced.pinned, *solution.chosen)))
        return Matching(
            decisions=explain_matching(problem, reduced, chosen),
            candidates=problem.candidates,
            status=solution.status,
            objective=objective(problem, chosen),
            messages=messages,
        )

    def _solve(self, instance: Instance) -> Solution:
        if self.solver == "auto":
            solution = solve_exactly(instance)
            if solution is not None:
                return solution
            solvers = available_solvers()
            if not solvers:
                raise BackendError(
                    "an integer programme needs HiGHS or CBC, got neither",
                    code="missing-package",
                    hint="pip install highspy",
                )
            solver = solvers[0]
        else:
            solver = self.solver
        return solve_programme(instance, solver=solver, time_limit_seconds=self.time_limit)

    def _shortfalls(self, problem: Problem, solution: Solution) -> list[str]:
        demand = "exactly" if self.sense == "exactly" else "at least"
        return [
            f"entity {index} ({' '.join(problem.source_words[entity.start : entity.end])}) must get"
            f" {demand} {self.n} spans, got {self.n - missing}: no more candidates with a positive "
            "score have free words"
            for index, (entity, missing) in enumerate(
                zip(problem.entities, solution.missing, strict=False)
            )
            if missing
        ]


PROJECTORS.register(Ilp)
