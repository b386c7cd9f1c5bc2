"""Matching solvers against the published form of the programme, on the same instances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.bench.timing import race
from core.config import RunConfig
from core.matching.exact import solve_exactly
from core.matching.fixed import reduce_problem
from core.matching.instance import Instance, Solution
from core.matching.programme import solve_programme
from core.methods import method
from core.pipeline import Pipeline
from core.types import Problem, SentencePair

# Objectives agree to within what a solver's tolerance lets through.
_TOLERANCE = 1e-6


def bench_match(pairs: Sequence[SentencePair], *, repeats: int) -> dict[str, Any]:
    """Compare solvers on alignment scores over all n-grams of up to ten words.

    Args:
        pairs: sentences with labelled entities.
        repeats: timed runs; the published form is timed once a repeat and takes longest.

    Returns:
        `ratio_pulp`: PuLP + HiGHS with one row a word and pruning against PuLP + HiGHS with one row
        per overlapping pair; `ratio_default`: our default solver against the same;
        `objectives_equal`: whether all three found the same objective on every instance; and the
        seconds behind the ratios.
    """
    instances = _instances(method("ilp"), pairs)
    published = _Solver(
        instances,
        lambda one: solve_programme(
            one, solver="highs", rows="pairs", pruned=False, relax_first=False
        ),
    )
    cliques = _Solver(instances, lambda one: solve_programme(one, solver="highs"))
    default = _Solver(instances, _solve_by_default)
    pulp_race = race(cliques, published, repeats=repeats, warm_up=False)
    default_race = race(default, lambda: None, repeats=repeats)
    published_seconds = min(pulp_race.theirs)
    objectives = np.array([published.objectives, cliques.objectives, default.objectives])
    spread = objectives.max(axis=0) - objectives.min(axis=0)
    return {
        "ratio_pulp": round(pulp_race.ratio, 1),
        "ratio_default": round(published_seconds / min(default_race.ours), 1),
        "objectives_equal": bool((spread < _TOLERANCE).all()),
        "instances": len(instances),
        "repeats": repeats,
        "seconds_pairs": round(published_seconds, 3),
        "seconds_pulp": round(min(pulp_race.ours), 3),
        "seconds_default": round(min(default_race.ours), 3),
    }


def _solve_by_default(instance: Instance) -> Solution:
    return solve_exactly(instance) or solve_programme(instance, solver="highs")


class _Solver:
    """Solves all instances when called and remembers the objectives."""

    def __init__(
        self, instances: Sequence[Instance], solve: Callable[[Instance], Solution]
    ) -> None:
        self.instances = instances
        self.solve = solve
        self.objectives: list[float] = []

    def __call__(self) -> None:
        self.objectives = [
            float(sum(instance.scores[pair] for pair in self.solve(instance).chosen))
            for instance in self.instances
        ]


def _instances(config: RunConfig, pairs: Sequence[SentencePair]) -> list[Instance]:
    """Build the instances of every pair that has an entity."""
    labelled = [pair for pair in pairs if pair.source.spans]
    instances = []
    for projection in Pipeline.from_config(config).run(labelled):
        problem = Problem(
            entities=projection.pair.source.spans,
            source_words=projection.pair.source.words,
            target_words=projection.pair.target.words,
            candidates=projection.trace.candidates,
            scores=projection.trace.scores,
        )
        instances.append(reduce_problem(problem, capacity=1, sense="at_most").instance)
    return instances
