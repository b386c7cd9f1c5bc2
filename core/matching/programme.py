"""The matching as an integer programme, built with PuLP and solved by HiGHS or CBC.

Paper: Politov et al. 2025, arXiv:2501.18750, section 3 (the programme).
Departs: disjointness is one row a target word (the maximal cliques of an interval graph) where the
paper writes one row per overlapping pair; demands that cannot be met are relaxed by a penalised
slack instead of failing the sentence; the linear relaxation is tried first and kept if integral.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.errors import BackendError
from core.matching.instance import Instance, Solution, prune

if TYPE_CHECKING:
    import pulp

Solver = Literal["highs", "cbc"]
Rows = Literal["words", "pairs"]

_INTEGRAL = 1e-6  # how near to 0 or 1 a relaxed variable must be to count as integral
# Solvers stop at absolute tolerances near 1e-7; scaled up, the tie bonus stays above them.
_SCALE = 1e4
_LEAST_SECONDS = 0.01  # solvers read a limit of 0 as none


@dataclass(slots=True)
class _Model:
    problem: pulp.LpProblem
    variables: dict[tuple[int, int], pulp.LpVariable]
    slacks: dict[int, pulp.LpVariable]


def available_solvers() -> tuple[Solver, ...]:
    """List the solvers that can run here, best first."""
    import pulp

    solvers: list[Solver] = []
    if pulp.HiGHS(msg=False).available():
        solvers.append("highs")
    if pulp.PULP_CBC_CMD(msg=False).available():
        solvers.append("cbc")
    return tuple(solvers)


def solve_programme(
    instance: Instance,
    *,
    solver: Solver,
    time_limit_seconds: float | None = None,
    rows: Rows = "words",
    pruned: bool = True,
    relax_first: bool = True,
) -> Solution:
    """Solve an instance as an integer programme.

    Args:
        instance: scores with the tie bonus already added.
        solver: `highs` (in process) or `cbc` (a process of its own, about 20 ms to start).
        time_limit_seconds: stop then and return the best solution found; the relaxation gets half
            of it at most.
        rows: `words` for one row a word, `pairs` for one row per overlapping pair (the published
            form; a reference for tests and benchmarks).
        pruned: drop dominated candidates first; changes nothing but the time.
        relax_first: try the linear relaxation first.

    Returns:
        `optimal`, `feasible` if the time ran out, or `relaxed` if `exactly`/`at_least` could not be
        met by every entity (`missing` says by how much).

    Raises:
        BackendError: the solver is missing (code missing-package) or failed (solver-failed).
    """
    scores = np.where(instance.capacity[:, None] > 0, instance.scores, 0.0)
    if pruned:
        scores = prune(scores, instance.starts, instance.ends)
    if not (scores > 0).any():
        return _finish(instance, (), optimal=True)
    begun, left = time.monotonic(), time_limit_seconds
    if relax_first:
        half = None if left is None else left / 2
        chosen = _try_relaxation(instance, scores, solver, half, rows)
        if chosen is not None:
            return _finish(instance, chosen, optimal=True)
    model = _build(instance, scores, rows, integer=True)
    if time_limit_seconds is not None:
        left = max(time_limit_seconds - (time.monotonic() - begun), _LEAST_SECONDS)
    optimal = _run(model.problem, solver, left, integer=True)
    if optimal is None:
        raise BackendError(
            f"{solver} found no solution within the time limit",
            code="solver-failed",
            hint="raise projector.time_limit or choose the projector 'greedy'",
        )
    return _finish(instance, _chosen(model), optimal=optimal)


def _try_relaxation(
    instance: Instance,
    scores: np.ndarray,
    solver: Solver,
    time_limit_seconds: float | None,
    rows: Rows,
) -> tuple[tuple[int, int], ...] | None:
    model = _build(instance, scores, rows, integer=False)
    if not _run(model.problem, solver, time_limit_seconds, integer=False):
        return None
    values = np.array([variable.value() for variable in model.variables.values()])
    if (np.minimum(np.abs(values), np.abs(1 - values)) > _INTEGRAL).any():
        return None
    return _chosen(model)


def _chosen(model: _Model) -> tuple[tuple[int, int], ...]:
    # Solvers return 0.9999…; exact comparison with 1 would lose entities.
    return tuple(sorted(key for key, x in model.variables.items() if (x.value() or 0) > 0.5))


def _finish(instance: Instance, chosen: tuple[tuple[int, int], ...], *, optimal: bool) -> Solution:
    counts = np.bincount([row for row, _ in chosen], minlength=len(instance.capacity))
    missing = np.maximum(instance.capacity - counts, 0)
    if instance.sense == "at_most":
        missing = np.zeros_like(missing)
    if optimal and missing.any():
        return Solution(chosen, "relaxed", tuple(missing.tolist()))
    return Solution(chosen, "optimal" if optimal else "feasible", tuple(missing.tolist()))


def _build(instance: Instance, scores: np.ndarray, rows: Rows, *, integer: bool) -> _Model:
    import pulp

    category = "Binary" if integer else "Continuous"
    problem = pulp.LpProblem("matching", pulp.LpMaximize)
    variables = {
        (int(s), int(t)): problem.add_variable(f"x_{s}_{t}", 0, 1, cat=category)
        for s, t in zip(*np.nonzero(scores > 0), strict=True)
    }
    slacks: dict[int, pulp.LpVariable] = {}
    if instance.sense != "at_most":
        slacks = {
            s: problem.add_variable(f"slack_{s}", 0, int(n))
            for s, n in enumerate(instance.capacity)
        }
    # One missing span must cost more than all spans together can give: each needs a word.
    penalty = 1.0 + float(scores.max()) * int(instance.ends.max())
    problem += pulp.LpAffineExpression(
        [(x, _SCALE * float(scores[key])) for key, x in variables.items()]
        + [(slack, -_SCALE * penalty) for slack in slacks.values()]
    )
    _add_capacities(problem, instance, variables, slacks)
    add_rows = _add_word_rows if rows == "words" else _add_pair_rows
    add_rows(problem, instance, variables)
    return _Model(problem, variables, slacks)


def _add_capacities(
    problem: pulp.LpProblem,
    instance: Instance,
    variables: dict[tuple[int, int], pulp.LpVariable],
    slacks: dict[int, pulp.LpVariable],
) -> None:
    import pulp

    of_entity: dict[int, list[pulp.LpVariable]] = {}
    for (s, _), x in variables.items():
        of_entity.setdefault(s, []).append(x)
    sign = {
        "at_most": pulp.LpConstraintLE,
        "exactly": pulp.LpConstraintEQ,
        "at_least": pulp.LpConstraintGE,
    }[instance.sense]
    for s, n in enumerate(instance.capacity):
        terms = [(x, 1) for x in of_entity.get(s, ())]
        if s in slacks:
            terms.append((slacks[s], 1))
        if terms:
            problem += pulp.LpConstraint(pulp.LpAffineExpression(terms), sign, rhs=int(n))


def _add_word_rows(
    problem: pulp.LpProblem,
    instance: Instance,
    variables: dict[tuple[int, int], pulp.LpVariable],
) -> None:
    import pulp

    of_word: dict[int, list[pulp.LpVariable]] = {}
    for (_, t), x in variables.items():
        for word in range(instance.starts[t], instance.ends[t]):
            of_word.setdefault(word, []).append(x)
    for members in of_word.values():
        if len(members) > 1:
            row = pulp.LpAffineExpression([(x, 1) for x in members])
            problem += pulp.LpConstraint(row, pulp.LpConstraintLE, rhs=1)


def _add_pair_rows(
    problem: pulp.LpProblem,
    instance: Instance,
    variables: dict[tuple[int, int], pulp.LpVariable],
) -> None:
    import pulp

    keys = sorted(variables, key=lambda key: (instance.starts[key[1]], instance.ends[key[1]]))
    for i, first in enumerate(keys):
        for second in keys[i + 1 :]:
            if instance.starts[second[1]] >= instance.ends[first[1]]:
                break
            row = pulp.LpAffineExpression([(variables[first], 1), (variables[second], 1)])
            problem += pulp.LpConstraint(row, pulp.LpConstraintLE, rhs=1)


def _run(
    problem: pulp.LpProblem, solver: Solver, time_limit_seconds: float | None, *, integer: bool
) -> bool | None:
    """Solve; return whether the solution is proven optimal, None if there is no solution."""
    import pulp

    engine = (
        pulp.HiGHS(msg=False, mip=integer, timeLimit=time_limit_seconds, gapRel=0, threads=1)
        if solver == "highs"
        else pulp.PULP_CBC_CMD(
            msg=False, mip=integer, timeLimit=time_limit_seconds, gapRel=0, threads=1
        )
    )
    if not engine.available():
        package = "highspy" if solver == "highs" else "pulp==3.3.2"
        raise BackendError(
            f"the solver {solver!r} is not installed",
            code="missing-package",
            hint=f"pip install {package}",
        )
    try:
        problem.solve(engine)
    except pulp.PulpSolverError as error:
        raise BackendError(f"{solver} failed: {error}", code="solver-failed") from error
    # On a time limit the status may say optimal; only sol_status tells a proven optimum apart.
    if problem.sol_status == pulp.LpSolutionOptimal:
        return True
    return False if problem.sol_status == pulp.LpSolutionIntegerFeasible else None
